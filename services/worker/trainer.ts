/**
 * One worker's part in one generation of a run: shard → gradient → reduce → apply → report, phase after phase, without
 * asking the coordinator. It stops at a phase boundary when the generation ends.
 */
import type { Collective, PartialSum } from '../collective/collective.ts';
import { ownedSubtrees, type Subtree, sumSubtree } from '../collective/tree.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { Assignment } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { gradientLayout } from '../gan/layout.ts';
import { type PhasePlan, planPhase } from '../plan/phasePlan.ts';
import { shardRange } from '../plan/shards.ts';
import type { Statistics } from '../report/statistics.ts';
import { dueAfter, wantsStatistics } from './cadence.ts';
import type { ComputeThread } from './compute/computeThread.ts';
import type { Norms } from './compute/protocol.ts';
import type { Minibatches } from './minibatches.ts';
import type { PhaseTimer } from './phaseTimer.ts';
import { meansOf } from './statisticsTail.ts';

export type Activity = 'compute' | 'exchange' | 'wait' | 'apply' | 'report';

export interface TrainerPorts {
  readonly compute: ComputeThread;
  readonly collective: Collective;
  readonly minibatches: Minibatches;
  readonly timer: PhaseTimer;
  /** Says what the worker does now, for its heartbeats. */
  doing(activity: Activity): void;
  /** `applied` phases are applied now. */
  committed(applied: number): void;
  report(phase: number, statistics: Statistics, weightsSha256: string): void;
  /** Rank 0 only: keeps a picture, or the state. Resolves when training may go on. */
  snapshot(applied: number): Promise<void>;
  checkpoint(applied: number): Promise<void>;
}

export interface Trainer {
  readonly config: RunConfig;
  readonly assignment: Assignment;
  readonly shards: readonly number[];
}

/** Trains from the assignment's phase to the last. Throws `aborted` at the phase boundary where the generation ends. */
export async function train(trainer: Trainer, ports: TrainerPorts, signal: AbortSignal): Promise<void> {
  const { config, assignment } = trainer;
  const leader = assignment.rank === 0;
  const buffers = allocate(trainer);
  let statistics: Statistics = {};
  if (leader && assignment.phase === 0) await ports.snapshot(0);
  for (let phase = assignment.phase; phase < assignment.totalPhases; phase++) {
    if (signal.aborted) throw stopped(phase);
    const plan = planPhase(config, assignment.datasetSize, phase);
    const applied = phase + 1;
    const due = dueAfter(config, applied, assignment.totalPhases);
    const wanted = wantsStatistics(config, applied, assignment.totalPhases);
    statistics = { ...statistics, ...(await runPhase(trainer, ports, buffers, plan, wanted)) };
    ports.committed(applied);
    ports.timer.phaseDone();
    if (due.report) {
      ports.doing('report');
      ports.report(phase, statistics, due.hash ? await ports.compute.call('weightsSha256', {}) : '');
      statistics = {};
    }
    if (leader && due.snapshot) await ports.snapshot(applied);
    if (leader && due.checkpoint) await ports.checkpoint(applied);
  }
}

interface Buffers {
  readonly subtrees: readonly Subtree[];
  /** The flat gradient of each owned shard, by shard, shared with the compute thread. */
  readonly flats: ReadonlyMap<number, Float32Array>;
  readonly sum: Float32Array;
}

function allocate({ config, assignment, shards }: Trainer): Buffers {
  const length = gradientLayout(config, assignment.sampleBytes, ['discriminator', 'generator']).length;
  const shared = () => new Float32Array(new SharedArrayBuffer(length * 4));
  return {
    subtrees: ownedSubtrees(config.shards, shards),
    flats: new Map(shards.map((shard) => [shard, shared()])),
    sum: shared(),
  };
}

async function runPhase(
  trainer: Trainer,
  ports: TrainerPorts,
  buffers: Buffers,
  plan: PhasePlan,
  wantStatistics: boolean,
): Promise<Statistics> {
  const { config, assignment, shards } = trainer;
  const { compute, timer } = ports;
  let rows: Uint8Array | undefined;
  if (plan.minibatch !== undefined) {
    ports.doing('wait');
    rows = await timer.time('wait', ports.minibatches.take(plan.phase));
  }
  ports.doing('compute');
  if (config.shards === 1 && assignment.members.length === 1) {
    // The one shard of a lone worker never leaves the device: the same bits as below, without two copies.
    const stepped = await timer.time('compute', compute.call('step', { plan, samples: rows, wantStatistics }));
    return stepped.statistics ? meansOf(stepped.statistics, plan, stepped.norms) : {};
  }
  const layout = gradientLayout(config, assignment.sampleBytes, plan.updates);
  const cut = (buffer: Float32Array) => buffer.subarray(0, layout.length);
  let offset = 0;
  for (const shard of shards) {
    const bytes = shardRange(plan.sampleCount, config.shards, shard).count * assignment.sampleBytes;
    const samples = rows?.subarray(offset, offset + bytes);
    offset += bytes;
    const flat = cut(must(buffers.flats.get(shard), 'gradient buffer'));
    await timer.time('compute', compute.call('gradient', { plan, shard, samples, flat }));
  }
  ports.doing('exchange');
  const parts: PartialSum[] = buffers.subtrees.map((subtree) => ({
    subtree,
    values: sumSubtree(subtree, (shard) => cut(must(buffers.flats.get(shard), 'gradient buffer'))),
  }));
  const sum = cut(buffers.sum);
  timer.exchanged(await timer.time('exchange', ports.collective.reduce(plan.phase, parts, sum)));
  ports.doing('apply');
  // From here to the end of the phase nothing may stop us: the mean is everybody's.
  const norms: Norms = await timer.time('apply', compute.call('apply', { plan, sum, wantNorms: wantStatistics }));
  return wantStatistics ? meansOf(sum.subarray(layout.statisticsOffset), plan, norms) : {};
}

function stopped(phase: number): GanglionError {
  return new GanglionError({
    code: 'aborted',
    message: `Training stopped at phase ${phase}.`,
    remedy: 'The worker joins the next generation by itself.',
  });
}
