/** A trace while it is decided what it does next: what it stands at, what it sees, and what is to be done. */
import type { ErrorDetails } from '../../errors/ganglionError.ts';
import type { RunState } from '../../report/runEvent.ts';
import type { AskedTrace, TracePart } from '../../trace/tracePart.ts';
import { isActive, type Participant, processOf } from './participant.ts';

export interface Window {
  readonly from: number;
  /** The first phase that is not recorded any more. */
  readonly until: number;
}

export interface Recording {
  readonly asked: AskedTrace;
  readonly traceId: number;
  /** Undefined while the workers are asked how far they are. */
  readonly window: Window | undefined;
  /** Phases between the furthest worker and the first that is recorded. */
  readonly margin: number;
  readonly participants: readonly Participant[];
  readonly spanCount: number;
  /** Whether the workers of the beginning were ordered to record these phases: those that come later may come too late. */
  readonly hasBegun: boolean;
  /** When a worker first had all phases. */
  readonly reachedAtMs: number | undefined;
}

/** The run, and who is connected, as the coordinator knows them. */
export interface Sight {
  readonly runState: RunState;
  readonly why: string;
  readonly phase: number;
  readonly totalPhases: number;
  readonly workers: readonly {
    readonly workerId: string;
    readonly connectedAtMs: number;
    readonly isMember: boolean;
  }[];
}

export interface At {
  /** Of the clock that spans have. */
  readonly nowMs: number;
  readonly failureDetectionMs: number;
  readonly sight: Sight;
  /** A number for an order that no other has. */
  freshId(): number;
}

export type RecordingEffect =
  | { readonly type: 'order'; readonly workerId: string; readonly over: boolean }
  | { readonly type: 'tell'; readonly part: TracePart }
  | { readonly type: 'end'; readonly why: ErrorDetails | undefined };

export class Draft {
  recording: Recording;
  readonly at: At;
  readonly effects: RecordingEffect[] = [];
  isEnded = false;

  constructor(recording: Recording, at: At) {
    this.recording = recording;
    this.at = at;
  }

  set(change: Partial<Recording>): void {
    this.recording = { ...this.recording, ...change };
  }

  change({ process }: Participant, change: Partial<Participant>): void {
    const participants = this.recording.participants.map((one) =>
      one.process === process ? { ...one, ...change } : one,
    );
    this.set({ participants });
  }

  order({ workerId }: Participant, over = false): void {
    this.effects.push({ type: 'order', workerId, over });
  }

  tell(part: TracePart): void {
    this.effects.push({ type: 'tell', part });
  }

  miss(participant: Participant, why: string): void {
    this.change(participant, { status: 'missing', why: `Worker ${participant.workerId} ${why}` });
  }

  get active(): readonly Participant[] {
    return this.recording.participants.filter(isActive);
  }

  /** The newest of that name: an older one was lost. */
  participant(workerId: string): Participant | undefined {
    return this.recording.participants.findLast((one) => one.workerId === workerId);
  }

  end(why?: ErrorDetails): void {
    this.isEnded = true;
    for (const participant of this.recording.participants)
      if (participant.status !== 'done') this.order(participant, true);
    if (!why) for (const participant of this.recording.participants) this.tell(processOf(participant));
    this.effects.push({ type: 'end', why });
  }
}
