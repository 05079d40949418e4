/**
 * D tells real from fake with hardly a loss. What G learns from it is then little or noise (Arjovsky and Bottou 2017, section
 * 2; Goodfellow et al. 2014, section 3, where the loss is minimax).
 */
import { figure, percent, type Rule } from '../rule.ts';
import { undecidedLosses } from '../undecided.ts';

export const discriminatorSaturation: Rule = {
  name: 'discriminatorSaturation',
  advice:
    'Lower D’s learning rate or raise G’s, give D dropout or a penalty (objective.penalty.r1), fewer units, or fewer steps ' +
    '(schedule.discriminatorSteps). Where objective.generator is minimax, take non-saturating.',
  look(seen, { discriminatorSaturation: limits }, config) {
    if (limits === 'off' || seen.kind !== 'report' || seen.statistics.value === undefined) return undefined;
    const { value, dReal, dFake } = seen.statistics;
    const undecided = undecidedLosses(config);
    if (undecided === undefined) return undefined;
    const { discriminator, sure } = undecided;
    // Below 0 where D is surer than it aims to be.
    const share = (-value - sure) / (discriminator - sure);
    const than = sure === 0 ? '' : ', beyond what label smoothing leaves of it';
    const what =
      `D’s loss is ${percent(Math.max(0, share))} of that of a D which cannot tell real from fake${than} ` +
      `(D(x) ${figure(dReal)}, D(G(z)) ${figure(dFake)})`;
    return { ...limits, readings: [{ ...limits, what, value: share, sickIf: 'below' }] };
  },
};
