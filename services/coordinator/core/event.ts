/** What the shell tells the core. */
import type { Hello, RunMessage } from '../../control/messages.ts';
import type { Spread } from '../../illness/spread.ts';
import type { EvaluationOutcome } from '../../report/evaluation.ts';
import type { CheckpointRecord, EvaluationTurn, RunRecord } from './state.ts';

export type NewRun = Pick<
  RunRecord,
  | 'runId'
  | 'config'
  | 'configSha256'
  | 'datasetSize'
  | 'sampleSize'
  | 'dataSha256'
  | 'totalPhases'
  | 'folder'
  | 'createdAtMs'
  | 'checkpoints'
>;

export type CoordinatorEvent =
  /** The coordinator begins, with the runs of its journal. */
  | { readonly type: 'begun' }
  /** Its config is valid and its phase-0 checkpoint durable. */
  | { readonly type: 'runCreated'; readonly run: NewRun }
  | { readonly type: 'pauseRequested'; readonly runId: string }
  | { readonly type: 'resumeRequested'; readonly runId: string; readonly fromPhase: number | undefined }
  | { readonly type: 'cancelRequested'; readonly runId: string }
  | { readonly type: 'workerJoined'; readonly hello: Hello }
  | { readonly type: 'workerLeft'; readonly workerId: string; readonly why: string }
  | {
      readonly type: 'workerSaid';
      readonly workerId: string;
      readonly message: RunMessage;
      /** Of a snapshot: how its pictures spread over the data. */
      readonly spread?: Spread | undefined;
    }
  | {
      readonly type: 'checkpointStored';
      readonly runId: string;
      /** Whose member uploaded it. */
      readonly generation: number;
      readonly checkpoint: CheckpointRecord;
      /** Phases of the checkpoints that are kept now. */
      readonly kept: readonly number[];
    }
  /** What the coordinator's own process measured of a checkpoint. */
  | { readonly type: 'evaluationEnded'; readonly turn: EvaluationTurn; readonly outcome: EvaluationOutcome }
  | { readonly type: 'checkpointsDropped'; readonly runId: string; readonly phases: readonly number[] }
  | { readonly type: 'storageFailed'; readonly runId: string; readonly why: string }
  | { readonly type: 'tick' };
