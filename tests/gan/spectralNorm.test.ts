/**
 * Proves that spectral normalisation divides by what the paper says: u begins at W's largest singular vector, follows W while D is
 * trained, and stands still while G is.
 */
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { stateLayout } from '../../services/gan/layout.ts';
import { iteratePower } from '../../services/gan/powerIteration.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someSamples, tinyConfig } from './configs.ts';

const UNITS = 5;
const config = tinyConfig({
  discriminator: {
    layers: [
      { type: 'dense', units: UNITS, spectralNorm: true, activation: 'leaky-relu' },
      { type: 'dense', units: 1, spectralNorm: true },
    ],
  },
  schedule: { type: 'alternating', discriminatorSteps: 2 },
  optimizer: {
    generator: { type: 'sgd', learningRate: 0.1 },
    discriminator: { type: 'sgd', learningRate: 0.02 },
  },
});

describe('the power iteration', () => {
  it('finds the singular vector of a known matrix', () => {
    // A rotation by 30° of singular values 3 and 1, whose right vectors are (.6, .8) and (−.8, .6).
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const rows = [
      [3 * 0.6, 3 * 0.8],
      [-0.8, 0.6],
    ];
    const at = (row: number, column: number) => must(rows[row]?.[column], 'value');
    const zeros = new Float32Array(4);
    const matrix = new Float32Array(4);
    for (const column of [0, 1]) {
      matrix[column] = c * at(0, column) - s * at(1, column);
      matrix[2 + column] = s * at(0, column) + c * at(1, column);
    }
    const u = Float32Array.of(1, -0.2);
    iteratePower(matrix, u, 30);
    expect(Math.abs(u[0] ?? 0)).toBeCloseTo(0.6, 6);
    expect(Math.abs(u[1] ?? 0)).toBeCloseTo(0.8, 6);
    iteratePower(zeros, u, 3);
    expect(u.every(Number.isFinite)).toBe(true);
  });
});

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    it('holds u at the largest singular vector while D is trained, and still while G is', async () => {
      await tf.setBackend(backend.kind);
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      replica.load(initialState(config, SAMPLE_SIZE));
      const alive = replica.tensorCount();
      const read = () => tensors(config, replica.save());
      const moved = { discriminator: 0, generator: 0 };
      for (let phase = 0; phase < 60; phase += 1) {
        const before = read();
        const plan = planPhase(config, DATASET_SIZE, phase);
        const samples = plan.minibatch === undefined ? undefined : someSamples(plan.sampleCount, phase % 3);
        replica.step({ plan, shard: 0, samples }, false);
        const after = read();
        const u = (of: ReturnType<typeof read>) => must(of.get('discriminator.0.spectral_u'), 'u');
        if (u(before).join() !== u(after).join()) moved[must(plan.updates[0], 'network')] += 1;
        const w = must(after.get('discriminator.0.weight'), 'weight');
        const largest = singularValue(w);
        expect(norm(product(w, u(after))) / largest).toBeGreaterThan(0.98);
        expect(norm(u(after))).toBeCloseTo(1, 5);
      }
      expect(moved.generator).toBe(0);
      expect(moved.discriminator).toBeGreaterThan(30);
      expect(replica.tensorCount()).toBe(alive);
      replica.dispose();
    });
  });
}

function tensors(of: RunConfig, state: Float32Array): Map<string, Float32Array> {
  return new Map(
    stateLayout(of, SAMPLE_SIZE).map(({ name, offset, length }) => [name, state.slice(offset, offset + length)]),
  );
}

/** By very many steps of the iteration, from two vectors that cannot both be at a right angle. */
function singularValue(w: Float32Array): number {
  const starts = [Float32Array.of(1, 1, 1, 1, 1), Float32Array.of(1, -1, 0.5, 0, 0.3)];
  const found = starts.map((u) => {
    iteratePower(w, u, 500);
    return norm(product(w, u));
  });
  return Math.max(...found);
}

function product(w: Float32Array, u: Float32Array): number[] {
  return Array.from({ length: w.length / UNITS }, (_, row) =>
    u.reduce((sum, value, column) => sum + value * must(w[row * UNITS + column], 'w'), 0),
  );
}

function norm(values: Iterable<number>): number {
  return Math.hypot(...values);
}
