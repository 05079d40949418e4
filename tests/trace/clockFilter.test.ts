/**
 * Proves that the offset of another clock is right within the uncertainty that is said, whatever the clocks are apart and
 * however lopsided the way is; and that the quickest of the newest exchanges counts.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockSample, EXCHANGES, offsetOf, withExchange } from '../../services/trace/clockFilter.ts';

interface Way {
  readonly thereMs: number;
  readonly heldMs: number;
  readonly backMs: number;
}

/** What both clocks read where the other one is so much ahead. */
function exchange(skewMs: number, { thereMs, heldMs, backMs }: Way, sentAtMs = 1_000) {
  const receivedAtMs = sentAtMs + thereMs + skewMs;
  const answeredAtMs = receivedAtMs + heldMs;
  return { sentAtMs, receivedAtMs, answeredAtMs, arrivedAtMs: sentAtMs + thereMs + heldMs + backMs };
}

const ms = (max: number) => fc.double({ min: 0, max, noNaN: true });
const ways = fc.record({ thereMs: ms(500), heldMs: ms(500), backMs: ms(500) });

describe('the offset of a clock', () => {
  it('is right within its uncertainty', () => {
    const skews = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(skews, fc.array(ways, { minLength: 1, maxLength: 20 }), (skewMs, all) => {
        const samples = all.reduce<readonly ClockSample[]>((one, way) => withExchange(one, exchange(skewMs, way)), []);
        const { offsetMs, uncertaintyMs } = offsetOf(samples) ?? { offsetMs: Number.NaN, uncertaintyMs: 0 };
        // A double of a billion milliseconds has a step of 10⁻⁷.
        expect(Math.abs(offsetMs - skewMs)).toBeLessThanOrEqual(uncertaintyMs + 1e-6);
        const trips = all.slice(-EXCHANGES).map(({ thereMs, backMs }) => thereMs + backMs);
        expect(uncertaintyMs).toBeCloseTo(Math.min(...trips) / 2, 5);
      }),
    );
  });

  it('is exact where the way is the same in both directions', () => {
    const samples = withExchange([], exchange(-7_500, { thereMs: 3, heldMs: 40, backMs: 3 }));
    expect(offsetOf(samples)).toEqual({ offsetMs: -7_500, uncertaintyMs: 3 });
  });

  it('is of the newest exchanges: clocks drift apart', () => {
    const quick = withExchange([], exchange(5, { thereMs: 0, heldMs: 0, backMs: 0 }));
    const slow = { thereMs: 4, heldMs: 0, backMs: 4 };
    const later = Array.from({ length: EXCHANGES }).reduce<readonly ClockSample[]>(
      (samples) => withExchange(samples, exchange(9, slow)),
      quick,
    );
    expect(later).toHaveLength(EXCHANGES);
    expect(offsetOf(later)).toEqual({ offsetMs: 9, uncertaintyMs: 4 });
  });

  it('is not there before anything was exchanged, nor by what no clocks can have said', () => {
    expect(offsetOf([])).toBeUndefined();
    const fine = exchange(0, { thereMs: 1, heldMs: 1, backMs: 1 });
    expect(withExchange([], { ...fine, receivedAtMs: Number.NaN })).toEqual([]);
    expect(withExchange([], { ...fine, answeredAtMs: Number.POSITIVE_INFINITY })).toEqual([]);
    // Held for longer than the whole exchange took.
    expect(withExchange([], { ...fine, answeredAtMs: fine.receivedAtMs + 10 })).toEqual([]);
  });
});
