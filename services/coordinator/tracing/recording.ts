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
import { EXCHANGES, withExchange } from '../../trace/clockFilter.ts';
import type { AskedTrace } from '../../trace/tracePart.ts';
import { type At, Draft, type Recording, type RecordingEffect, type Sight, type Window } from './draft.ts';
import { isActive, type Participant } from './participant.ts';
import { doesNotTrain, goesOn, isOver, nobodyRecords, nothingLeft } from './refusal.ts';

export type RecordingEvent =
  | { readonly type: 'looked'; readonly isTick: boolean }
  | { readonly type: 'said'; readonly workerId: string; readonly message: TraceMessage };

/** Some 19,000 phases of two workers: 27 MB of JSON, and 300 MB of memory in the program that asks. */
export const SPANS_MAX = 250_000;
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

/** Who came, who went, and who was silent for too long. */
function looked(draft: Draft, isTick: boolean): void {
  const { nowMs, sight } = draft.at;
  const workers = new Map(sight.workers.map((worker) => [worker.workerId, worker]));
  for (const participant of draft.active) {
    const worker = workers.get(participant.workerId);
    missIfGone(draft, participant, worker?.connectedAtMs === participant.connectedAtMs ? worker : undefined);
  }
  for (const { workerId, connectedAtMs, isMember } of workers.values()) {
    const { participants, hasBegun } = draft.recording;
    const last = draft.participant(workerId);
    // Who left, and is needed once more, records anew.
    const isNew = last?.connectedAtMs !== connectedAtMs || (last.status === 'missing' && last.leftAtMs !== undefined);
    if (!isMember || !isNew) continue;
    const process = participants.length + 1;
    const newcomer: Participant = {
      ...{ process, workerId, connectedAtMs, status: 'asked', why: '', askedAtMs: nowMs, answers: 0, clock: [] },
      ...{ nextPhase: 0, isArmed: false, isFirst: !hasBegun, leftAtMs: undefined, spanCount: 0, dropped: 0 },
    };
    draft.set({ participants: [...participants, newcomer] });
    draft.order(newcomer);
  }
  // Clocks drift apart: those of a long trace are compared on and on.
  if (isTick) for (const participant of draft.active) if (participant.status === 'recording') draft.order(participant);
}

/** `worker` is undefined where its connection ended. */
function missIfGone(draft: Draft, participant: Participant, worker: Sight['workers'][number] | undefined): void {
  const { sight, nowMs, failureDetectionMs } = draft.at;
  const { status, askedAtMs, leftAtMs } = participant;
  const { reachedAtMs } = draft.recording;
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
  const handed = participant.spanCount + spans.length;
  draft.change(participant, { spanCount: handed, dropped: participant.dropped + dropped });
  if (!last) return;
  if (phase < window.until) {
    draft.change(participant, { leftAtMs: draft.at.nowMs });
    return draft.miss(participant, `left the run at phase ${phase}.`);
  }
  // The run went on with a state from beyond these phases: another worker had computed them, cut off from here.
  if (participant.isFirst && handed === 0)
    return draft.miss(participant, `went on at phase ${phase} before it recorded one.`);
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
