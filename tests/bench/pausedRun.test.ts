/** Proves that a resumed run is timed from report to report, after its warm-up, and that one that stops says why. */
import { describe, expect, it } from 'vitest';
import { blockTimes } from '../../services/bench/pausedRun.ts';
import { phaseEvent, stateEvent, told } from './events.ts';

describe('blockTimes', () => {
  it('leaves out the states before the first report and two blocks after it', async () => {
    const reports = [5_000, 5_900, 6_000, 6_100, 6_250, 9_999].map((timeMs) => phaseEvent(timeMs, 0, 1));
    const events = told(stateEvent(0, 'starting'), stateEvent(10, 'running'), ...reports);
    expect(await blockTimes(events, 2)).toEqual([100, 150]);
  });

  it.each([
    ['fails', [phaseEvent(1, 0, 1), stateEvent(2, 'failed', 'Worker w stopped.')], 'Worker w stopped.'],
    ['ends', [stateEvent(0, 'running'), phaseEvent(1, 0, 1)], 'Its events ended.'],
  ])('throws run-failed for a run that %s', async (_, events, why) => {
    await expect(blockTimes(told(...events), 2)).rejects.toMatchObject({
      code: 'run-failed',
      message: `The measured run stopped: ${why}`,
    });
  });
});
