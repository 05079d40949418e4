/** G's moving average is far from its weights: the weights swing, or run away faster than the average follows. */
import { percent, type Rule } from '../rule.ts';

export const emaGap: Rule = {
  name: 'emaGap',
  advice:
    'Pictures and checkpoints show the average: where they look worse than the losses say, shorten ema.halfLifeSamples. Where ' +
    'the weights swing, lower G’s learning rate.',
  look(seen, { emaGap: limits }) {
    const gap = seen.kind === 'report' ? seen.statistics.emaGap : undefined;
    if (limits === 'off' || gap === undefined) return undefined;
    const what = `G’s average is ${percent(gap)} of its weights’ length away from them`;
    return { ...limits, readings: [{ ...limits, what, value: gap, sickIf: 'above' }] };
  },
};
