/** Proves the statistics of the game at known points, at logits that overflow a naive formula, and which phase has which. */
import { describe, expect, it } from 'vitest';
import { sigmoid, softplus, statisticSums, statisticsOf } from '../../services/gan/objective.ts';
import { paysLazyPenalty } from '../../services/gan/penaltyTerms.ts';
import { STATISTIC_SLOTS } from '../../services/report/statistics.ts';

const OBJECTIVE = { loss: 'log', generator: 'non-saturating', discriminatorScale: 1, labelSmoothing: 0 } as const;
const AT = { updatesBefore: { discriminator: 0, generator: 0 } };
const BOTH = { ...AT, updates: ['discriminator', 'generator'], minibatch: 0 } as const;
const OF_D = { ...BOTH, updates: ['discriminator'] } as const;
const OF_G = { ...AT, updates: ['generator'], minibatch: undefined } as const;

describe('statisticSums', () => {
  it("is the paper's equilibrium where D says ½: V = −log 4", () => {
    const [dLoss, gLoss, value, dReal, dFake] = statisticSums(OBJECTIVE, BOTH, new Float32Array(2), 0);
    expect(value).toBeCloseTo(-Math.log(4), 6);
    expect(dLoss).toBeCloseTo(Math.log(4), 6);
    expect(gLoss).toBeCloseTo(Math.log(2), 6);
    expect([dReal, dFake]).toEqual([0.5, 0.5]);
  });

  it('scales D’s loss alone, and takes minimax as log(1 − D)', () => {
    const sums = statisticSums(
      { ...OBJECTIVE, generator: 'minimax', discriminatorScale: 0.5 },
      BOTH,
      new Float32Array(2),
      0,
    );
    expect(sums[0]).toBeCloseTo(Math.log(2), 6);
    expect(sums[1]).toBeCloseTo(-Math.log(2), 6);
    expect(sums[2]).toBeCloseTo(-Math.log(4), 6);
  });

  it.each([
    // At l = (2, −3): ½·1² + ½·9 and ½·16; what D says is its output.
    ['least-squares', [0.5 + 4.5, 8, -5, 2, -3]],
    // At l = (2, −3): both are beyond the margin, and G is told by how much.
    ['hinge', [0, 3, 0, 2, -3]],
    ['wasserstein', [-5, 3, 5, 2, -3]],
  ] as const)('%s, where D says 2 of a real sample and −3 of a fake', (loss, expected) => {
    const sums = statisticSums({ ...OBJECTIVE, loss }, BOTH, Float32Array.of(2, -3), 0);
    for (const [slot, value] of expected.entries()) expect(sums[slot]).toBeCloseTo(value, 6);
  });

  it('hinge costs D what is within the margin', () => {
    const sums = statisticSums(
      { ...OBJECTIVE, loss: 'hinge', discriminatorScale: 2 },
      BOTH,
      Float32Array.of(0.25, 0.5),
      0,
    );
    expect([sums[0], sums[2]]).toEqual([2 * (0.75 + 1.5), -2.25]);
  });

  it('stays finite where D is sure and wrong', () => {
    expect(Array.from(statisticSums(OBJECTIVE, BOTH, Float32Array.of(-1000, 1000), 0))).toEqual([2000, 0, -2000, 0, 1]);
  });

  it('leaves the slots at 0 that a phase does not have', () => {
    const generator = statisticSums(OBJECTIVE, OF_G, Float32Array.of(0), 0);
    expect(Array.from(generator)).toEqual([0, Math.fround(Math.log(2)), 0, 0, 0.5]);
    expect(statisticSums(OBJECTIVE, OF_D, new Float32Array(2), 0)[1]).toBe(0);
    expect(statisticsOf(OBJECTIVE, OF_G)).toEqual(['generatorLoss', 'dFake']);
    expect(statisticsOf(OBJECTIVE, OF_D)).toEqual(['discriminatorLoss', 'value', 'dReal', 'dFake']);
    expect(statisticsOf(OBJECTIVE, BOTH)).toEqual(STATISTIC_SLOTS.filter((slot) => slot !== 'penalty'));
  });

  it('has the penalty where it is due: with each so-many-th update of D', () => {
    const objective = { ...OBJECTIVE, penalty: { r1: 1, interval: 3 } };
    const at = (discriminator: number) => ({ ...OF_D, updatesBefore: { discriminator, generator: 0 } });
    const due = [0, 1, 2, 3].map((before) => statisticsOf(objective, at(before)).includes('penalty'));
    expect(due).toEqual([true, false, false, true]);
    expect(statisticsOf(objective, OF_G)).not.toContain('penalty');
    // Of those that come seldom each is told; one that is always there comes with the reports.
    expect([0, 1, 2, 3].map((before) => paysLazyPenalty(objective, at(before)))).toEqual(due);
    expect(paysLazyPenalty({ ...OBJECTIVE, penalty: { r1: 1, interval: 1 } }, at(0))).toBe(false);
    expect(statisticSums(objective, at(3), new Float32Array(2), 7)[5]).toBe(7);
    expect(statisticSums(objective, at(1), new Float32Array(2), 7)[5]).toBe(0);
  });

  it('relativistic pairs each fake with the real of its index, in a G phase too', () => {
    const objective = { ...OBJECTIVE, loss: 'relativistic' } as const;
    const reading = { ...OF_G, minibatch: 4 };
    const logits = Float32Array.of(1, 20, 3, -20);
    const sums = statisticSums(objective, BOTH, logits, 0);
    expect(sums[0]).toBeCloseTo(softplus(3 - 1) + softplus(-40), 6);
    expect(sums[1]).toBeCloseTo(softplus(1 - 3) + softplus(40), 5);
    expect(Array.from(sums.subarray(3, 5))).toEqual([21, -17]);
    const ofG = statisticSums(objective, reading, logits, 0);
    expect(statisticsOf(objective, reading)).toEqual(['generatorLoss', 'value', 'dReal', 'dFake']);
    expect([ofG[0], ofG[1], ofG[2]]).toEqual([0, sums[1], sums[2]]);
  });

  it('label smoothing is in D’s loss, not in V', () => {
    const objective = { ...OBJECTIVE, labelSmoothing: 0.25 };
    const [plain, smoothed] = [OBJECTIVE, objective].map((one) =>
      statisticSums(one, BOTH, Float32Array.of(2, -1), 0),
    ) as [Float32Array, Float32Array];
    expect(smoothed[2]).toBe(plain[2]);
    // softplus(2) is softplus(−2) + 2.
    expect(smoothed[0]).toBeCloseTo((plain[0] ?? 0) + 0.25 * 2, 6);
  });
});

describe('softplus and sigmoid', () => {
  it.each([-800, -20, -1, 0, 1, 20, 800])('are right and finite at %d', (x) => {
    expect(softplus(x) - softplus(-x)).toBeCloseTo(x, 9);
    expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 12);
  });
});
