/** Proves that memory is read in the phases before each point alone, and that a run that stops early is an error. */
import { expect, it } from 'vitest';
import { readAt } from '../../services/bench/memoryBench.ts';
import { phaseEvent, stateEvent, told } from './events.ts';

const reports = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ ...phaseEvent(i, 0, 1), phase: 100 * i + 99 }));

it('gives the median of each process at both points', async () => {
  let read = 0;
  const events = told(stateEvent(0, 'running'), ...reports(40));
  const [few, many] = await readAt(events, [1_000, 3_000], async () => {
    read += 1;
    return [read, 10 * read];
  });
  // Four readings before each: 1 … 4, and 5 … 8.
  expect([few, many, read]).toEqual([[2.5, 25], [6.5, 65], 8]);
});

it('throws run-failed where the run ends before', async () => {
  await expect(readAt(told(...reports(20)), [1_000, 3_000], async () => [1])).rejects.toMatchObject({
    code: 'run-failed',
    message: 'The measured run stopped: Its events ended.',
  });
});
