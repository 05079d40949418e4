/** What many seeds come to: a fold over their outcomes. */
import { z } from 'zod';
import type { Outcome } from './simulation.ts';

const count = z.int().min(0);

export const brokenSeedSchema = z.strictObject({ seed: count, violation: z.string() });

export const tallySchema = z.strictObject({
  seeds: count,
  runs: count,
  workers: count,
  events: count,
  virtualMs: z.number(),
  faults: z.record(z.string(), count).readonly().describe('What went wrong on purpose, and how often.'),
  broken: z.array(brokenSeedSchema).readonly().describe('Seeds in which something did not hold, and what was found.'),
});
export type Tally = Readonly<z.output<typeof tallySchema>>;

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
