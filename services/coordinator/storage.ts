/** What the coordinator asks of the disk: narrow ports, so that a simulated one can stand behind them. */
import type { CheckpointStore } from '../checkpoint/store.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { TrainingSet } from '../data/dataset.ts';
import type { Spread } from '../illness/spread.ts';
import type { Journal } from '../journal/journal.ts';
import type { ArtifactView } from '../report/runView.ts';
import type { RunEventLog } from '../telemetry/eventLog.ts';
import type { EvaluationLine } from './evaluationFile.ts';
import type { JournalRecord } from './journalRecord.ts';

/** A record is durable when `append` resolves. */
export type RunJournal = Pick<Journal<JournalRecord>, 'append' | 'compact' | 'sizeBytes' | 'close'>;

/** One run's folder: its data set, checkpoints and history. */
export interface RunStore {
  readonly runId: string;
  readonly folder: string;
  /** In memory from the first question to `rest`. */
  readonly dataset: TrainingSet;
  /** Of a sample; asks for no data set. */
  readonly sampleShape: readonly number[];
  readonly totalPhases: number;
  readonly checkpoints: Pick<CheckpointStore, 'phases' | 'save' | 'load' | 'inspect' | 'dropOldest'>;
  readonly history: Pick<RunEventLog, 'isNews' | 'takeSequence' | 'append' | 'read' | 'told' | 'close'>;
  /** The run is over: lets go of its samples. Who asks for them after all, as a resumed run does, has them read again. */
  rest(): void;
  /** Writes what a new run starts with: its config, real samples, and the state before the first phase. */
  initialise(): Promise<{ weightsSha256: string }>;
  /** Writes a grid of G's pictures; returns its file name. */
  keepSnapshot(phase: number, pixels: Uint8Array): Promise<string>;
  /** How pictures spread over the data; undefined where they are too few, or nobody watches them. */
  spreadOf(pixels: Uint8Array): Spread | undefined;
  /** What evaluations found, oldest first. `broken` lines are left out. */
  evaluations(): Promise<{ lines: readonly EvaluationLine[]; broken: number }>;
  /** Durable when it resolves. */
  keepEvaluation(line: EvaluationLine): Promise<void>;
  /** Writes what is known of a gradient that was not finite. */
  keepEvidence(
    phase: number,
    tensor: string,
    members: readonly (readonly [workerId: string, { readonly shards: readonly number[] }])[],
  ): Promise<void>;
  /** Whole files only. */
  artifacts(): Promise<ArtifactView[]>;
  /** Throws `not-found`, or `invalid-argument` for a name that leads out of the run folder. */
  readArtifact(name: string): AsyncIterable<Uint8Array>;
}

/** All runs' folders. */
export interface RunStorage {
  /** Checks a config against its data set, without writing anything. Throws `invalid-config` or `dataset`. */
  check(config: RunConfig): TrainingSet;
  /** The folder that a run of this id gets. */
  folderOf(runId: string): string;
  /** Names of what is there, runs of a lost journal among them. */
  taken(): Promise<readonly string[]>;
  /** That a run may begin in a folder that no run of the journal has. Throws `already-exists`; writes nothing. */
  requireUnbegun(runId: string): Promise<void>;
  /** Opens a run's folder, making it where it is not there yet. */
  open(runId: string, folder: string, config: RunConfig): Promise<RunStore>;
}
