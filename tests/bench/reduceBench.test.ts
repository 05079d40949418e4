/** Proves that the all-reduce is measured over the real road: a coordinator, two worker processes, sockets or gRPC. */
import { expect, it } from 'vitest';
import { benchEcho } from '../../services/bench/echoBench.ts';
import { benchReduce } from '../../services/bench/reduceBench.ts';
import { CHUNK_VALUES } from '../../services/collective/chunk.ts';

it.each([
  ['direct', 'fp32'],
  ['direct', 'bf16'],
  ['star', 'bf16'],
] as const)('%s, %s: sums one and a half chunks; the peers check every sum', async (road, wireFormat) => {
  const values = CHUNK_VALUES + CHUNK_VALUES / 2;
  const bench = await benchReduce(values, 3, { road, workers: 2, wireFormat });
  expect(bench).toMatchObject({ road, wireFormat, workers: 2, bytes: values * 4, rounds: 3 });
  expect(bench.minMs).toBeGreaterThan(0);
  expect(bench.medianMs).toBeGreaterThanOrEqual(bench.minMs);
  expect(bench.medianGigabytesPerSecond).toBeCloseTo(bench.bytes / (bench.medianMs / 1000) / 1e9);
});

it('the echo brings every byte back, and the way there alone is shorter', async () => {
  const echo = await benchEcho(3_000_000, 5);
  expect(echo).toMatchObject({ bytes: 3_000_000, rounds: 5 });
  expect(echo.minEchoMs).toBeGreaterThan(0);
  expect(echo.copyMs).toBeGreaterThan(0);
});
