/**
 * What worker and coordinator say to each other on the control stream, as plain values. The .proto comments are the
 * documentation of each field.
 */
import type { PeerAddress } from '../mesh/address.ts';
import type { EvaluationOutcome } from '../report/evaluation.ts';
import type { Member } from '../report/runEvent.ts';
import type { Device } from '../report/runView.ts';
import type { Statistics, Timings } from '../report/statistics.ts';
import type { RecordedBatch, RecordingOrder } from '../trace/recorder.ts';

export interface RunPosition {
  readonly runId: string;
  readonly generation: number;
  /** Phases applied (in a PhaseReport: the phase itself, counted from 0). */
  readonly phase: number;
}

export interface Hello {
  readonly protocolVersion: number;
  readonly workerId: string;
  readonly hostname: string;
  readonly pid: number;
  readonly device: Device;
  readonly peer: PeerAddress;
  /** The state that it still holds from an earlier session. */
  readonly held: HeldState | undefined;
  /** Whether it takes orders to measure. */
  readonly evaluates?: boolean;
}

/** Faults that a worker can be made to meet; see `worker/faults.ts`. */
export const FAULT_KINDS = ['kill', 'stop', 'partition', 'slow', 'corrupt', 'nan', 'flip'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface HeldState {
  readonly runId: string;
  readonly phase: number;
  readonly configSha256: string;
}

/** What happened since the last report. */
export interface ReportCounts {
  readonly exchangedBytes: number;
  /** What uncompressed gradients would have taken more. */
  readonly savedBytes: number;
  /** Computations that could not be compiled and stay op by op. */
  readonly compileFallbacks: number;
}

export interface PhaseReport extends RunPosition, ReportCounts {
  /** Only every `reports.everyPhases` phases. */
  readonly statistics: Statistics | undefined;
  /** Sums over `phaseCount` phases. */
  readonly timings: Timings;
  /** Hex; empty where no comparison is due. */
  readonly weightsSha256: string;
  readonly phaseCount: number;
}

export type WorkerMessage =
  | ({ readonly type: 'hello' } & Hello)
  | ({ readonly type: 'heartbeat'; readonly activity: string } & RunPosition)
  | ({ readonly type: 'ready' } & RunPosition)
  | ({ readonly type: 'held'; readonly hasState: boolean } & RunPosition)
  | ({ readonly type: 'phaseReport' } & PhaseReport)
  | ({ readonly type: 'snapshot'; readonly pixels: Uint8Array } & RunPosition)
  | ({
      readonly type: 'failure';
      readonly message: string;
      readonly remedy: string;
      readonly fatal: boolean;
    } & RunPosition)
  | { readonly type: 'draining'; readonly why: string }
  | ({
      readonly type: 'roadBlocked';
      readonly peerId: string;
      readonly message: string;
      /** Bytes were changed on the way: the same road may be taken again. */
      readonly transient: boolean;
    } & RunPosition)
  | ({
      readonly type: 'nonFinite';
      readonly tensor: string;
      readonly shards: readonly number[];
      readonly skipped: boolean;
    } & RunPosition)
  | ({ readonly type: 'evaluationAnswer' } & EvaluationAnswer)
  | TraceMessage;

export interface EvaluationAnswer {
  readonly evaluationId: number;
  readonly outcome: EvaluationOutcome;
}

/** What a worker says of a trace: nothing that a run depends on. */
export type TraceMessage =
  | {
      readonly type: 'traceAnswer';
      readonly traceId: number;
      readonly sentAtMs: number;
      readonly receivedAtMs: number;
      readonly answeredAtMs: number;
      readonly nextPhase: number;
    }
  | ({ readonly type: 'traceSpans' } & RecordedBatch);

/** What a worker says of itself and of its run. */
export type RunMessage = Exclude<WorkerMessage, TraceMessage>;

export interface Assignment {
  readonly runId: string;
  readonly generation: number;
  readonly configJson: string;
  readonly datasetSize: number;
  readonly sampleSize: number;
  /** Phases applied in the state to start from. */
  readonly phase: number;
  readonly keepState: boolean;
  readonly totalPhases: number;
  readonly rank: number;
  readonly members: readonly Member[];
  /** Where each member listens, by rank. */
  readonly peers: readonly PeerAddress[];
  readonly road: Road;
  readonly meshKey: string;
  /** Rank of the member that has the state; undefined: the coordinator has it. */
  readonly sourceRank: number | undefined;
}

export interface EvaluationOrder {
  readonly evaluationId: number;
  readonly runId: string;
  readonly phase: number;
  readonly totalPhases: number;
  readonly sampleSize: number;
  readonly configJson: string;
  readonly metrics: readonly string[];
  readonly dataSha256: string;
}

/** The way that gradients take: between the workers, or through the coordinator. */
export type Road = 'direct' | 'star';

export type CoordinatorMessage =
  | {
      readonly type: 'welcome';
      readonly coordinatorId: string;
      readonly heartbeatIntervalMs: number;
      readonly failureDetectionMs: number;
    }
  | { readonly type: 'refused'; readonly message: string; readonly remedy: string }
  | ({ readonly type: 'assignment' } & Assignment)
  | {
      readonly type: 'halt';
      readonly runId: string;
      readonly generation: number;
      readonly why: string;
      readonly graceful: boolean;
    }
  | { readonly type: 'drain'; readonly why: string }
  | ({ readonly type: 'traceOrder'; readonly sentAtMs: number; readonly over: boolean } & RecordingOrder)
  | ({ readonly type: 'evaluationOrder' } & EvaluationOrder)
  | { readonly type: 'evaluationOver'; readonly evaluationId: number }
  | { readonly type: 'fault'; readonly kind: FaultKind; readonly durationMs: number }
  | { readonly type: 'begin'; readonly runId: string; readonly generation: number }
  | { readonly type: 'collectState'; readonly runId: string; readonly generation: number }
  | { readonly type: 'release'; readonly runId: string; readonly why: string };

/** Who asks for bulk bytes, and for which generation: an older generation is refused. */
export interface TransferHead {
  readonly runId: string;
  readonly generation: number;
  readonly workerId: string;
}

/** What a state is asked for: an assignment of this generation, or an order to measure. */
export type DownloadHead = Omit<TransferHead, 'workerId'> & { readonly evaluationId?: number };
