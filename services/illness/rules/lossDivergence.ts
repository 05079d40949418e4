/** The loss of D or G is far beyond what an undecided D gives: its outputs run away. */
import { figure, type Reading, type Rule } from '../rule.ts';
import { undecidedLosses } from '../undecided.ts';

export const lossDivergence: Rule = {
  name: 'lossDivergence',
  advice:
    'Cancel it and launch anew with another config (the same one from an older checkpoint gives the same bits): lower the ' +
    'learning rates, give D a penalty (objective.penalty.r1) or batch-norm, or take the log loss, which grows slowest.',
  look(seen, { lossDivergence: limits }, config) {
    if (limits === 'off' || seen.kind !== 'report') return undefined;
    const { value, generatorLoss } = seen.statistics;
    const undecided = undecidedLosses(config);
    if (undecided === undefined) return undefined;
    const reading = (network: string, loss: number, usual: number): Reading => {
      const times = Math.abs(loss) / usual;
      const what = `${network}’s loss is ${figure(loss)}, ${figure(times)} times what it is where D cannot tell real from fake`;
      return { ...limits, what, value: times, sickIf: 'above' };
    };
    const ofD = value === undefined ? [] : [reading('D', -value, undecided.discriminator)];
    const ofG = generatorLoss === undefined ? [] : [reading('G', generatorLoss, undecided.generator)];
    const [first, ...rest] = [...ofD, ...ofG];
    return first && { ...limits, readings: [first, ...rest] };
  },
};
