/**
 * Proves by what two real workers write down that gradients travel while others are computed: D's while G's are, D's while
 * the next fakes are made, and the first shards' while the last one is. Round r of a trace begins where its first part may
 * leave and ends where the sum is there.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gatherTrace } from '../../services/trace/recordedTrace.ts';
import type { Span } from '../../services/trace/span.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const PHASES = 60;

/** A round on its way, and what can be computed meanwhile. */
interface Pair {
  readonly travels: Span;
  readonly computes: Span;
}

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.addWorkers(['one', 'two']);
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
  const runId = await cluster.launch(smallRun({ ...run, phases: PHASES, hidden: 1200, everyPhases: 1000 }));
  // The first phases are traced by the compiler, and compared.
  const asked = { runId, firstPhase: 10, phaseCount: PHASES - 10 };
  const trace = await gatherTrace(runId, cluster.client.traceRun(asked), () => undefined);
  await cluster.completed(runId);
  for (const process of [1, 2]) {
    const spans = trace.spans.get(process) ?? [];
    const pairs: Pair[] = [];
    // In alternating, D's phases are the even ones.
    for (let phase = 10; phase < PHASES - 1; phase += 2) {
      const [round, work] = of(phase);
      const travels = spans.find(({ name }) => name === `round ${round}`);
      const computes = spans.filter(({ name }) => work.test(name)).at(-1);
      expect([round, travels, computes]).toEqual([round, expect.anything(), expect.anything()]);
      if (travels && computes) pairs.push({ travels, computes });
    }
    expect(pairs.filter(isSerial).length).toBeLessThan(0.2 * pairs.length);
    // Where little is computed, it is often done just before the first byte leaves.
    expect(pairs.filter(isConcurrent).length).toBeGreaterThan(0.2 * pairs.length);
  }
});

/** Whether what could have been computed meanwhile has waited for the sum. */
function isSerial({ travels, computes }: Pair): boolean {
  return computes.beginMs >= travels.endMs;
}

function isConcurrent({ travels, computes }: Pair): boolean {
  return computes.beginMs < travels.endMs && travels.beginMs < computes.endMs;
}
