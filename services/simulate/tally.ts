/** What many seeds come to: a fold over their outcomes. */
import type { FaultRates } from './faults/faultRates.ts';
import type { Outcome } from './simulation.ts';

export interface Tally {
  readonly seeds: number;
  readonly runs: number;
  readonly workers: number;
  readonly events: number;
  readonly virtualMs: number;
  /** What went wrong on purpose, and how often. */
  readonly faults: Readonly<Partial<Record<keyof FaultRates, number>>>;
  /** Seeds in which something did not hold, and what was found. */
  readonly broken: readonly { readonly seed: number; readonly violation: string }[];
}

export const NO_SEEDS: Tally = { seeds: 0, runs: 0, workers: 0, events: 0, virtualMs: 0, faults: {}, broken: [] };

export function tallied(tally: Tally, { seed, scenario, eventCount, virtualMs, faults, violation }: Outcome): Tally {
  const sums = [...faults].map(([kind, count]) => [kind, (tally.faults[kind] ?? 0) + count]);
  return {
    seeds: tally.seeds + 1,
    runs: tally.runs + scenario.runs.length,
    workers: tally.workers + scenario.workerCount,
    events: tally.events + eventCount,
    virtualMs: tally.virtualMs + virtualMs,
    faults: { ...tally.faults, ...Object.fromEntries(sums) },
    broken: violation === undefined ? tally.broken : [...tally.broken, { seed, violation }],
  };
}
