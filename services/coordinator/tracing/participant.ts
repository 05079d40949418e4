/** A worker that was asked to record. */
import { type ClockSample, offsetOf } from '../../trace/clockFilter.ts';
import type { TracePart } from '../../trace/tracePart.ts';

export interface Participant {
  /** Its number in the trace. */
  readonly process: number;
  readonly workerId: string;
  /** A worker that comes back is another participant. */
  readonly connectedAtMs: number;
  readonly status: 'asked' | 'recording' | 'done' | 'missing';
  /** Of one that is missing. */
  readonly why: string;
  readonly askedAtMs: number;
  readonly answers: number;
  readonly clock: readonly ClockSample[];
  readonly nextPhase: number;
  /** Whether it has answered the order that names the phases. */
  readonly isArmed: boolean;
  /** It was asked before any phase was recorded: it must be in time. */
  readonly isFirst: boolean;
  /** Since when it has not belonged to the run. */
  readonly leftAtMs: number | undefined;
  /** That it handed over. */
  readonly spanCount: number;
  readonly dropped: number;
}

export function isActive({ status }: Participant): boolean {
  return status === 'asked' || status === 'recording';
}

export function processOf({ process, workerId, clock, why, dropped }: Participant): TracePart {
  return { type: 'process', process, name: `worker ${workerId}`, clock: offsetOf(clock), missing: why, dropped };
}
