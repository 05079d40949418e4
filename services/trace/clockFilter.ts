/**
 * How far another process's clock is ahead of ours, by the formula of NTP (RFC 5905, section 8): we send at T1, it receives at
 * T2 and answers at T3 by its own clock, the answer arrives at T4. However the way was slower in one direction than in the
 * other, the offset is wrong by half of the round trip at most; so of the last eight exchanges the quickest counts (section 10).
 */

export interface ClockSample {
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

export interface ClockExchange {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly answeredAtMs: number;
  readonly arrivedAtMs: number;
}

export interface ClockOffset {
  /** Positive where the other clock is ahead. */
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
}

/** Exchanges that are looked at: older ones say less of clocks that drift apart. */
export const EXCHANGES = 8;

/** The newest samples with this one. What no clocks can have said is left out. */
export function withExchange(samples: readonly ClockSample[], exchange: ClockExchange): readonly ClockSample[] {
  const { sentAtMs, receivedAtMs, answeredAtMs, arrivedAtMs } = exchange;
  const offsetMs = (receivedAtMs - sentAtMs + (answeredAtMs - arrivedAtMs)) / 2;
  const roundTripMs = arrivedAtMs - sentAtMs - (answeredAtMs - receivedAtMs);
  if (!Number.isFinite(offsetMs) || !(roundTripMs >= 0)) return samples;
  return [...samples.slice(1 - EXCHANGES), { offsetMs, roundTripMs }];
}

/** Undefined where nothing was exchanged. */
export function offsetOf(samples: readonly ClockSample[]): ClockOffset | undefined {
  const [first, ...others] = samples;
  if (!first) return undefined;
  const quickest = others.reduce((best, one) => (one.roundTripMs < best.roundTripMs ? one : best), first);
  return { offsetMs: quickest.offsetMs, uncertaintyMs: quickest.roundTripMs / 2 };
}
