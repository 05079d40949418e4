/** Proves the arithmetic of the scaling model, with answers worked out by hand. */
import { describe, expect, it } from 'vitest';
import { exchangeParts, type Fleet, type Iteration, predict } from '../../../services/bench/scaling/model.ts';

const exchange = { times: 1, megabytes: 10, rounds: 1, arithmeticMs: 0, hiddenMs: 0 };
const iteration: Iteration = {
  ...{ computeMs: 40, exchanges: [exchange], collectiveMsPerMb: 1 },
  ...{ sampleMegabytes: 0.1, serveMs: 0, phases: 2, reportEvery: 10 },
};
const fleet: Fleet = { workers: 5, gigabitsPerSecond: 10, reportMs: 1 };

describe('an exchange', () => {
  it('sends 2(n − 1)/n gradients: 16 of 10 MB among five, 12.8 ms at 10 Gb/s, and 16 ms of CPU, which is longer', () => {
    const parts = exchangeParts(exchange, iteration, fleet);
    expect(parts).toEqual({ wire: 0, collective: 16, messages: expect.closeTo(0.4), arithmetic: 0 });
  });

  it('waits for the wire where that is longer: 128 ms at 1 Gb/s', () => {
    const { wire, collective } = exchangeParts(exchange, iteration, { ...fleet, gigabitsPerSecond: 1 });
    expect([wire, collective]).toEqual([128, 0]);
  });

  it('has two hops of n − 1 messages a round: 511 peers and two rounds are 2,044 messages, 102.2 ms', () => {
    const parts = exchangeParts({ ...exchange, rounds: 2, arithmeticMs: 90 }, iteration, { ...fleet, workers: 512 });
    expect(parts.messages).toBeCloseTo(102.2);
    expect(parts.arithmetic).toBe(90);
  });

  it('is nothing for a lone worker', () => {
    const parts = exchangeParts({ ...exchange, arithmeticMs: 90 }, iteration, { ...fleet, workers: 1 });
    expect(parts).toEqual({ wire: 0, collective: 0, messages: 0, arithmetic: 0 });
  });
});

describe('an iteration', () => {
  it('is computed, and then exchanged: 40 + 16.4 ms', () => {
    const found = predict(iteration, fleet);
    expect(found).toMatchObject({ workers: 5, gigabitsPerSecond: 10, bound: 'compute' });
    expect(found.iterationMs).toBeCloseTo(56.4);
    expect(found.exposedMs).toBeCloseTo(16.4);
    expect(found.efficiency).toBeCloseTo(40 / 56.4);
  });

  it('hides each exchange behind its own computation only, and no more than there is', () => {
    const hidden = [
      { ...exchange, hiddenMs: 100 },
      { ...exchange, times: 3, hiddenMs: 10 },
    ];
    expect(predict({ ...iteration, exchanges: hidden }, fleet).exposedMs).toBeCloseTo(3 * 6.4);
  });

  it.each([
    ['wire', { gigabitsPerSecond: 1 }, {}, 40 + 128.4],
    ['collective', {}, { collectiveMsPerMb: 3 }, 40 + 48.4],
    ['messages', { workers: 512 }, { exchanges: [{ ...exchange, megabytes: 0 }] }, 40 + 51.1],
    ['arithmetic', {}, { exchanges: [{ ...exchange, megabytes: 0, arithmeticMs: 90 }] }, 40 + 90.4],
    // 2 phases, of which one in ten is reported: 0.2 × 400 ms; and 5 × 1 ms for the samples.
    ['coordinator', { reportMs: 400 }, { serveMs: 1 }, 85],
    // 5 × 20 MB at 10 Gb/s.
    ['link', {}, { sampleMegabytes: 20 }, 80],
  ] as const)('says where %s takes over', (bound, ofFleet, ofIteration, iterationMs) => {
    const found = predict({ ...iteration, ...ofIteration }, { ...fleet, ...ofFleet });
    expect(found.bound).toBe(bound);
    expect(found.iterationMs).toBeCloseTo(iterationMs);
  });

  it('is as efficient as can be alone', () => {
    expect(predict(iteration, { ...fleet, workers: 1 })).toMatchObject({ efficiency: 1, exposedMs: 0 });
  });
});
