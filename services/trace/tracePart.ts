/** A trace as it comes from the coordinator, piece by piece. The .proto comments are the documentation of each field. */
import type { ClockOffset } from './clockFilter.ts';
import type { Span } from './span.ts';

export interface AskedTrace {
  readonly runId: string;
  /** Counted from 0; undefined: the next that all workers can record whole. */
  readonly firstPhase: number | undefined;
  readonly phaseCount: number;
}

export interface TracedProcess {
  /** 0 is the coordinator. */
  readonly process: number;
  readonly name: string;
  /** Of its clock to the coordinator's; undefined where they were never compared. */
  readonly clock: ClockOffset | undefined;
  /** Why it did not record all; empty where it did. */
  readonly missing: string;
  readonly dropped: number;
}

export type TracePart =
  /** Makes all before it void. */
  | {
      readonly type: 'begun';
      readonly firstPhase: number;
      readonly phaseCount: number;
      readonly phase: number;
      readonly workerIds: readonly string[];
    }
  | { readonly type: 'spans'; readonly process: number; readonly spans: readonly Span[] }
  | ({ readonly type: 'process' } & TracedProcess);
