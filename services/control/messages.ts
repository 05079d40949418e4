/**
 * What worker and coordinator say to each other on the control stream, as plain values. The .proto comments are the
 * documentation of each field.
 */
import type { Member } from '../report/runEvent.ts';
import type { Device } from '../report/runView.ts';
import type { Statistics, Timings } from '../report/statistics.ts';

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
}

export interface PhaseReport extends RunPosition {
  /** Only every `reports.everyPhases` phases. */
  readonly statistics: Statistics | undefined;
  /** Sums over `phaseCount` phases. */
  readonly timings: Timings;
  readonly exchangedBytes: number;
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
  | { readonly type: 'draining'; readonly why: string };

export interface Assignment {
  readonly runId: string;
  readonly generation: number;
  readonly configJson: string;
  readonly datasetSize: number;
  readonly sampleBytes: number;
  /** Phases applied in the state to start from. */
  readonly phase: number;
  readonly keepState: boolean;
  readonly totalPhases: number;
  readonly rank: number;
  readonly members: readonly Member[];
}

export type CoordinatorMessage =
  | { readonly type: 'welcome'; readonly coordinatorId: string; readonly heartbeatIntervalMs: number }
  | { readonly type: 'refused'; readonly message: string; readonly remedy: string }
  | ({ readonly type: 'assignment' } & Assignment)
  | { readonly type: 'halt'; readonly runId: string; readonly generation: number; readonly why: string }
  | { readonly type: 'collectState'; readonly runId: string; readonly generation: number }
  | { readonly type: 'release'; readonly runId: string; readonly why: string };

/** Who asks for bulk bytes, and for which generation: an older generation is refused. */
export interface TransferHead {
  readonly runId: string;
  readonly generation: number;
  readonly workerId: string;
}
