/** Everything that the coordinator decides from. Plain data: no clock, no socket, no file. */
import type { RunConfig } from '../../config/runConfig.ts';
import type { PhaseReport } from '../../control/messages.ts';
import type { Member, RunState } from '../../report/runEvent.ts';
import type { Device } from '../../report/runView.ts';
import type { Statistics } from '../../report/statistics.ts';

export interface WorkerRecord {
  readonly workerId: string;
  readonly hostname: string;
  readonly pid: number;
  readonly device: Device;
  readonly connectedAtMs: number;
  heardAtMs: number;
  /** The run that it works for; undefined when idle. */
  runId: string | undefined;
  /** Phases applied, as it last said. */
  phase: number;
  activity: string;
  /** Takes no new run. */
  draining: boolean;
}

export interface CheckpointRecord {
  readonly phase: number;
  readonly weightsSha256: string;
}

/**
 * Where a run stands in the protocol that forms a generation:
 *
 *   idle ──────► loading ──────► training          (gang start: everyone downloads the newest checkpoint)
 *                   ▲                │ a member is lost, or somebody asks to pause or cancel
 *   holding ────────┘                ▼
 *      ▲──── collecting ◄──────── halting          (survivors stop at a phase boundary; the one furthest ahead
 *                                                   uploads its state, so that it is durable and others can load it)
 */
export type Stage = 'idle' | 'loading' | 'training' | 'halting' | 'collecting' | 'holding';

export interface RunRecord {
  readonly runId: string;
  readonly config: RunConfig;
  readonly datasetSize: number;
  readonly sampleBytes: number;
  readonly totalPhases: number;
  readonly folder: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  state: RunState;
  /** The sentence that explains the state. */
  why: string;
  stage: Stage;
  /** What halting leads to. */
  intent: 'train' | 'pause' | 'cancel';
  /** Bumped at every change of membership; everything of an older one is stale. */
  generation: number;
  /** Committed phases: applied by at least one replica, and never undone while one of them lives. */
  phase: number;
  /** By rank. Dealt shards only while loading and training. */
  members: readonly Member[];
  /** Members that answered in this generation: the phase they hold, or undefined where they hold no state. */
  answers: ReadonlyMap<string, number | undefined>;
  /** Oldest first; never empty: phase 0 is stored before a run is created. */
  checkpoints: readonly CheckpointRecord[];
  /** Reports by phase, until every member's is there. */
  reports: ReadonlyMap<number, ReadonlyMap<string, PhaseReport>>;
  statistics: Statistics;
  /** The last published report, to compute rates from. */
  lastReport: { readonly timeMs: number; readonly phase: number } | undefined;
  /** Members that have reported the last phase, with the hash of their weights. */
  finished: ReadonlyMap<string, string>;
}

export interface CoordinatorState {
  readonly workers: ReadonlyMap<string, Readonly<WorkerRecord>>;
  readonly runs: ReadonlyMap<string, Readonly<RunRecord>>;
}

export const EMPTY_STATE: CoordinatorState = { workers: new Map(), runs: new Map() };

export function newestCheckpoint(run: Readonly<RunRecord>): CheckpointRecord {
  const newest = run.checkpoints.at(-1);
  if (!newest) throw new Error(`run ${run.runId} has no checkpoint`);
  return newest;
}
