/**
 * Everything that the coordinator decides from. Plain data: no clock, no socket, no file. What grows with the workers is in
 * persistent collections, so that an event costs the same among a thousand workers as among ten.
 */
import { OrderedMap, Set as PersistentSet } from 'immutable';
import type { RunConfig } from '../../config/runConfig.ts';
import type { PhaseReport, Road } from '../../control/messages.ts';
import type { Metric } from '../../evaluate/measures.ts';
import type { IllnessState } from '../../illness/watch.ts';
import type { PeerAddress } from '../../mesh/address.ts';
import type { Evaluation, EvaluationRecord } from '../../report/evaluation.ts';
import type { Member, RunState } from '../../report/runEvent.ts';
import type { Device } from '../../report/runView.ts';
import type { Statistics, Timings } from '../../report/statistics.ts';

export interface WorkerRecord {
  readonly workerId: string;
  readonly hostname: string;
  readonly pid: number;
  readonly device: Device;
  readonly peer: PeerAddress;
  /** Whether it takes orders to measure. */
  readonly evaluates: boolean;
  readonly connectedAtMs: number;
  heardAtMs: number;
  /** The run that it works for; undefined when idle. */
  runId: string | undefined;
  /** Phases applied, as it last said. */
  phase: number;
  activity: string;
  /** When its phase or activity last changed, as it was heard: what waits for bytes that flow says how far they are. */
  movedAtMs: number;
  /** Takes no new run, and leaves the one it has. */
  draining: boolean;
  /** The state in its memory while it does not train. Whatever generation it is of: it follows from the config alone. */
  held: { readonly runId: string; readonly phase: number } | undefined;
  /** After a failure of its own it rests until then, twice as long each time. */
  barredUntilMs: number;
  failures: number;
  /** Time of one shard's gradient in the run that it works for, as it last reported. */
  msPerShard: number | undefined;
  /** Of a phase in the run that it works for, as it last reported. */
  timings: Timings | undefined;
  /** Runs that it could not measure, as where their data are not on its machine: it is not asked again in this session. */
  cannotMeasure: ReadonlySet<string>;
}

export interface CheckpointRecord {
  readonly phase: number;
  readonly weightsSha256: string;
}

/**
 * Where a run stands in the protocol that forms a generation:
 *
 *   idle ──────► loading ──────► training ───────► stopping     (a worker joins or drains, pause, cancel: all members
 *                   ▲               │                  │         finish one more phase, the same one)
 *                   │               │ a member is lost │
 *                   │               ▼                  │
 *                   │            halting               │        (survivors stop at once, and drop the phase under way)
 *                   │               │ all said what they hold
 *                holding ◄──────────┴──────────────────┘
 *                   ▲ │
 *                   │ ▼   (the state must be durable: below the least number of workers, pause, cancel, the end)
 *               collecting
 */
export type Stage = 'idle' | 'loading' | 'training' | 'stopping' | 'halting' | 'collecting' | 'holding';

/** A member's word that a phase's mean gradient was not finite. */
export interface NonFiniteRecord {
  readonly tensor: string;
  readonly shards: readonly number[];
}

export interface RunRecord {
  readonly runId: string;
  readonly config: RunConfig;
  readonly configSha256: string;
  readonly datasetSize: number;
  readonly sampleSize: number;
  /** What other machines tell its data by (`data/fingerprint.ts`), where it is evaluated; not in the journal: the data tell it. */
  readonly dataSha256: string;
  readonly totalPhases: number;
  readonly folder: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  state: RunState;
  /** The sentence that explains the state. */
  why: string;
  stage: Stage;
  /** What stopping leads to. */
  intent: 'train' | 'pause' | 'cancel' | 'fail';
  /** Why it was stopped: the sentence of the next generation, or of the failure. */
  reason: string;
  /** Bumped at every change of membership; everything of an older one is stale. */
  generation: number;
  /** When it was formed, and at which phase. */
  generationAtMs: number;
  generationPhase: number;
  /** Committed phases: applied by at least one replica, and never undone while one of them lives. */
  phase: number;
  /** The highest that `phase` ever was: a state that was not whole leads back to a checkpoint, and the same phases again. */
  furthest: number;
  /** When it last moved: a phase was committed, or a stage began that waits for members. */
  progressAtMs: number;
  /** How often in a row it was halted because bytes were lost or changed, without a phase that is new. */
  stuck: number;
  /** Members that were lost since the last phase that is new: how often, and until when others are preferred. */
  losses: ReadonlyMap<string, { readonly count: number; readonly untilMs: number }>;
  /** How often its shards were moved to faster workers since the last change of its members. */
  rebalances: number;
  /** By rank. Dealt shards only while loading, training and stopping. */
  members: readonly Member[];
  /** Members that said in this stage what it waits for. */
  answered: PersistentSet<string>;
  /** Members whose replica went wrong: what they hold does not count. */
  distrusted: ReadonlySet<string>;
  /** The last phase after which all replicas had one hash: checkpoints up to it are good, whoever uploaded them. */
  agreedPhase: number;
  /** The first generation since a replica was healed: what an older one uploads may be wrong. */
  trustedSince: number;
  /** How often a replica was healed. */
  heals: number;
  /** The device class that it began on, which its bits depend on; empty before the first generation. */
  deviceClass: string;
  road: Road;
  /** Why direct roads are not tried, and until when. */
  roadBlocked: { readonly why: string; readonly untilMs: number } | undefined;
  /** How often they were blocked. */
  roadBlocks: number;
  /** Former members that a coordinator which was started again waits for, and until when. */
  returning: readonly string[];
  returningUntilMs: number;
  /** Oldest first; never empty: phase 0 is stored before a run is created. */
  checkpoints: readonly CheckpointRecord[];
  /** Reports by phase, until every member's is there. */
  reports: OrderedMap<number, OrderedMap<string, PhaseReport>>;
  /** The same, of gradients that were not finite. */
  nonFinite: OrderedMap<number, OrderedMap<string, NonFiniteRecord>>;
  statistics: Statistics;
  /** What its watch for illness knows; not in the journal, since the run's history tells it. */
  illness: IllnessState;
  /** What its evaluations found; not in the journal, since the run folder tells it. */
  evaluated: EvaluationRecord;
  /** The last published report, to compute rates from. */
  lastReport: { readonly timeMs: number; readonly phase: number } | undefined;
  /** Members that have reported the last phase, with the hash of their weights. */
  finished: ReadonlyMap<string, string>;
}

/** A checkpoint that is evaluated, or waits for it. */
export interface EvaluationTurn {
  readonly runId: string;
  readonly phase: number;
}

/** Metrics of a checkpoint that one process measures. */
export interface EvaluationPart {
  /** Names it to the worker. */
  readonly partId: number;
  readonly metrics: readonly Metric[];
  /** Undefined: a process of the coordinator's own measures. */
  readonly workerId: string | undefined;
  readonly dealtAtMs: number;
}

export interface MeasuredPart extends Pick<EvaluationPart, 'metrics' | 'workerId'>, Pick<Evaluation, 'measures'> {
  readonly weightsSha256: string;
}

/** The checkpoint that is measured. Each of its metrics is in exactly one of `open`, `own`, `parts` and `measured`. */
export interface RunningEvaluation extends EvaluationTurn {
  /** Whoever is spare may measure them. */
  readonly open: readonly Metric[];
  /** The coordinator measures them as soon as it is done with others. */
  readonly own: readonly Metric[];
  /** At most one a worker, and one of the coordinator. */
  readonly parts: readonly EvaluationPart[];
  readonly measured: readonly MeasuredPart[];
  /** Workers that went while they measured: another is asked. */
  readonly gone: ReadonlySet<string>;
}

export interface EvaluationQueue {
  readonly running: RunningEvaluation | undefined;
  /** At most one a run; the first is next. */
  readonly waiting: readonly EvaluationTurn[];
  /** Before, a coordinator that was started again waits for its workers. */
  readonly ownFromMs: number;
  /** Counts those that were dealt since the coordinator began: the number of a part is never used twice. */
  readonly partsDealt: number;
  /** How often in a row a worker was lost while it measured. */
  readonly losses: ReadonlyMap<string, number>;
}

export interface CoordinatorState {
  readonly workers: OrderedMap<string, Readonly<WorkerRecord>>;
  readonly runs: ReadonlyMap<string, Readonly<RunRecord>>;
  readonly evaluations: EvaluationQueue;
  /** When it last looked at who is silent, or was started. */
  readonly tickedAtMs: number | undefined;
}

export const EMPTY_STATE: CoordinatorState = {
  workers: OrderedMap(),
  runs: new Map(),
  evaluations: { running: undefined, waiting: [], ownFromMs: 0, partsDealt: 0, losses: new Map() },
  tickedAtMs: undefined,
};

/** What a run has before its first generation, and again whenever it rests. */
export const AT_REST = {
  stage: 'idle',
  intent: 'train',
  reason: '',
  members: [],
  answered: PersistentSet(),
  distrusted: new Set(),
  stuck: 0,
  losses: new Map(),
  rebalances: 0,
  roadBlocked: undefined,
  roadBlocks: 0,
  returning: [],
  reports: OrderedMap(),
  nonFinite: OrderedMap(),
  lastReport: undefined,
  finished: new Map(),
} as const satisfies Partial<RunRecord>;

export function newestCheckpoint(run: Readonly<RunRecord>): CheckpointRecord {
  const newest = run.checkpoints.at(-1);
  if (!newest) throw new Error(`run ${run.runId} has no checkpoint`);
  return newest;
}
