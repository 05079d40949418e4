/** Proves that the coordinator's process ends at once where another owns its folder, with the reason, and has written nothing more. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

it('ends with exit code 1, and leaves lock and history to the other', async () => {
  const cluster = await Cluster.start();
  try {
    const runId = await cluster.launch(smallRun({ name: 'theirs', phases: 1_000, workers: 1 }));
    const [lock, events] = [join('.journal', 'lock'), join(runId, 'events.jsonl')].map((name) =>
      join(cluster.dataDir, name),
    ) as [string, string];
    const before = await readFile(events, 'utf8');
    const ended = once(cluster.coordinator.child, 'close');
    await writeFile(lock, '1 1 another-machine');
    expect(await ended).toEqual([1, null]);
    expect(cluster.coordinator.words()).toMatch(/\(process 1 of another container or machine\) already owns/);
    expect(cluster.coordinator.words()).toContain('This coordinator stood still meanwhile, and ends');
    expect(await readFile(lock, 'utf8')).toBe('1 1 another-machine');
    expect(await readFile(events, 'utf8')).toBe(before);
  } finally {
    await cluster.stop();
  }
});
