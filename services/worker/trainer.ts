/**
 * One worker's part in one generation of a run: shard → gradient → reduce → apply → report, phase after phase, without
 * asking the coordinator. It ends at a phase boundary.
 */
import type { GradientExchange } from '../compression/gradientExchange.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { Assignment } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { exchangesSums } from '../gan/exchangedSums.ts';
import { allFinite } from '../gan/finite.ts';
import { type GradientLayout, gradientLayout } from '../gan/layout.ts';
import { paysLazyPenalty } from '../gan/penaltyTerms.ts';
import type { Applied } from '../gan/replica.ts';
import { type PhasePlan, planPhase } from '../plan/phasePlan.ts';
import type { Statistics } from '../report/statistics.ts';
import { dueAfter, wantsStatistics } from './cadence.ts';
import type { Compute } from './compute/protocol.ts';
import type { Minibatches } from './minibatches.ts';
import type { PhaseTimer } from './phaseTimer.ts';
import { shardGradients } from './shardGradients.ts';
import { meansOf } from './statisticsTail.ts';

export type Activity = 'compute' | 'exchange' | 'wait' | 'apply' | 'report';

export interface TrainerPorts {
  readonly compute: Compute;
  readonly exchange: GradientExchange;
  readonly minibatches: Pick<Minibatches, 'take'>;
  readonly timer: PhaseTimer;
  /** Says what the worker does now, for its heartbeats. */
  doing(activity: Activity): void;
  /** Whether this worker was asked to stop at a phase boundary: the sum tells all members, so that they stop at the same. */
  stopAsked(): boolean;
  /** A phase begins; the next one, or the end of training, ends it. */
  begins(plan: PhasePlan): void;
  /** `applied` phases are applied now. */
  committed(applied: number): void;
  report(phase: number, statistics: Statistics, weightsSha256: string): void;
  /** The mean gradient of a phase is not finite, in this tensor and from these of the own shards. */
  nonFinite(phase: number, tensor: string, shards: readonly number[], skipped: boolean): void;
  /** Rank 0 only: keeps a picture, or the state. Resolves when training may go on. */
  snapshot(applied: number): Promise<void>;
  checkpoint(applied: number): Promise<void>;
}

export interface Trainer {
  readonly config: RunConfig;
  readonly assignment: Assignment;
  readonly shards: readonly number[];
  /** Makes a vector that threads can share. */
  allocate(count: number): Float32Array;
}

/** How training ended, always at a phase boundary: all is done, somebody was asked to stop, or a gradient was not finite. */
export type Ending = 'finished' | 'stopped' | 'nonFinite';

/** Trains from the assignment's phase on. Throws `aborted` where the generation ends before a phase is whole. */
export async function train(trainer: Trainer, ports: TrainerPorts, signal: AbortSignal): Promise<Ending> {
  const { config, assignment } = trainer;
  const { totalPhases } = assignment;
  const leader = assignment.rank === 0;
  const buffers = buffersOf(trainer);
  let statistics: Statistics = {};
  if (leader && assignment.phase === 0) await ports.snapshot(0);
  for (let phase = assignment.phase; phase < totalPhases; phase++) {
    if (signal.aborted) throw stopped(phase);
    const plan = planPhase(config, assignment.datasetSize, phase);
    ports.begins(plan);
    const applied = phase + 1;
    const due = dueAfter(config, applied, totalPhases);
    const wanted = wantsStatistics(config, applied, totalPhases) || paysLazyPenalty(config.objective, plan);
    const done = await runPhase(trainer, ports, buffers, plan, wanted);
    if (done.nonFinite !== undefined) {
      const skipped = config.onNonFinite === 'skip-phase';
      const bad = await badShards(trainer, ports, buffers, plan, done.rows);
      // The state before this phase is what the run stops with: it must be whole to be stored.
      if (!skipped) await gather(ports, phase);
      ports.nonFinite(phase, done.nonFinite, bad, skipped);
      if (!skipped) return 'nonFinite';
    }
    statistics = { ...statistics, ...done.statistics };
    ports.committed(applied);
    if (done.nonFinite === undefined) ports.exchange.commit(plan.updates);
    failpoint('worker.afterApply');
    ports.timer.phaseDone();
    if (due.report) {
      ports.doing('report');
      if (leader && config.ema !== undefined) {
        statistics = { ...statistics, emaGap: await ports.compute.call('averageGap', {}) };
      }
      ports.report(phase, statistics, due.hash ? await ports.compute.call('weightsSha256', {}) : '');
      statistics = {};
      failpoint('worker.afterReport');
    }
    // Where the state must be whole: for the checkpoint, and for whoever takes over these shards.
    if (due.checkpoint || done.stop) await gather(ports, phase);
    if (leader && due.snapshot) await ports.snapshot(applied);
    if (leader && due.checkpoint) await ports.checkpoint(applied);
    if (done.stop && applied < totalPhases) return 'stopped';
  }
  return 'finished';
}

async function gather({ exchange, doing }: TrainerPorts, phase: number): Promise<void> {
  doing('exchange');
  await exchange.gather(phase);
  doing('report');
}

interface Buffers {
  /** The flat gradient of each owned shard, by shard, shared with the compute thread. */
  readonly flats: ReadonlyMap<number, Float32Array>;
  readonly sum: Float32Array;
}

function buffersOf({ config, assignment, shards, allocate }: Trainer): Buffers {
  const length = gradientLayout(config, assignment.sampleSize, ['discriminator', 'generator']).length;
  return {
    flats: new Map(shards.map((shard) => [shard, allocate(length)])),
    sum: allocate(length),
  };
}

interface Done {
  readonly statistics: Statistics;
  readonly nonFinite: string | undefined;
  readonly stop: boolean;
  readonly rows: Uint8Array | undefined;
}

async function runPhase(
  trainer: Trainer,
  ports: TrainerPorts,
  buffers: Buffers,
  plan: PhasePlan,
  wantStatistics: boolean,
): Promise<Done> {
  const { config, assignment, shards } = trainer;
  const { compute, timer } = ports;
  let rows: Uint8Array | undefined;
  if (plan.minibatch !== undefined && shards.length > 0) {
    ports.doing('wait');
    rows = await timer.time('wait', ports.minibatches.take(plan.phase));
  }
  ports.doing('compute');
  if (config.shards === 1 && assignment.members.length === 1 && config.collective.wireFormat === 'fp32') {
    // The one shard of a lone worker never leaves the device: the same bits as below, without two copies.
    const stepped = await timer.time('compute', compute.call('step', { plan, samples: rows, wantStatistics }));
    const statistics = stepped.statistics ? meansOf(config, stepped.statistics, plan, stepped.norms) : {};
    return { statistics, nonFinite: stepped.nonFinite, stop: ports.stopAsked(), rows };
  }
  const layout = gradientLayout(config, assignment.sampleSize, plan.updates);
  const flats = new Map(shards.map((shard) => [shard, flatOf(buffers, shard, layout)]));
  const sum = buffers.sum.subarray(0, layout.length);
  const gradients = await shardGradients({ config, assignment, plan, rows, flats, layout }, ports);
  failpoint('worker.beforeReduce');
  const exchange = ports.exchange.sum(plan.phase, { updates: plan.updates, layout, flats, ...gradients }, sum);
  // Told below: where it is called off while gradients are computed, their buffers are not free before they are.
  exchange.catch(() => undefined);
  makeNextFakes(trainer, ports, plan);
  await timer.time('compute', gradients.all);
  ports.doing('exchange');
  timer.exchanged(await timer.time('exchange', exchange));
  ports.doing('apply');
  failpoint('worker.beforeApply');
  // From here to the end of the phase nothing may stop us: the mean is everybody's.
  const applied: Applied = await timer.time('apply', compute.call('apply', { plan, sum, wantNorms: wantStatistics }));
  const statistics = wantStatistics ? meansOf(config, sum.subarray(layout.statisticsOffset), plan, applied.norms) : {};
  return { statistics, nonFinite: applied.nonFinite, stop: (sum[layout.stopOffset] ?? 0) > 0, rows };
}

/** While D's gradients travel: no update of D changes the fakes of the next phase. */
function makeNextFakes({ config, assignment, shards }: Trainer, { compute }: TrainerPorts, plan: PhasePlan): void {
  const { datasetSize, totalPhases, members } = assignment;
  // They would need the road that D's gradients are on.
  if (exchangesSums(config, 'generator')) return;
  if (plan.updates.includes('generator') || plan.phase + 1 === totalPhases || members.length === 1) return;
  const next = planPhase(config, datasetSize, plan.phase + 1);
  // What goes wrong here goes wrong again where the fakes are needed, and is told there.
  for (const shard of shards) compute.call('prepare', { plan: next, shard }).catch(() => undefined);
}

/** Which own shards gave values that are not finite: all compute their gradients again, since the sum has used them up. */
async function badShards(
  trainer: Trainer,
  ports: TrainerPorts,
  buffers: Buffers,
  plan: PhasePlan,
  rows: Uint8Array | undefined,
): Promise<number[]> {
  const { config, assignment, shards } = trainer;
  const layout = gradientLayout(config, assignment.sampleSize, plan.updates);
  const flats = new Map(shards.map((shard) => [shard, flatOf(buffers, shard, layout)]));
  const { all, suspects } = await shardGradients({ config, assignment, plan, rows, flats, layout }, ports);
  await all;
  if (suspects) return [...suspects];
  const tensors = [...layout.slices, ...layout.moments];
  const isBad = (flat: Float32Array) =>
    tensors.some(({ offset, length }) => !allFinite(flat.subarray(offset, offset + length)));
  return [...flats].filter(([, flat]) => isBad(flat)).map(([shard]) => shard);
}

function flatOf(buffers: Buffers, shard: number, layout: GradientLayout): Float32Array {
  return must(buffers.flats.get(shard), 'gradient buffer').subarray(0, layout.length);
}

function stopped(phase: number): GanglionError {
  return new GanglionError({
    code: 'aborted',
    message: `Training stopped at phase ${phase}.`,
    remedy: 'The worker joins the next generation by itself.',
  });
}
