/** A gradient or a statistic is NaN or infinite: once is enough. */
import type { Statistics } from '../../report/statistics.ts';
import type { Rule } from '../rule.ts';

export const nonFinite: Rule = {
  name: 'nonFinite',
  advice:
    'See the run folder’s non_finite_*.json for the tensor and the shards. Launch anew with a lower learning rate of its ' +
    'network; onNonFinite: skip-phase leaves single phases out. From one worker only: look at its machine.',
  look(seen, { nonFinite: limits }) {
    if (limits === 'off' || seen.kind === 'pictures') return undefined;
    const found = seen.kind === 'nonFinite' ? seen.sentence : wrongStatistics(seen.statistics);
    const reading = {
      what: found ?? 'Gradients and statistics are finite',
      value: found === undefined ? 0 : 1,
      ...{ raise: 0.5, clear: 0.5, sickIf: 'above' as const, isFlag: true },
    };
    return { readings: [reading], raiseAfter: 1, clearAfter: limits.clearAfter };
  },
};

function wrongStatistics(statistics: Statistics): string | undefined {
  const wrong = Object.entries(statistics).filter(([, value]) => value !== undefined && !Number.isFinite(value));
  return wrong.length === 0 ? undefined : wrong.map(([name, value]) => `${name} is ${value}`).join(', ');
}
