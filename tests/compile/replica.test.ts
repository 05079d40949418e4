/**
 * Proves that compiling changes no bit: a replica that compiles and one that does not give the same flat gradients, statistics,
 * norms and states, phase by phase, for every layer, objective, schedule and optimizer there is, short minibatches and
 * uneven shards included; that their shards add up in one run; and that sessions and tensors are released.
 */
import { describe, expect, it } from 'vitest';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout } from '../../services/gan/layout.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { shardRange } from '../../services/plan/shards.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someRows, tinyConfig } from '../gan/configs.ts';
import { CASES } from './cases.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf, counts } = await startTensorflow();

/** 23 samples: minibatches of 8, 8 and 7. Enough of them for the third of a kind, which is the first that is replayed. */
const PHASES = 28;

describe.each(Object.entries<Partial<RunConfigInput>>(CASES))('%s', (_name, input) => {
  it.each([1, 3])('has the same bits compiled and not, in %i shards', (shards) => {
    const before = counts();
    const [compiled, eager] = (['auto', 'off'] as const).map((compile) =>
      begin(tinyConfig({ ...input, compile }, shards)),
    );
    if (compiled === undefined || eager === undefined) throw new Error('two replicas');
    const { config } = compiled;
    for (let phase = 0; phase < PHASES; phase += 1) {
      const plan = planPhase(config, DATASET_SIZE, phase);
      const { length } = gradientLayout(config, SAMPLE_SIZE, plan.updates);
      const sum = new Float32Array(length);
      for (let shard = 0; shard < shards; shard += 1) {
        const { count } = shardRange(plan.sampleCount, shards, shard);
        const samples = plan.minibatch === undefined ? undefined : someRows(config, count, phase + shard);
        const flats = [compiled, eager].map(({ replica }) => {
          const flat = new Float32Array(length);
          replica.gradient({ plan, shard, samples }, flat);
          // What a worker does while D's gradients travel.
          if (!plan.updates.includes('generator')) {
            replica.prepare({ plan: planPhase(config, DATASET_SIZE, phase + 1), shard });
          }
          return flat;
        });
        expect(flats[0]).toEqual(flats[1]);
        // Each shard from another replica, as in a run where one worker compiles and another does not.
        for (const [index, value] of (flats[(phase + shard) % 2] ?? []).entries())
          sum[index] = (sum[index] ?? 0) + value;
      }
      expect(compiled.replica.apply(plan, sum, true)).toEqual(eager.replica.apply(plan, sum, true));
      expect(compiled.replica.weightsSha256()).toBe(eager.replica.weightsSha256());
    }
    expect(compiled.replica.save()).toEqual(eager.replica.save());
    expect(compiled.fallbacks).toEqual([]);
    expect(compiled.replica.compileCounts().compiled).toBe(computations(config));
    expect(eager.replica.compileCounts()).toEqual({ compiled: 0, fellBack: 0 });
    for (const { replica } of [compiled, eager]) replica.dispose();
    expect(counts()).toEqual(before);
  });

  it('has the same bits where the gradient stays on the device', () => {
    const [compiled, eager] = (['auto', 'off'] as const).map((compile) => begin(tinyConfig({ ...input, compile })));
    if (compiled === undefined || eager === undefined) throw new Error('two replicas');
    let alive: ReturnType<typeof counts> | undefined;
    for (let phase = 0; phase < PHASES; phase += 1) {
      const plan = planPhase(compiled.config, DATASET_SIZE, phase);
      const samples = plan.minibatch === undefined ? undefined : someRows(compiled.config, plan.sampleCount, phase);
      const batch = { plan, shard: 0, samples };
      expect(compiled.replica.step(batch, true)).toEqual(eager.replica.step(batch, true));
      if (compiled.replica.compileCounts().compiled === computations(compiled.config)) {
        alive ??= counts();
        expect(counts()).toEqual(alive);
      }
    }
    expect(alive).toBeDefined();
    expect(compiled.replica.save()).toEqual(eager.replica.save());
    for (const { replica } of [compiled, eager]) replica.dispose();
  });
});

function begin(config: RunConfig) {
  const fallbacks: string[] = [];
  const fellBack = (computation: string, why: string) => fallbacks.push(`${computation}: ${why}`);
  const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: 'tensorflow', fellBack });
  replica.load(initialState(config, SAMPLE_SIZE));
  return { config, replica, fallbacks };
}

/** How many stages times shard sizes the first `PHASES` phases have, with the updates and the totals of their gradients. */
function computations(config: RunConfig): number {
  const seen = new Set<string>();
  for (let phase = 0; phase < PHASES; phase += 1) {
    const { updates, sampleCount, updatesBefore } = planPhase(config, DATASET_SIZE, phase);
    const { interval } = config.objective.penalty ?? {};
    const isPenalised = interval !== undefined && updatesBefore.discriminator % interval === 0;
    for (let shard = 0; shard < config.shards; shard += 1) {
      const { count } = shardRange(sampleCount, config.shards, shard);
      const stages = updates.map((network) => `${network} of ${updates} ${network === 'discriminator' && isPenalised}`);
      for (const stage of ['fakes', ...stages]) seen.add(`${stage} ${count}`);
    }
    for (const network of updates) seen.add(`update of ${network}`);
    seen.add(`totals of ${updates}`);
  }
  return seen.size;
}
