/**
 * Proves whom a trace orders what, whom it waits for and for how long, and how it ends: told as stories of what workers say
 * and of what the coordinator sees.
 */
import { describe, expect, it } from 'vitest';
import type { TraceMessage } from '../../../services/control/messages.ts';
import type { At, Recording, RecordingEffect, Sight } from '../../../services/coordinator/tracing/draft.ts';
import {
  newRecording,
  type RecordingEvent,
  record,
  SPANS_MAX,
} from '../../../services/coordinator/tracing/recording.ts';
import { refusal } from '../../../services/coordinator/tracing/refusal.ts';
import { EXCHANGES } from '../../../services/trace/clockFilter.ts';
import type { AskedTrace, TracePart } from '../../../services/trace/tracePart.ts';

const T = 5_000;
const SPAN = { track: 'compute', name: 'apply', beginMs: 1, endMs: 2 };

class Story {
  now = 0;
  readonly told: TracePart[] = [];
  end: Extract<RecordingEffect, { type: 'end' }> | undefined;
  #orders: string[] = [];
  #ids = 0;
  #recording: Recording;
  #workers = new Map<string, { connectedAtMs: number; isMember: boolean }>();
  #run: Omit<Sight, 'workers'> = { runState: 'running', why: '', phase: 10, totalPhases: 1_000 };

  constructor(phases: { from?: number; count: number }, members: readonly string[] = ['one', 'two']) {
    for (const id of members) this.#workers.set(id, { connectedAtMs: 0, isMember: true });
    const asked: AskedTrace = { runId: 'r', firstPhase: phases.from, phaseCount: phases.count };
    this.#recording = newRecording(asked, this.#at());
    this.look();
  }

  get window() {
    return this.#recording.window;
  }

  /** What was ordered since this was last asked. */
  orders(): string[] {
    return this.#orders.splice(0);
  }

  /** Each that is missing, or has lost spans, with why. */
  get missing(): string[] {
    return this.told.flatMap((part) => (part.type === 'process' && part.missing !== '' ? [part.missing] : []));
  }

  look(isTick = false): this {
    return this.#feed({ type: 'looked', isTick });
  }

  tick(afterMs: number): this {
    this.now += afterMs;
    return this.look(true);
  }

  sees(run: Partial<Omit<Sight, 'workers'>>): this {
    this.#run = { ...this.#run, ...run };
    return this.look();
  }

  joins(id: string): this {
    this.#workers.set(id, { connectedAtMs: this.now, isMember: true });
    return this.look();
  }

  isReleased(id: string): this {
    this.#workers.set(id, { connectedAtMs: 0, isMember: false });
    return this.look();
  }

  belongsAgain(id: string): this {
    this.#workers.set(id, { connectedAtMs: 0, isMember: true });
    return this.look();
  }

  isLost(id: string): this {
    this.#workers.delete(id);
    return this.look();
  }

  answers(id: string, nextPhase: number, times = 1): this {
    const { traceId } = this.#recording;
    const at = { sentAtMs: this.now, receivedAtMs: this.now, answeredAtMs: this.now };
    for (let i = 0; i < times; i++) this.says(id, { type: 'traceAnswer', traceId, ...at, nextPhase });
    return this;
  }

  hands(
    id: string,
    phase: number,
    { last = false, count = 1, dropped = 0, traceId = this.#recording.traceId } = {},
  ): this {
    return this.says(id, { type: 'traceSpans', traceId, spans: Array(count).fill(SPAN), phase, last, dropped });
  }

  says(workerId: string, message: TraceMessage): this {
    return this.#feed({ type: 'said', workerId, message });
  }

  get traceId(): number {
    return this.#recording.traceId;
  }

  #at(): At {
    const workers = [...this.#workers].map(([workerId, worker]) => ({ workerId, ...worker }));
    const freshId = () => ++this.#ids;
    return { nowMs: this.now, failureDetectionMs: T, sight: { ...this.#run, workers }, freshId };
  }

  #feed(event: RecordingEvent): this {
    if (this.end) return this;
    const { recording, effects } = record(this.#recording, event, this.#at());
    this.#recording = recording;
    for (const effect of effects) {
      if (effect.type === 'tell') this.told.push(effect.part);
      else if (effect.type === 'end') this.end = effect;
      else this.#orders.push(effect.over ? `${effect.workerId} over` : effect.workerId);
    }
    return this;
  }
}

/** The next two phases of two workers, which know them: 14 and 15. */
function armed(): Story {
  const story = new Story({ count: 2 }).answers('one', 12, EXCHANGES).answers('two', 11, EXCHANGES);
  story.answers('one', 12).answers('two', 12).orders();
  return story;
}

describe('the next phases', () => {
  it('are asked for until the clocks are known, and then begin behind the furthest worker', () => {
    const story = new Story({ count: 2 });
    expect(story.orders()).toEqual(['one', 'two']);
    expect(story.answers('one', 12, EXCHANGES - 1).orders()).toHaveLength(EXCHANGES - 1);
    expect(story.answers('one', 12).answers('two', 11, EXCHANGES - 1).window).toBeUndefined();
    story.orders();
    story.answers('two', 11);
    expect([story.window, story.orders()]).toEqual([{ from: 14, until: 16 }, ['one', 'two']]);
    expect(story.told).toEqual([
      { type: 'begun', firstPhase: 14, phaseCount: 2, phase: 10, workerIds: ['one', 'two'] },
    ]);
  });

  it('begin later where the order came too late, and what was recorded by it counts no more', () => {
    const story = new Story({ count: 2 }).answers('one', 12, EXCHANGES).answers('two', 12, EXCHANGES);
    const before = story.traceId;
    story.answers('one', 13).answers('two', 15);
    expect(story.window).toEqual({ from: 19, until: 21 });
    story.hands('one', 15, { traceId: before });
    expect(story.told.map(({ type }) => type)).toEqual(['begun', 'begun']);
  });

  it('are fewer at the end of a run, and none where nothing is left', () => {
    const short = new Story({ count: 9 }, ['one']).sees({ totalPhases: 17 }).answers('one', 12, EXCHANGES);
    expect(short.window).toEqual({ from: 14, until: 17 });
    const none = new Story({ count: 9 }, ['one']).sees({ totalPhases: 14 }).answers('one', 12, EXCHANGES);
    expect(none.end?.why?.message).toMatch(/^r is about to end/);
  });

  it('wait for workers where the run has none', () => {
    const story = new Story({ count: 2 }, []).tick(60_000);
    expect(story.end).toBeUndefined();
    expect(story.joins('one').orders()).toEqual(['one']);
    expect(story.answers('one', 0, EXCHANGES).window).toEqual({ from: 12, until: 14 });
  });
});

describe('phases that a person names', () => {
  it('are ordered at once', () => {
    const story = new Story({ from: 50, count: 10 });
    expect([story.window, story.orders()]).toEqual([{ from: 50, until: 60 }, ['one', 'two']]);
    expect(story.told[0]).toMatchObject({ type: 'begun', firstPhase: 50, phaseCount: 10 });
  });

  it('are over where a worker has begun them: the order came too late', () => {
    const story = new Story({ from: 11, count: 10 }).answers('one', 11).answers('two', 12);
    expect(story.end?.why).toMatchObject({
      code: 'wrong-state',
      message: 'Phase 11 of r is over: the run is at phase 12.',
    });
    expect(story.orders()).toEqual(expect.arrayContaining(['one over', 'two over']));
  });

  it('are refused where they are over, or behind the end, or where the run does not go on', () => {
    const sight: Sight = { runState: 'running', why: 'It trains.', phase: 10, totalPhases: 100, workers: [] };
    const ask = (from: number | undefined, count: number, change: Partial<Sight> = {}) =>
      refusal({ runId: 'r', firstPhase: from, phaseCount: count }, { ...sight, ...change });
    expect(ask(10, 90)).toBeUndefined();
    expect(ask(undefined, 1_000)).toBeUndefined();
    expect(ask(20, 0)).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(/0 phases/) });
    expect(ask(9, 2)?.message).toBe('Phase 9 of r is over: the run is at phase 10.');
    expect(ask(10, 91)).toMatchObject({
      code: 'invalid-argument',
      message: 'r has the phases 0 to 99: found 10–100.',
      remedy: 'Ask for phases from 10 to 99.',
    });
    for (const runState of ['queued', 'starting', 'waiting'] as const) expect(ask(20, 1, { runState })).toBeUndefined();
    for (const runState of ['pausing', 'paused', 'completed', 'failed', 'cancelled'] as const) {
      const message = `r does not train: it is ${runState} at phase 10. It trains.`;
      expect(ask(20, 1, { runState })).toMatchObject({ code: 'wrong-state', message });
    }
  });
});

describe('a trace', () => {
  it('is over when every worker has handed over all, and says what their clocks are', () => {
    const story = armed().hands('one', 15).hands('two', 16, { last: true });
    expect(story.end).toBeUndefined();
    story.hands('one', 16, { last: true });
    expect(story.end).toEqual({ type: 'end', why: undefined });
    expect(story.orders()).toEqual([]);
    expect(story.told.slice(-2)).toEqual(
      ['one', 'two'].map((id, index) => ({
        ...{ type: 'process', process: index + 1, name: `worker ${id}`, missing: '', dropped: 0 },
        clock: { offsetMs: 0, uncertaintyMs: 0 },
      })),
    );
  });

  it('compares clocks on and on, for they drift apart', () => {
    expect(armed().tick(1_000).orders()).toEqual(['one', 'two']);
    expect(armed().look().orders()).toEqual([]);
  });

  it('goes on without a worker that is lost, and keeps what it had handed over', () => {
    const story = armed().hands('two', 15).isLost('two');
    expect(story.end).toBeUndefined();
    story.hands('one', 16, { last: true });
    expect(story.missing).toEqual(['Worker two was lost: its connection ended at phase 10.']);
    expect(story.told.filter(({ type }) => type === 'spans')).toHaveLength(2);
  });

  it('takes in who joins, or comes back, as a process of its own', () => {
    const story = armed().isLost('two');
    story.now += 10;
    story.joins('two').joins('three');
    expect(story.orders()).toEqual(['two', 'three']);
    // Late is no mistake of theirs.
    story.answers('two', 15).answers('three', 15).hands('two', 16, { last: true });
    story.hands('three', 16, { last: true }).hands('one', 16, { last: true });
    expect(story.end?.why).toBeUndefined();
    expect(story.told.flatMap((part) => (part.type === 'process' ? [[part.process, part.name]] : []))).toEqual([
      [1, 'worker one'],
      [2, 'worker two'],
      [3, 'worker two'],
      [4, 'worker three'],
    ]);
  });

  it('takes in again who left the run and is needed once more', () => {
    const story = armed().isReleased('two').hands('two', 15, { last: true });
    story.orders();
    expect(story.belongsAgain('two').look().orders()).toEqual(['two']);
    story.answers('two', 15).hands('two', 16, { last: true }).hands('one', 16, { last: true });
    expect(story.missing).toEqual(['Worker two left the run at phase 15.']);
    expect(story.told.filter(({ type }) => type === 'process')).toHaveLength(3);
  });

  it('names a worker that does not answer, of an older version, and goes on', () => {
    const story = new Story({ count: 2 }).answers('one', 12, EXCHANGES).tick(T);
    expect(story.window).toBeUndefined();
    story.tick(1);
    expect(story.window).toEqual({ from: 14, until: 16 });
    story.answers('one', 12).hands('one', 16, { last: true });
    expect(story.missing).toEqual(['Worker two did not answer within 5.0 s: it is of an older version, or hangs.']);
  });

  it('fails where nobody answers', () => {
    const story = new Story({ from: 50, count: 2 }).tick(T + 1);
    expect(story.end?.why).toMatchObject({
      code: 'wrong-state',
      message: expect.stringMatching(/^Nothing was recorded. Worker one did/),
    });
  });

  it('does not wait for ever for what a worker has not handed over', () => {
    const story = armed()
      .hands('one', 16, { last: true })
      .tick(2 * T);
    expect(story.end).toBeUndefined();
    expect(story.tick(1).missing).toEqual(['Worker two did not hand over all that it recorded.']);
    expect(story.orders()).toContain('two over');
  });

  it('names a worker that went on with a state from beyond the phases', () => {
    const story = armed().hands('two', 30, { last: true, count: 0 });
    expect(story.hands('one', 15).hands('one', 16, { last: true, count: 0 }).missing).toEqual([
      'Worker two went on at phase 30 before it recorded one.',
    ]);
    const none = armed().hands('two', 30, { last: true, count: 0 }).hands('one', 30, { last: true, count: 0 });
    expect(none.end?.why?.message).toMatch(/^Nothing was recorded\. Worker one went on at phase 30/);
  });

  it('waits for the last words of a worker that was released, but not for ever', () => {
    const said = armed().isReleased('two').hands('two', 15, { last: true }).hands('one', 16, { last: true });
    expect(said.missing).toEqual(['Worker two left the run at phase 15.']);
    const silent = armed().isReleased('two').hands('one', 16, { last: true }).tick(T);
    expect(silent.end).toBeUndefined();
    expect(silent.tick(1).missing).toEqual(['Worker two left the run at phase 10.']);
  });

  it('is not ended by a worker that is between two generations', () => {
    const story = armed().isReleased('two').tick(T);
    story.belongsAgain('two').tick(T);
    expect(story.hands('one', 16, { last: true }).end).toBeUndefined();
    expect(story.hands('two', 16, { last: true }).missing).toEqual([]);
  });

  it('ends with the run: with what it has, or with a sentence where it has nothing', () => {
    const cancelled = armed().hands('one', 15).sees({ runState: 'cancelled', why: 'A person ended it.' });
    cancelled.hands('one', 15, { last: true }).hands('two', 15, { last: true });
    expect([cancelled.end?.why, cancelled.missing.length]).toEqual([undefined, 2]);
    const paused = new Story({ from: 500, count: 2 }, ['one']).answers('one', 12).sees({ runState: 'paused' });
    expect(paused.isReleased('one').tick(T).tick(1).end?.why?.message).toBe(
      'r does not train: it is paused at phase 10.',
    );
  });

  it('is cut off where it has too many spans, and says so', () => {
    const story = armed().hands('one', 15, { count: SPANS_MAX + 1, dropped: 3 });
    expect(story.end?.why).toBeUndefined();
    expect(story.missing[0]).toBe(`Worker one was cut off: the trace has ${SPANS_MAX} spans.`);
    expect(story.orders()).toEqual(['one over', 'two over']);
    expect(story.told.find((part) => part.type === 'process')).toMatchObject({ dropped: 3 });
  });

  it('takes nothing of a worker that it did not ask, or of another trace', () => {
    const story = armed();
    const before = story.told.length;
    story.hands('three', 16, { last: true }).hands('one', 16, { last: true, traceId: 77 });
    story.says('three', {
      type: 'traceAnswer',
      traceId: 1,
      sentAtMs: 0,
      receivedAtMs: 0,
      answeredAtMs: 0,
      nextPhase: 0,
    });
    expect([story.told.length, story.end, story.orders()]).toEqual([before, undefined, []]);
  });
});
