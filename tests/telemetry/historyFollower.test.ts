/** Proves that a follower hands on each event once and in order: those before it came, those while it read, and a flood. */
import { expect, it } from 'vitest';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { RunEventLog } from '../../services/telemetry/eventLog.ts';
import { HistoryFollower } from '../../services/telemetry/historyFollower.ts';
import { phaseEvent } from './events.ts';
import { temporaryFolder } from './temporaryFolder.ts';

it('misses nothing and repeats nothing, however much is told while it is away', async () => {
  const history = await RunEventLog.open(temporaryFolder());
  const follower = new HistoryFollower(history);
  let sequence = 0;
  const tell = async (count: number) => {
    for (const end = sequence + count; sequence < end; sequence += 1) {
      await history.append(phaseEvent(sequence));
      follower.offer(phaseEvent(sequence));
    }
  };
  await tell(10);
  const seen: RunEvent[][] = [];
  for await (const batch of follower.batches(7)) {
    seen.push([...batch]);
    // In the middle of the history; then more than wait in memory; then while it waits.
    if (seen.length === 1) await tell(5);
    if (seen.length === 2) await tell(5_000);
    if (sequence === 5_015 && batch.at(-1)?.sequence === 5_014) {
      setTimeout(() => void tell(1).then(() => follower.close()), 10);
    }
  }
  expect(seen.flat().map((event) => event.sequence)).toEqual(Array.from({ length: 5_016 }, (_, i) => i));
  expect(Math.max(...seen.map(({ length }) => length))).toBe(7);
  await history.close();
});
