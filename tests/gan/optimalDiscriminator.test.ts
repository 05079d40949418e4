/**
 * Proves Proposition 1 and Theorem 1 of Goodfellow et al. 2014 on our own update of D: against a fixed G on a finite space, a D
 * that can be any function of it (a table: one weight a point) comes to D*(x) = p_data(x) / (p_data(x) + p_g(x)), and V there
 * to −log 4 + 2·JSD(p_data, p_g). With one-sided label smoothing s it comes to (1 − s)·p_data / (p_data + p_g) instead
 * (Salimans et al. 2016, section 3.4). Tolerance: 0.03 in D and 0.005 in V, since G's minibatches are random.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { stateLayout } from '../../services/gan/layout.ts';
import { sigmoid } from '../../services/gan/objective.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { testBackends } from './backends.ts';
import { tinyConfig } from './configs.ts';

const UPDATES = 300;
/** Samples for each unit of a point's weight: all of them are in each minibatch, so that p_data is exact. */
const SAMPLES_A_UNIT = 50;
/** So steep that G's hidden units are 0 or 1 for all but one latent in 10⁵. */
const STEEPNESS = 1e6;

/** Unnormalised probabilities of 2 to 5 points, of the data and of G. */
const games = fc.integer({ min: 2, max: 5 }).chain((points) => {
  const weights = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: points, maxLength: points });
  return fc.record({ data: weights, generated: weights, labelSmoothing: fc.constantFrom(0, 0, 0.2) });
});

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    it('D comes to p_data / (p_data + p_g), and V to −log 4 + 2·JSD', { timeout: 60_000 }, async () => {
      await tf.setBackend(backend.kind);
      fc.assert(
        fc.property(games, ({ data, generated, labelSmoothing }) => {
          const [pData, pGenerated] = [probabilities(data), probabilities(generated)];
          const table = trainedTable(data, pGenerated, labelSmoothing);
          const optimal = pData.map((p, x) => ((1 - labelSmoothing) * p) / (p + at(pGenerated, x)));
          for (const [x, logit] of table.entries()) {
            expect(Math.abs(sigmoid(logit) - at(optimal, x))).toBeLessThan(0.03);
          }
          if (labelSmoothing > 0) return;
          const value = table.reduce(
            (sum, logit, x) =>
              sum + at(pData, x) * Math.log(sigmoid(logit)) + at(pGenerated, x) * Math.log(sigmoid(-logit)),
            0,
          );
          expect(Math.abs(value - (-Math.log(4) + 2 * jensenShannon(pData, pGenerated)))).toBeLessThan(0.005);
        }),
        { numRuns: 4, seed: 2014 },
      );
    });

    /** D's logit of each point, after training against a G that stays. */
    function trainedTable(data: readonly number[], pGenerated: readonly number[], labelSmoothing: number): number[] {
      const points = data.length;
      const bytes = Uint8Array.from(
        data.flatMap((weight, x) => Array.from({ length: weight * SAMPLES_A_UNIT }, () => oneHot(x, points)).flat()),
      );
      const batchSize = bytes.length / points;
      const config = tinyConfig({
        latent: { size: 1, distribution: 'uniform' },
        generator: {
          layers: [
            { type: 'dense', units: points - 1, activation: 'sigmoid' },
            { type: 'dense', units: points },
          ],
        },
        discriminator: { layers: [{ type: 'dense', units: 1 }] },
        objective: { labelSmoothing },
        schedule: { type: 'alternating', discriminatorSteps: 1000 },
        optimizer: {
          generator: { type: 'sgd', learningRate: 1 },
          discriminator: { type: 'sgd', learningRate: { type: 'cosine', from: 1.5, to: 0.01, overUpdates: UPDATES } },
        },
        batchSize,
      });
      const replica = createReplica({ config, sampleSize: points, tf, kind: backend.kind });
      const state = initialState(config, points);
      const layout = stateLayout(config, points);
      const set = (name: string, values: readonly number[]) => {
        const spec = must(
          layout.find((one) => one.name === name),
          name,
        );
        expect(values.length).toBe(spec.length);
        state.set(values, spec.offset);
        return spec;
      };
      const thresholds = steps(pGenerated);
      set(
        'generator.0.weight',
        thresholds.map(() => STEEPNESS),
      );
      set(
        'generator.0.bias',
        thresholds.map((threshold) => -STEEPNESS * threshold),
      );
      // Hidden unit i says whether the latent is beyond threshold i: point x is where that changes between x − 1 and x.
      set(
        'generator.1.weight',
        thresholds.flatMap((_, i) => Array.from({ length: points }, (__, x) => (x === i ? -1 : x === i + 1 ? 1 : 0))),
      );
      set(
        'generator.1.bias',
        oneHot(0, points).map((byte) => byte / 255),
      );
      replica.load(state);
      for (let phase = 0; phase < UPDATES; phase += 1) {
        const plan = planPhase(config, batchSize, phase);
        expect(plan.updates).toEqual(['discriminator']);
        replica.step({ plan, shard: 0, samples: bytes }, false);
      }
      const trained = replica.save();
      replica.dispose();
      const { offset } = must(
        layout.find((one) => one.name === 'discriminator.0.weight'),
        'weight',
      );
      const bias = at(Array.from(trained), offset + points);
      return Array.from(trained.subarray(offset, offset + points), (weight) => weight + bias);
    }
  });
}

/** Where a latent uniform in (−√3, √3) goes from one point to the next. */
function steps(probability: readonly number[]): number[] {
  let below = 0;
  return probability.slice(0, -1).map((p) => {
    below += p;
    return Math.sqrt(3) * (2 * below - 1);
  });
}

function oneHot(point: number, points: number): number[] {
  return Array.from({ length: points }, (_, x) => (x === point ? 255 : 0));
}

function probabilities(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const divergence = (a: readonly number[]) =>
    a.reduce((sum, value, x) => sum + value * Math.log((2 * value) / (at(p, x) + at(q, x))), 0);
  return (divergence(p) + divergence(q)) / 2;
}

function at(values: readonly number[], index: number): number {
  return must(values[index], 'value');
}
