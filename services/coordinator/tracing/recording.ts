/**
 * What one trace does next: whom to order what, whom to wait for, and when it is over. Pure: `record(recording, event, at)`.
 *
 *   asked ───► recording ───► done        its first answer came; it handed over all phases
 *     └────────────┴────────► missing     it went, was silent, or belonged to the run no longer: the sentence says which
 *
 * Every order is answered at once with the worker's clock and the next phase that it can record whole. So the first round of
 * orders finds phases that nobody has begun, and orders go out again and again to know the clocks well.
 */
import type { TraceMessage } from '../../control/messages.ts';
import type { ErrorDetails } from '../../errors/ganglionError.ts';
import type { RunState } from '../../report/runEvent.ts';
import { EXCHANGES, withExchange } from '../../trace/clockFilter.ts';
import type { AskedTrace, TracePart } from '../../trace/tracePart.ts';
import { isActive, type Participant, processOf } from './participant.ts';
import { doesNotTrain, goesOn, isOver, nobodyRecords, nothingLeft } from './refusal.ts';

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

export type RecordingEvent =
  | { readonly type: 'looked'; readonly isTick: boolean }
  | { readonly type: 'said'; readonly workerId: string; readonly message: TraceMessage };

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

/** Some 30 MB in the program that asks, and 60 MB of JSON. */
export const SPANS_MAX = 500_000;
const MARGIN_MIN = 2;

export function newRecording(asked: AskedTrace, at: At): Recording {
  const { firstPhase: from, phaseCount } = asked;
  return {
    asked,
    traceId: at.freshId(),
    window: from === undefined ? undefined : { from, until: from + phaseCount },
    margin: MARGIN_MIN,
    participants: [],
    spanCount: 0,
    hasBegun: false,
    reachedAtMs: undefined,
  };
}

export interface Step {
  readonly recording: Recording;
  readonly effects: readonly RecordingEffect[];
}

export function record(recording: Recording, event: RecordingEvent, at: At): Step {
  const draft = new Draft(recording, at);
  if (event.type === 'looked') looked(draft, event.isTick);
  else if (event.message.type === 'traceAnswer') answered(draft, event.workerId, event.message);
  else handedOver(draft, event.workerId, event.message);
  if (!draft.isEnded) settle(draft);
  if (!draft.isEnded) endIfOver(draft);
  return { recording: draft.recording, effects: draft.effects };
}

class Draft {
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

/** Who came, who went, and who was silent for too long. */
function looked(draft: Draft, isTick: boolean): void {
  const { sight, nowMs } = draft.at;
  for (const participant of draft.active) missIfGone(draft, participant);
  for (const { workerId, connectedAtMs, isMember } of sight.workers) {
    const { participants, hasBegun } = draft.recording;
    const isKnown = participants.some((one) => one.workerId === workerId && one.connectedAtMs === connectedAtMs);
    if (!isMember || isKnown) continue;
    const process = participants.length + 1;
    const newcomer: Participant = {
      ...{ process, workerId, connectedAtMs, status: 'asked', why: '', askedAtMs: nowMs, answers: 0, clock: [] },
      ...{ nextPhase: 0, isArmed: false, isFirst: !hasBegun, leftAtMs: undefined, dropped: 0 },
    };
    draft.set({ participants: [...participants, newcomer] });
    draft.order(newcomer);
  }
  // Clocks drift apart: those of a long trace are compared on and on.
  if (isTick) for (const participant of draft.active) if (participant.status === 'recording') draft.order(participant);
}

function missIfGone(draft: Draft, participant: Participant): void {
  const { sight, nowMs, failureDetectionMs } = draft.at;
  const { workerId, connectedAtMs, status, askedAtMs, leftAtMs } = participant;
  const { reachedAtMs } = draft.recording;
  const worker = sight.workers.find((one) => one.workerId === workerId && one.connectedAtMs === connectedAtMs);
  const isLate = (sinceMs: number | undefined, ms: number) => sinceMs !== undefined && nowMs - sinceMs > ms;
  const seconds = (failureDetectionMs / 1000).toFixed(1);
  if (!worker) return draft.miss(participant, `was lost: its connection ended at phase ${sight.phase}.`);
  if (status === 'asked' && isLate(askedAtMs, failureDetectionMs)) {
    return draft.miss(participant, `did not answer within ${seconds} s: it is of an older version, or hangs.`);
  }
  if (isLate(leftAtMs, failureDetectionMs)) return draft.miss(participant, `left the run at phase ${sight.phase}.`);
  // Those who train together are never apart by more than a phase.
  if (isLate(reachedAtMs, 2 * failureDetectionMs))
    return draft.miss(participant, 'did not hand over all that it recorded.');
  if (worker.isMember) draft.change(participant, { leftAtMs: undefined });
  else draft.change(participant, { leftAtMs: leftAtMs ?? nowMs });
}

function answered(draft: Draft, workerId: string, message: Extract<TraceMessage, { type: 'traceAnswer' }>): void {
  const participant = draft.participant(workerId);
  const { traceId, window } = draft.recording;
  if (!participant || !isActive(participant) || message.traceId !== traceId) return;
  const { answers, isFirst, isArmed } = participant;
  const clock = withExchange(participant.clock, { ...message, arrivedAtMs: draft.at.nowMs });
  const { nextPhase } = message;
  draft.change(participant, {
    status: 'recording',
    answers: answers + 1,
    clock,
    nextPhase,
    isArmed: window !== undefined,
  });
  if (answers + 1 < EXCHANGES) draft.order(participant);
  if (window !== undefined && isFirst && !isArmed && nextPhase > window.from) tooLate(draft, window, nextPhase);
}

/** The order came when the phase had begun: a later one is chosen, unless the person chose it. */
function tooLate(draft: Draft, { from }: Window, phase: number): void {
  const { asked, margin } = draft.recording;
  if (asked.firstPhase !== undefined) return draft.end(isOver(asked.runId, from, phase));
  draft.set({ margin: 2 * margin, window: undefined, hasBegun: false });
}

/** Orders name the phases once everybody has said how far it is. */
function settle(draft: Draft): void {
  const { active, at } = draft;
  const { asked, window, margin, hasBegun } = draft.recording;
  if (hasBegun) return;
  if (window !== undefined) return begin(draft, window);
  if (active.length === 0 || active.some(({ answers }) => answers < EXCHANGES)) return;
  const { phase, totalPhases } = at.sight;
  const from = Math.max(phase, ...active.map(({ nextPhase }) => nextPhase)) + margin;
  if (from >= totalPhases) return draft.end(nothingLeft(asked.runId, totalPhases));
  const chosen = { from, until: Math.min(from + asked.phaseCount, totalPhases) };
  draft.set({ window: chosen, traceId: at.freshId() });
  for (const participant of active) {
    draft.change(participant, { isArmed: false });
    draft.order(participant);
  }
  begin(draft, chosen);
}

function begin(draft: Draft, { from: firstPhase, until }: Window): void {
  draft.set({ hasBegun: true, spanCount: 0 });
  const workerIds = draft.active.map(({ workerId }) => workerId);
  const { phase } = draft.at.sight;
  draft.tell({ type: 'begun', firstPhase, phaseCount: until - firstPhase, phase, workerIds });
}

function handedOver(draft: Draft, workerId: string, message: Extract<TraceMessage, { type: 'traceSpans' }>): void {
  const participant = draft.participant(workerId);
  const { traceId, window, spanCount, reachedAtMs } = draft.recording;
  if (!participant || !isActive(participant) || message.traceId !== traceId || !window) return;
  const { spans, phase, last, dropped } = message;
  draft.tell({ type: 'spans', process: participant.process, spans });
  draft.set({ spanCount: spanCount + spans.length });
  draft.change(participant, { dropped: participant.dropped + dropped });
  if (!last) return;
  if (phase < window.until) return draft.miss(participant, `left the run at phase ${phase}.`);
  draft.change(participant, { status: 'done' });
  draft.set({ reachedAtMs: reachedAtMs ?? draft.at.nowMs });
}

function endIfOver(draft: Draft): void {
  const { recording, active, at } = draft;
  const { participants, spanCount, reachedAtMs, asked } = recording;
  const { runState, workers } = at.sight;
  if (spanCount > SPANS_MAX) {
    for (const participant of active) draft.miss(participant, `was cut off: the trace has ${SPANS_MAX} spans.`);
    return draft.end();
  }
  if (active.length > 0) return;
  if (reachedAtMs !== undefined) return draft.end();
  if (!goesOn(runState)) return spanCount > 0 ? draft.end() : draft.end(doesNotTrain(asked.runId, at.sight));
  // Whoever is in the run now has been given up: nobody is left who could come to the last phase.
  const isMute = participants.length > 0 && workers.some(({ isMember }) => isMember);
  if (isMute) return spanCount > 0 ? draft.end() : draft.end(nobodyRecords(participants));
}
