/** Proves that a worker records the phases that were asked for, whole and no others, hands them over, and keeps nothing else. */
import { describe, expect, it } from 'vitest';
import { PENDING_SPANS_MAX, type RecordedBatch, SpanRecorder } from '../../services/trace/recorder.ts';

function worker() {
  let now = 0;
  const recorder = new SpanRecorder(() => now);
  const sent: RecordedBatch[] = [];
  const ask = (fromPhase: number, untilPhase: number, traceId = 1, runId = 'r') =>
    recorder.order({ traceId, runId, fromPhase, untilPhase }, (batch) => void sent.push(batch));
  /** A phase of 10 ms, in which 3 are computed. */
  const begin = (phase: number) => {
    recorder.begins(phase, `phase ${phase}`);
    recorder.span('compute', `gradient ${phase}`, now + 1, now + 4);
    now += 10;
  };
  const commit = (phase: number) => {
    begin(phase);
    recorder.committed();
  };
  const names = () => sent.flatMap(({ spans }) => spans.map(({ name }) => name));
  recorder.joins('r', 0);
  return { recorder, sent, ask, begin, commit, names };
}

describe('a worker', () => {
  it('records the phases that were asked for, and says when that was all', () => {
    const { ask, commit, recorder, sent, names } = worker();
    expect(ask(1, 3)).toBe(0);
    for (let phase = 0; phase < 4; phase++) commit(phase);
    recorder.ends();
    expect(names()).toEqual(['gradient 1', 'phase 1', 'gradient 2', 'phase 2']);
    expect(sent.map(({ phase, last }) => [phase, last])).toEqual([
      [2, false],
      [3, false],
      [3, true],
    ]);
    expect(sent[0]).toEqual({
      ...{ traceId: 1, phase: 2, last: false, dropped: 0 },
      spans: [
        { track: 'compute', name: 'gradient 1', beginMs: 11, endMs: 14 },
        { track: 'phases', name: 'phase 1', beginMs: 10, endMs: 20 },
      ],
    });
  });

  it('keeps nothing while nobody asks', () => {
    const { recorder, commit, sent } = worker();
    for (let phase = 0; phase < 3; phase++) commit(phase);
    expect([recorder.isOn, sent]).toEqual([false, []]);
  });

  it('records the last phases of a run', () => {
    const { ask, commit, recorder, sent, names } = worker();
    ask(0, 2);
    commit(0);
    commit(1);
    recorder.ends();
    expect([names().length, sent.at(-1)?.last]).toEqual([4, true]);
  });

  it('says which phase it can record whole', () => {
    const { ask, begin, recorder } = worker();
    begin(0);
    expect(ask(0, 0)).toBe(1);
    recorder.committed();
    recorder.ends();
    expect(ask(0, 0)).toBe(1);
    recorder.joins('r', 7);
    expect(ask(0, 0)).toBe(7);
  });

  it('begins anew by another order, and not by the same', () => {
    const { ask, commit, sent, names } = worker();
    ask(0, 9);
    commit(0);
    commit(1);
    ask(0, 9);
    commit(2);
    ask(4, 5, 2);
    for (let phase = 3; phase < 6; phase++) commit(phase);
    expect(names()).toEqual(['gradient 0', 'phase 0', 'gradient 1', 'phase 1', 'gradient 4', 'phase 4']);
    expect(sent.map(({ traceId }) => traceId)).toEqual([1, 1, 2, 2]);
  });

  it('is told too late: says so at once, and hands over nothing when it has answered', () => {
    const { ask, commit, sent } = worker();
    commit(0);
    commit(1);
    expect([ask(0, 1), sent]).toEqual([2, []]);
    commit(2);
    expect(sent).toEqual([{ traceId: 1, spans: [], phase: 2, last: true, dropped: 0 }]);
  });

  it('names a phase that was dropped, and records it again', () => {
    const { ask, begin, commit, recorder, names } = worker();
    ask(0, 1);
    begin(0);
    recorder.ends();
    recorder.joins('r', 0);
    commit(0);
    recorder.ends();
    expect(names()).toEqual(['gradient 0', 'phase 0, dropped', 'gradient 0', 'phase 0']);
  });

  it('hands over what it has when it leaves, and records nothing of another run', () => {
    const { ask, commit, recorder, sent } = worker();
    ask(0, 10);
    commit(0);
    recorder.leaves();
    expect(sent.at(-1)).toMatchObject({ phase: 1, last: true });
    ask(0, 10, 2, 'another');
    recorder.joins('r', 0);
    commit(0);
    expect([recorder.isOn, sent.length]).toEqual([false, 2]);
  });

  it('forgets it all where nobody listens any more', () => {
    const { ask, commit, recorder, sent } = worker();
    ask(0, 10);
    recorder.forget();
    commit(0);
    recorder.ends();
    expect(sent).toEqual([]);
  });

  it('bounds its messages, and what it keeps', () => {
    const { ask, recorder, sent } = worker();
    ask(0, 1);
    for (let i = 0; i < PENDING_SPANS_MAX + 7; i++) recorder.span('compute', 'x', 0, 1);
    recorder.leaves();
    expect(Math.max(...sent.map(({ spans }) => spans.length))).toBe(1_024);
    expect(sent.reduce((sum, { spans }) => sum + spans.length, 0)).toBe(PENDING_SPANS_MAX);
    expect(sent.map(({ dropped, last }) => [dropped, last]).at(-1)).toEqual([7, true]);
    expect(sent.filter(({ last }) => last)).toHaveLength(1);
  });
});
