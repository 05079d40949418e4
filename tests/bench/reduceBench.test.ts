/** Proves that the all-reduce is measured over the real road: a coordinator, two worker processes, sockets or gRPC. */
import { expect, it } from 'vitest';
import { benchReduce } from '../../services/bench/reduceBench.ts';
import { CHUNK_VALUES } from '../../services/collective/chunk.ts';

it.each(['direct', 'star'] as const)('%s: sums one and a half chunks; the peers check every sum', async (road) => {
  const values = CHUNK_VALUES + CHUNK_VALUES / 2;
  const bench = await benchReduce(values, 3, { road, workers: 2 });
  expect(bench).toMatchObject({ road, workers: 2, bytes: values * 4, rounds: 3 });
  expect(bench.minMs).toBeGreaterThan(0);
  expect(bench.medianMs).toBeGreaterThanOrEqual(bench.minMs);
  expect(bench.medianGigabytesPerSecond).toBeCloseTo(bench.bytes / (bench.medianMs / 1000) / 1e9);
});
