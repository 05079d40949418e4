/**
 * Proves that each optimizer gives the weights, slots and averages that PyTorch's gives in float64 for the same gradients, with
 * clipping, schedules and bounds on columns, and that the edges of clips and bounds hold. The numbers are torchOptimizers.py's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NetworkName, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout, ofNetwork, stateLayout } from '../../services/gan/layout.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, tinyConfig } from './configs.ts';

interface Trained {
  readonly shapes: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly ema?: readonly number[];
  readonly exp_avg?: readonly number[];
  readonly exp_avg_sq?: readonly number[];
  readonly square_avg?: readonly number[];
}

type Case = { readonly name: string; readonly config: Partial<RunConfigInput> } & {
  readonly [Network in NetworkName]: Trained;
};

const { cases, phases } = JSON.parse(readFileSync(join(import.meta.dirname, 'torchOptimizers.json'), 'utf8')) as {
  readonly cases: readonly Case[];
  readonly phases: number;
};
const NETWORKS = ['generator', 'discriminator'] as const;
/** What PyTorch calls our tensors, by the end of their names. */
const TENSORS = {
  weights: ['.weight', '.bias'],
  ema: ['/ema'],
  exp_avg: ['/adam_m'],
  exp_avg_sq: ['/adam_v'],
  square_avg: ['/mean_square'],
} as const;

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    it.each(cases)('$name', async ({ config: input, ...expected }) => {
      await tf.setBackend(backend.kind);
      const config = tinyConfig({ ...input, schedule: { type: 'simultaneous' } });
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      const state = initialState(config, SAMPLE_SIZE);
      const layout = stateLayout(config, SAMPLE_SIZE);
      const slices = gradientLayout(config, SAMPLE_SIZE, ['discriminator', 'generator']).slices;
      for (const network of NETWORKS) {
        const own = ofNetwork(slices, network);
        expect(own.map(({ shape }) => shape)).toEqual(expected[network].shapes);
        for (const [index, { name, length }] of own.entries()) {
          for (const wanted of [name, `${name}/ema`]) {
            const offset = layout.find((spec) => spec.name === wanted)?.offset;
            if (offset !== undefined) state.set(values(length, index), offset);
          }
        }
      }
      replica.load(state);

      for (let phase = 0; phase < phases; phase += 1) {
        const plan = planPhase(config, DATASET_SIZE, phase);
        const flat = new Float32Array(gradientLayout(config, SAMPLE_SIZE, plan.updates).length);
        for (const network of NETWORKS) {
          for (const [index, { offset, length }] of ofNetwork(slices, network).entries()) {
            flat.set(
              values(length, 100 + 10 * phase + index).map((value) => value * plan.sampleCount),
              offset,
            );
          }
        }
        expect(replica.apply(plan, flat, false)).toEqual({ norms: {}, nonFinite: undefined });
      }
      const saved = replica.save();
      for (const network of NETWORKS) {
        for (const [kind, ends] of Object.entries(TENSORS)) {
          const wanted = expected[network][kind as keyof typeof TENSORS];
          if (wanted === undefined) continue;
          const own = ofNetwork(layout, network).filter(({ name }) => ends.some((end) => name.endsWith(end)));
          const found = own.flatMap(({ offset, length }) => [...saved.subarray(offset, offset + length)]);
          expect(distance(found, wanted), `${kind} of the ${network}`).toBeLessThan(3e-6);
        }
      }
      replica.dispose();
    });

    it('leaves columns within their bound as they are, and a column of zeros at zero', async () => {
      await tf.setBackend(backend.kind);
      const still = { type: 'sgd', learningRate: 1e-30 } as const;
      const config = tinyConfig({
        generator: { layers: [{ type: 'dense', units: SAMPLE_SIZE, maxColumnNorm: 1 }] },
        optimizer: { generator: still, discriminator: still },
        schedule: { type: 'simultaneous' },
      });
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      const state = initialState(config, SAMPLE_SIZE);
      // [3, 6]: a column each of norm 0, below 1, 1, 2, 1e-30 and 1e15; biases have no bound.
      const columns = [
        [0, 0, 0],
        [0.5, -0.3, 0.1],
        [1, 0, 0],
        [0, -2, 0],
        [1e-30, 0, 0],
        [3e15, 0, 4e15],
      ];
      const weight = (all: readonly (readonly number[])[]) =>
        [0, 1, 2].flatMap((row) => all.map((one) => one[row] ?? 0));
      state.set([...weight(columns), 7, 7, 7, 7, 7, 7]);
      replica.load(state);
      const plan = planPhase(config, DATASET_SIZE, 0);
      replica.apply(plan, new Float32Array(gradientLayout(config, SAMPLE_SIZE, plan.updates).length), false);
      const limited = columns.map((column, index) => (index === 3 ? [0, -1, 0] : index === 5 ? [0.6, 0, 0.8] : column));
      const found = replica.save();
      expect(distance([...found.subarray(0, 18)], weight(limited))).toBeLessThan(1e-7);
      expect(found.subarray(0, 18).filter((_, i) => ![3, 5].includes(i % 6))).toEqual(
        Float32Array.from(weight(limited).filter((_, i) => ![3, 5].includes(i % 6))),
      );
      expect([...found.subarray(18, 24)]).toEqual([7, 7, 7, 7, 7, 7]);
      replica.dispose();
    });

    it('clips a gradient whose squares overflow to the norm that was asked for', async () => {
      await tf.setBackend(backend.kind);
      const clipped = { type: 'sgd', learningRate: 1, clipNorm: 2 } as const;
      const config = tinyConfig({
        optimizer: { generator: clipped, discriminator: clipped },
        schedule: { type: 'simultaneous' },
      });
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      const state = initialState(config, SAMPLE_SIZE).fill(0);
      replica.load(state);
      const plan = planPhase(config, DATASET_SIZE, 0);
      const { slices, length } = gradientLayout(config, SAMPLE_SIZE, plan.updates);
      const flat = new Float32Array(length);
      flat.fill(
        1e30,
        0,
        ofNetwork(slices, 'discriminator').reduce((sum, spec) => sum + spec.length, 0),
      );
      const { norms } = replica.apply(plan, flat, true);
      const count = 33;
      expect((norms.discriminator ?? 0) / 1e30).toBeCloseTo(Math.sqrt(count) / plan.sampleCount, 6);
      const weights = replica.save().subarray(56, 56 + count);
      for (const weight of weights) expect(weight).toBeCloseTo(-2 / Math.sqrt(count), 6);
      replica.dispose();
    });
  });
}

/** In ±1, as the script makes them. */
function values(length: number, salt: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * 7919 + salt * 104_729 + 17) % 1009) / 504.5 - 1);
}

function distance(found: readonly number[], wanted: readonly number[]): number {
  expect(found.length).toBe(wanted.length);
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - must(found[i], 'value'))), 0);
}
