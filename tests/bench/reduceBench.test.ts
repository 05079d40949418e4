/** Proves that the all-reduce is measured over the real road: a coordinator, gRPC, two worker processes. */
import { expect, it } from 'vitest';
import { benchReduce } from '../../services/bench/reduceBench.ts';
import { CHUNK_VALUES } from '../../services/collective/chunk.ts';

it('sums a gradient of one and a half chunks; the peers check every sum', async () => {
  const values = CHUNK_VALUES + CHUNK_VALUES / 2;
  const bench = await benchReduce(values, 3);
  expect(bench).toMatchObject({ workers: 2, bytes: values * 4, rounds: 3 });
  expect(bench.minMs).toBeGreaterThan(0);
  expect(bench.medianMs).toBeGreaterThanOrEqual(bench.minMs);
  expect(bench.medianGigabytesPerSecond).toBeCloseTo(bench.bytes / (bench.medianMs / 1000) / 1e9);
});
