/** What the core wants done. The shell carries effects out in their order, but `endSession`: persist BEFORE sending, send BEFORE telling. */
import type { CoordinatorMessage, ReportCounts } from '../../control/messages.ts';
import type { Metric } from '../../evaluate/measures.ts';
import type { Fault } from '../../report/faults.ts';
import type { Member, RunEvent } from '../../report/runEvent.ts';
import type { EvaluationTurn, NonFiniteRecord } from './state.ts';

type Unstamped<Event> = Event extends unknown ? Omit<Event, 'schema' | 'sequence' | 'timeMs'> : never;
/** An event before the shell gives it its place in the run's history. */
export type UnstampedEvent = Unstamped<RunEvent>;

export type EvaluationToKeep = Extract<UnstampedEvent, { kind: 'evaluation' }>;

export type Effect =
  /** Make the run's record durable; nothing after it happens before. */
  | { readonly type: 'persist'; readonly runId: string }
  /** Cut every reduce stream and transfer of older generations at once. */
  | { readonly type: 'closeCollective'; readonly runId: string }
  /** Let the members of this generation reduce. */
  | {
      readonly type: 'openCollective';
      readonly runId: string;
      readonly generation: number;
      readonly members: readonly Member[];
    }
  | { readonly type: 'send'; readonly workerId: string; readonly message: CoordinatorMessage }
  /** End the worker's control stream, at once: later it may have come back in another. */
  | { readonly type: 'endSession'; readonly workerId: string; readonly why: string }
  /** Write the picture to the run folder, then tell. */
  | { readonly type: 'keepSnapshot'; readonly runId: string; readonly phase: number; readonly pixels: Uint8Array }
  /** Write what is known of a gradient that was not finite to the run folder. */
  | {
      readonly type: 'keepEvidence';
      readonly runId: string;
      readonly phase: number;
      readonly tensor: string;
      readonly members: readonly (readonly [workerId: string, NonFiniteRecord])[];
    }
  /** Count it for the metrics. */
  | { readonly type: 'countFault'; readonly fault: Fault }
  /** Measure this of the checkpoint in a process of the coordinator's, beside training; its end is an event. */
  | { readonly type: 'evaluate'; readonly turn: EvaluationTurn; readonly metrics: readonly Metric[] }
  /** Say it in the log. */
  | { readonly type: 'remark'; readonly why: string }
  /** Write the measures to the run folder, then tell. */
  | { readonly type: 'keepEvaluation'; readonly event: EvaluationToKeep; readonly weightsSha256: string }
  /** Remove checkpoints older than the newest that are over the run's number and that nothing spares. */
  | { readonly type: 'dropCheckpoints'; readonly runId: string; readonly newest: number }
  /** Tell people: the run folder, NATS, watchers, metrics. The counts are of all members. */
  | { readonly type: 'publish'; readonly event: UnstampedEvent; readonly counts?: ReportCounts };
