/** Proves the statistics of the game at known points, at logits that overflow a naive formula, and which phase has which. */
import { describe, expect, it } from 'vitest';
import { sigmoid, softplus, statisticSums, statisticsOf } from '../../services/gan/objective.ts';
import { STATISTIC_SLOTS } from '../../services/report/statistics.ts';

const OBJECTIVE = { generator: 'non-saturating', discriminatorScale: 1 } as const;
const BOTH = ['discriminator', 'generator'] as const;

describe('statisticSums', () => {
  it("is the paper's equilibrium where D says ½: V = −log 4", () => {
    const [dLoss, gLoss, value, dReal, dFake] = statisticSums(OBJECTIVE, BOTH, new Float32Array(2), 1);
    expect(value).toBeCloseTo(-Math.log(4), 6);
    expect(dLoss).toBeCloseTo(Math.log(4), 6);
    expect(gLoss).toBeCloseTo(Math.log(2), 6);
    expect([dReal, dFake]).toEqual([0.5, 0.5]);
  });

  it('scales D’s loss alone, and takes minimax as log(1 − D)', () => {
    const sums = statisticSums({ generator: 'minimax', discriminatorScale: 0.5 }, BOTH, new Float32Array(2), 1);
    expect(sums[0]).toBeCloseTo(Math.log(2), 6);
    expect(sums[1]).toBeCloseTo(-Math.log(2), 6);
    expect(sums[2]).toBeCloseTo(-Math.log(4), 6);
  });

  it('stays finite where D is sure and wrong', () => {
    expect(Array.from(statisticSums(OBJECTIVE, BOTH, Float32Array.of(-1000, 1000), 1))).toEqual([2000, 0, -2000, 0, 1]);
  });

  it('leaves the slots at 0 that a phase does not have', () => {
    const generator = statisticSums(OBJECTIVE, ['generator'], Float32Array.of(0), 0);
    expect(Array.from(generator)).toEqual([0, Math.fround(Math.log(2)), 0, 0, 0.5]);
    expect(statisticSums(OBJECTIVE, ['discriminator'], new Float32Array(2), 1)[1]).toBe(0);
    expect(statisticsOf(['generator'])).toEqual(['generatorLoss', 'dFake']);
    expect(statisticsOf(['discriminator'])).toEqual(STATISTIC_SLOTS.filter((slot) => slot !== 'generatorLoss'));
    expect(statisticsOf(BOTH)).toEqual(STATISTIC_SLOTS);
  });
});

describe('softplus and sigmoid', () => {
  it.each([-800, -20, -1, 0, 1, 20, 800])('are right and finite at %d', (x) => {
    expect(softplus(x) - softplus(-x)).toBeCloseTo(x, 9);
    expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 12);
  });
});
