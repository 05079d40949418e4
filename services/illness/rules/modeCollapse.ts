/** G draws few things again and again: its pictures are too alike, or leave most of the data out. See `spread.ts`. */
import { figure, percent, type Reading, type Rule } from '../rule.ts';

export const modeCollapse: Rule = {
  name: 'modeCollapse',
  advice:
    'Look at the pictures first. Then launch anew with lower learning rates (G’s first), larger batches, batch-norm in G, a ' +
    'penalty on D (objective.penalty), packs (discriminator.packing), or more steps of D for one of G.',
  look(seen, { modeCollapse: limits }) {
    if (limits === 'off' || seen.kind !== 'pictures' || seen.samples < limits.fromSamples) return undefined;
    const { diversity, coverage, count } = seen.spread;
    const apart: Reading = {
      ...limits.diversity,
      what: `${count} pictures are ${percent(diversity)} as far apart as real samples (they cover ${percent(coverage)} of these)`,
      value: diversity,
      sickIf: 'below',
    };
    const covering: Reading = {
      ...limits.coverage,
      what: `${count} pictures cover ${percent(coverage)} of as many real samples (they are ${figure(diversity)} times as far apart)`,
      value: coverage,
      sickIf: 'below',
    };
    return { ...limits, readings: [apart, covering] };
  },
};
