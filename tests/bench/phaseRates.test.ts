/** Proves that rates come from the time after the warm-up alone, and that a run that stops is an error that says why. */
import { describe, expect, it } from 'vitest';
import { measureRates } from '../../services/bench/phaseRates.ts';
import { phaseEvent as phase, stateEvent as state, told } from './events.ts';

const TIME = { warmUpMs: 1_000, measureMs: 2_000 };

describe('measureRates', () => {
  it('leaves out what came before the end of the warm-up', async () => {
    const events = told(
      state(0, 'queued'),
      state(5_000, 'starting'),
      state(10_000, 'running'),
      phase(10_900, 500, 99),
      phase(11_500, 1_000, 99),
      phase(12_500, 1_500, 10),
      phase(13_500, 2_000, 20),
      phase(99_999, 9_999, 99),
    );
    expect(await measureRates(events, TIME)).toEqual({
      measuredSeconds: 2,
      imagesPerSecond: 500,
      iterationMs: 200,
      parts: { computeMs: 30, exchangeMs: 4, waitMs: 0, applyMs: 2 },
    });
  });

  it('needs two events, however long one takes', async () => {
    const events = told(state(0, 'running'), phase(60_000, 500, 1), phase(120_000, 1_000, 1));
    expect((await measureRates(events, TIME)).measuredSeconds).toBe(60);
  });

  it.each([
    ['that fails', [state(0, 'running'), state(2_000, 'failed', 'Worker w stopped.')], 'Worker w stopped.'],
    ['that loses a worker', [state(0, 'running'), state(2_000, 'waiting', 'Worker w was lost.')], 'Worker w was lost.'],
    ['whose events end', [state(0, 'running'), phase(1_500, 500, 1)], 'Its events ended.'],
  ])('throws run-failed for a run %s', async (_, events, why) => {
    await expect(measureRates(told(...events), TIME)).rejects.toMatchObject({
      code: 'run-failed',
      message: `The measured run stopped: ${why}`,
    });
  });
});
