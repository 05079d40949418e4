/** What a person sees of runs and workers: the coordinator's answers as plain values. */
import type { Alarm } from './alarms.ts';
import type { BestCheckpoint, Evaluation } from './evaluation.ts';
import type { RunState } from './runEvent.ts';
import type { Statistics, Timings } from './statistics.ts';

export interface RunView {
  /** Empty in the answer to a dry run. */
  readonly runId: string;
  readonly state: RunState;
  /** The sentence that explains the state. */
  readonly why: string;
  /** The resolved config. */
  readonly configYaml: string;
  /** Committed phases. */
  readonly phase: number;
  readonly totalPhases: number;
  readonly generation: number;
  /** By rank. */
  readonly workerIds: readonly string[];
  /** The most that it takes, and the fewest that it trains with. */
  readonly workersWanted: number;
  readonly workersNeeded: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** On the coordinator's machine. */
  readonly folder: string;
  /** Oldest first. */
  readonly checkpointPhases: readonly number[];
  /** At the newest checkpoint, in hex; empty before the first. */
  readonly weightsSha256: string;
  readonly statistics: Statistics;
  /** Those that are raised, in the order in which they were. */
  readonly alarms: readonly Alarm[];
  /** The newest; undefined before the first. */
  readonly evaluation: Evaluation | undefined;
  /** Undefined where the config has no `evaluation.keepBest`, and before the first evaluation. */
  readonly best: BestCheckpoint | undefined;
}

/** A run without the text of its config, which takes longer to write than all the rest. */
export type RunGlance = Omit<RunView, 'configYaml'>;

/** A member of a run at work. */
export interface Lane {
  readonly workerId: string;
  /** Phases applied. */
  readonly phase: number;
  readonly activity: string;
  readonly shards: readonly number[];
  /** Mean per phase of its newest report; undefined before the first. */
  readonly timings: Timings | undefined;
}

/** What a worker computes on. Workers of one run must share the device class and the thread count. */
export interface Device {
  readonly backend: 'cuda' | 'tensorflow' | 'wasm' | 'cpu';
  readonly backendVersion: string;
  readonly deviceClass: string;
  readonly intraOpThreads: number;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Node.js version. */
  readonly runtime: string;
}

export interface WorkerView {
  readonly workerId: string;
  readonly hostname: string;
  readonly pid: number;
  readonly device: Device;
  /** Empty when idle. */
  readonly runId: string;
  readonly phase: number;
  readonly activity: string;
  readonly connectedAtMs: number;
}

export interface ArtifactView {
  /** Path inside the run folder, with forward slashes. */
  readonly name: string;
  readonly sizeBytes: number;
}
