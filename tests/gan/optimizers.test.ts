/** Proves that each optimizer is its published algorithm, against float64 loops, with ramps, decay and the average. */
import { describe, expect, it } from 'vitest';
import type { OptimizerConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout, stateLayout } from '../../services/gan/layout.ts';
import { scheduledAt } from '../../services/gan/scheduledValue.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, tinyConfig } from './configs.ts';

type OptimizerInput = RunConfigInput['optimizer']['generator'];
const OPTIMIZERS: Record<string, OptimizerInput> = {
  sgd: { type: 'sgd', learningRate: 0.2 },
  'decayed sgd with a floor': { type: 'sgd', learningRate: 0.2, decay: 1.5, learningRateFloor: 0.05 },
  momentum: { type: 'sgd', learningRate: 0.1, momentum: { initial: 0.5, final: 0.9, saturateEpoch: 3 } },
  adam: { type: 'adam', learningRate: 0.05, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
  'adam with schedules': {
    type: 'adam',
    learningRate: { type: 'cosine', from: 0.05, to: 0.01, overUpdates: 6, warmUpUpdates: 3 },
    beta1: 0,
    beta2: { type: 'cosine', from: 0.5, to: 0.95, overUpdates: 9 },
    epsilon: 1e-3,
  },
  'sgd with an exponential schedule': {
    type: 'sgd',
    learningRate: { type: 'exponential', from: 0.2, to: 0.05, overUpdates: 7 },
  },
};
const PHASES = 12;
const HALF_LIFE = 20;

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    it.each(Object.entries(OPTIMIZERS))('%s', async (_name, optimizer) => {
      await tf.setBackend(backend.kind);
      const config = tinyConfig({
        schedule: { type: 'simultaneous' },
        optimizer: { generator: optimizer, discriminator: optimizer },
        ema: { halfLifeSamples: HALF_LIFE },
      });
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      const start = initialState(config, SAMPLE_SIZE);
      replica.load(start);
      const layout = gradientLayout(config, SAMPLE_SIZE, ['generator', 'discriminator']);
      const reference = createReference(
        config.optimizer.generator,
        Float64Array.from(start.subarray(0, layout.statisticsOffset)),
      );
      const generatorEnd = gradientLayout(config, SAMPLE_SIZE, ['generator']).statisticsOffset;
      const average = Float64Array.from(start.subarray(0, generatorEnd));

      for (let phase = 0; phase < PHASES; phase += 1) {
        const plan = planPhase(config, DATASET_SIZE, phase);
        // Canonical order is G, D; the phase's flat gradient is D, G.
        const sums = Float32Array.from(
          { length: layout.statisticsOffset },
          (_, i) => Math.sin(i * 3 + phase) * plan.sampleCount,
        );
        const flat = new Float32Array(layout.length);
        flat.set(sums.subarray(generatorEnd), 0);
        flat.set(sums.subarray(0, generatorEnd), layout.statisticsOffset - generatorEnd);
        const { norms } = replica.apply(plan, flat, true);
        const means = Float64Array.from(sums, (value) => value / plan.sampleCount);
        expect(norms.generator).toBeCloseTo(Math.hypot(...means.subarray(0, generatorEnd)), 4);
        expect(norms.discriminator).toBeCloseTo(Math.hypot(...means.subarray(generatorEnd)), 4);
        reference.update(means, phase, plan.epoch);
        const beta = 0.5 ** (plan.sampleCount / HALF_LIFE);
        average.forEach((value, i) => {
          average[i] = beta * value + (1 - beta) * must(reference.weights[i], 'weight');
        });
      }
      const state = replica.save();
      expect(distance(state.subarray(0, layout.statisticsOffset), reference.weights)).toBeLessThan(3e-6);
      const ema = must(
        stateLayout(config, SAMPLE_SIZE).find(({ name }) => name.endsWith('/ema')),
        'ema',
      );
      expect(distance(state.subarray(ema.offset), average)).toBeLessThan(3e-6);
      replica.dispose();
    });
  });
}

/** The textbook loops; of the other optimizers PyTorch is the reference, in torchOptimizers.test.ts. */
function createReference(optimizer: OptimizerConfig, weights: Float64Array) {
  if (optimizer.type !== 'sgd' && optimizer.type !== 'adam') throw new Error(`no loop for ${optimizer.type}`);
  const first = new Float64Array(weights.length);
  const second = new Float64Array(weights.length);
  /** What v lacks of an average's weight. */
  let weight2 = 1;
  const update = (gradient: Float64Array, updatesBefore: number, epoch: number) => {
    const rate = scheduledAt(optimizer.learningRate, updatesBefore);
    const beta2 = optimizer.type === 'adam' ? scheduledAt(optimizer.beta2, updatesBefore) : 0;
    weight2 *= beta2;
    for (const [i, g] of gradient.entries()) {
      const w = must(weights[i], 'weight');
      if (optimizer.type === 'adam') {
        const t = updatesBefore + 1;
        first[i] = optimizer.beta1 * must(first[i], 'm') + (1 - optimizer.beta1) * g;
        second[i] = beta2 * must(second[i], 'v') + (1 - beta2) * g * g;
        const m = must(first[i], 'm') / (1 - optimizer.beta1 ** t);
        const v = must(second[i], 'v') / (1 - weight2);
        weights[i] = w - (rate * m) / (Math.sqrt(v) + optimizer.epsilon);
        continue;
      }
      const floored = Math.max(rate / optimizer.decay ** updatesBefore, optimizer.learningRateFloor);
      const ramp = optimizer.momentum;
      const momentum =
        ramp === undefined
          ? 0
          : ramp.initial + (ramp.final - ramp.initial) * Math.min(epoch / (ramp.saturateEpoch - 1), 1);
      first[i] = momentum * must(first[i], 'v') - floored * g;
      weights[i] = w + must(first[i], 'v');
    }
  };
  return { weights, update };
}

function distance(actual: Float32Array, expected: Float64Array): number {
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - must(actual[i], 'value'))), 0);
}
