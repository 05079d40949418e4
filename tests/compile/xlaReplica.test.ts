/**
 * Proves that XLA's gradients are those of op by op but for rounding, and that they are the same for every replica: one that
 * was there from the first phase on, one that takes over a state in the middle, and the shards of both in one sum. What XLA
 * computes otherwise is refused.
 */
import { describe, expect, it } from 'vitest';
import type { Binding } from '../../services/compile/seam.ts';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout } from '../../services/gan/layout.ts';
import type { Replica } from '../../services/gan/replica.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { shardRange } from '../../services/plan/shards.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someRows, tinyConfig } from '../gan/configs.ts';
import { CASES } from './cases.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf, seam, counts } = await startTensorflow();
const SHARDS = 2;
const PHASES = 8;
/** Its first phase computes what others have verified twice. */
const JOINS_AT = 5;

function replicaOf(config: RunConfig): Replica {
  const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: 'tensorflow' });
  replica.load(initialState(config, SAMPLE_SIZE));
  return replica;
}

describe.each([
  'maxout and dropout, minimax',
  'convolutions',
  'classes and penalties',
  'spectral normalisation and minibatch standard deviation',
] as const)('%s', (name) => {
  it('has the gradients of op by op but for rounding, and one set of bits for all replicas', () => {
    const before = counts();
    const input: Partial<RunConfigInput> = CASES[name];
    const config = tinyConfig({ ...input, compile: 'xla' }, SHARDS);
    const [first, opByOp] = [replicaOf(config), replicaOf({ ...config, compile: 'off' })];
    let joined: Replica | undefined;
    let differing = 0;
    for (let phase = 0; phase < PHASES; phase += 1) {
      if (phase === JOINS_AT) {
        joined = replicaOf(config);
        joined.load(first.save());
      }
      const plan = planPhase(config, DATASET_SIZE, phase);
      const { length, statisticsOffset } = gradientLayout(config, SAMPLE_SIZE, plan.updates);
      const gradientsOf = (replica: Replica) =>
        Array.from({ length: SHARDS }, (_, shard) => {
          const { count } = shardRange(plan.sampleCount, SHARDS, shard);
          const samples = plan.minibatch === undefined ? undefined : someRows(config, count, phase + shard);
          const flat = new Float32Array(length);
          replica.gradient({ plan, shard, samples }, flat);
          if (!plan.updates.includes('generator')) {
            replica.prepare({ plan: planPhase(config, DATASET_SIZE, phase + 1), shard });
          }
          return flat;
        });
      opByOp.load(first.save());
      const [own, wanted] = [gradientsOf(first), gradientsOf(opByOp)];
      for (const [shard, flat] of own.entries()) {
        const expected = wanted[shard]?.subarray(0, statisticsOffset) ?? flat;
        const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        for (const [index, value] of expected.entries()) {
          expect(Math.abs((flat[index] ?? 0) - value)).toBeLessThanOrEqual(1e-3 * largest);
          if (flat[index] !== value) differing += 1;
        }
      }
      if (joined !== undefined) expect(gradientsOf(joined)).toEqual(own);
      const sum = own.reduce((a, b) => a.map((value, index) => value + (b[index] ?? 0)));
      for (const replica of [first, ...(joined ? [joined] : [])]) replica.apply(plan, sum, false);
    }
    expect(differing).toBeGreaterThan(0);
    expect(joined?.weightsSha256()).toBe(first.weightsSha256());
    expect(first.compileCounts().fellBack).toBe(0);
    for (const replica of [first, opByOp, joined]) replica?.dispose();
    expect(counts()).toEqual(before);
  });
});

it('is refused where XLA has another function: its tangent of a maximum pool', () => {
  const name = 'pooling, upsampling, padding, maxout of channels, elu and softplus';
  const config = tinyConfig({ ...CASES[name], compile: 'xla' });
  const replica = replicaOf(config);
  const plan = planPhase(config, DATASET_SIZE, 0);
  const batch = { plan, shard: 0, samples: someRows(config, plan.sampleCount) };
  expect(() => replica.step(batch, false)).toThrow(
    /^XLA cannot compute "discriminator, of discriminator, penalised, 8 samples": its MaxPoolGradGrad takes for equal /,
  );
  replica.dispose();
});

it('tells what goes wrong while fakes are made ahead once more where they are needed', () => {
  const config = tinyConfig({ compile: 'xla' });
  const [replica, undisturbed] = [replicaOf(config), replicaOf(config)];
  const { binding } = seam;
  const refusing: PropertyDescriptor = {
    value: (...call: Parameters<Binding['executeOp']>) => {
      if (call[0].startsWith('ganglion_')) throw new Error('out of memory');
      return binding.executeOp(...call);
    },
  };
  const plan = planPhase(config, DATASET_SIZE, 0);
  const samples = someRows(config, plan.sampleCount);
  const gradientBy = (one: Replica) => {
    const flat = new Float32Array(gradientLayout(config, SAMPLE_SIZE, plan.updates).length);
    one.gradient({ plan, shard: 0, samples }, flat);
    return flat;
  };
  seam.binding = Object.create(binding, { executeOp: refusing }) as Binding;
  try {
    const why = 'XLA cannot compute "fakes, 8 samples": out of memory.';
    expect(() => replica.prepare({ plan, shard: 0 })).toThrow(why);
    expect(() => gradientBy(replica)).toThrow(why);
  } finally {
    seam.binding = binding;
  }
  expect(gradientBy(replica)).toEqual(gradientBy(undisturbed));
  for (const one of [replica, undisturbed]) one.dispose();
});
