/** Proves that the timer sums each part apart, counts failed work too, and begins anew at every report. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SpanRecorder } from '../../services/trace/recorder.ts';
import { nowMs } from '../../services/trace/span.ts';
import { PhaseTimer } from '../../services/worker/phaseTimer.ts';

const NOTHING = { computeMs: 0, exchangeMs: 0, waitMs: 0, applyMs: 0 };

describe('the timer', () => {
  it('has measured nothing before anything happened', () => {
    expect(new PhaseTimer(new SpanRecorder(nowMs)).take()).toEqual({
      timings: NOTHING,
      phaseCount: 0,
      exchangedBytes: 0,
      savedBytes: 0,
    });
  });

  it('adds up each part, and gives what the work gives', async () => {
    const timer = new PhaseTimer(new SpanRecorder(nowMs));
    expect(await timer.time('compute', sleep(20, 'done'))).toBe('done');
    await timer.time('compute', sleep(20));
    await timer.time('apply', sleep(20));
    const { timings } = timer.take();
    // A sleep may end a millisecond early, and much later on a busy machine.
    expect(timings.computeMs).toBeGreaterThan(37);
    expect(timings.applyMs).toBeGreaterThan(18);
    expect(timings.applyMs).toBeLessThan(timings.computeMs + 1_000);
    expect(timings).toMatchObject({ exchangeMs: 0, waitMs: 0 });
  });

  it('counts work that failed, and passes its error on', async () => {
    const timer = new PhaseTimer(new SpanRecorder(nowMs));
    const failing = sleep(20).then(() => {
      throw new Error('lost');
    });
    await expect(timer.time('exchange', failing)).rejects.toThrow('lost');
    expect(timer.take().timings.exchangeMs).toBeGreaterThan(18);
  });

  it('counts phases and bytes, and begins anew after each report', () => {
    const timer = new PhaseTimer(new SpanRecorder(nowMs));
    timer.exchanged({ bytes: 100, savedBytes: 50 });
    timer.phaseDone();
    timer.exchanged({ bytes: 20, savedBytes: 10 });
    timer.phaseDone();
    expect(timer.take()).toMatchObject({ phaseCount: 2, exchangedBytes: 120, savedBytes: 60 });
    expect(timer.take()).toEqual({ timings: NOTHING, phaseCount: 0, exchangedBytes: 0, savedBytes: 0 });
  });
});
