/**
 * Proves by what two real workers write down that gradients travel while others are computed: D's while G's are, D's while
 * the next fakes are made, and the first shards' while the last one is. Round r of a trace begins where its first part may
 * leave and ends where the sum is there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

interface Span {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
}

const PHASES = 60;

let cluster: Cluster;
let traces: readonly [string, string];
beforeAll(async () => {
  cluster = await Cluster.start();
  traces = [join(cluster.dataDir, 'one.json'), join(cluster.dataDir, 'two.json')];
});
afterAll(() => cluster.stop());

it.each([
  [
    'simultaneous: D’s, while G’s are computed',
    { schedule: 'simultaneous', shards: 2 },
    (phase: number) => [2 * phase, new RegExp(`^gradient of generator, shard \\d, phase ${phase}$`)] as const,
  ],
  [
    'alternating: D’s, while the next fakes are made',
    { schedule: 'alternating', shards: 2 },
    (phase: number) => [phase, new RegExp(`^prepare, shard \\d, phase ${phase + 1}$`)] as const,
  ],
  // Of shards 0, 1 and 2 the first two are one part, the last another; of 3, 4 and 5 likewise.
  [
    'many shards: the first ones’, while the last one is computed',
    { schedule: 'alternating', shards: 6 },
    (phase: number) => [phase, new RegExp(`^gradient of \\w+, shard [25], phase ${phase}$`)] as const,
  ],
] as const)('%s', async (_name, run, of) => {
  for (const [index, id] of ['one', 'two'].entries()) {
    await cluster.addWorkers([id], 'tensorflow', { flags: ['--trace', traces[index] ?? ''] });
  }
  await cluster.completed(await cluster.launch(smallRun({ ...run, phases: PHASES, hidden: 512, everyPhases: 1000 })));
  for (const id of ['one', 'two']) await cluster.killWorker(id, 'SIGTERM');
  for (const path of traces) {
    const spans = await read(path);
    const overlaps: number[] = [];
    // In alternating, D's phases are the even ones. The first phases are traced and compared.
    for (let phase = 10; phase < PHASES - 1; phase += 2) {
      const [round, work] = of(phase);
      const travels = spans.find(({ name }) => name === `round ${round}`);
      const computes = spans.filter(({ name }) => work.test(name)).at(-1);
      expect([round, travels, computes]).toEqual([round, expect.anything(), expect.anything()]);
      if (travels && computes) overlaps.push(overlapOf(travels, computes));
    }
    // Where little is computed, it is sometimes done before the first byte leaves.
    expect(overlaps.filter((micros) => micros > 0).length).toBeGreaterThan(0.5 * overlaps.length);
  }
});

function overlapOf(a: Span, b: Span): number {
  return Math.min(a.ts + a.dur, b.ts + b.dur) - Math.max(a.ts, b.ts);
}

/** The array form needs no end. */
async function read(path: string): Promise<Span[]> {
  const text = (await readFile(path, 'utf8')).trimEnd().replace(/,$/, '');
  return (JSON.parse(`${text}]`) as Span[]).filter(({ ph }) => ph === 'X');
}
