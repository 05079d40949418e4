/** Proves the statistics of the game at known points, at logits that overflow a naive formula, and which phase has which. */
import { describe, expect, it } from 'vitest';
import { sigmoid, softplus, statisticSums, statisticsOf } from '../../services/gan/objective.ts';
import { STATISTIC_SLOTS } from '../../services/report/statistics.ts';

const OBJECTIVE = { loss: 'log', generator: 'non-saturating', discriminatorScale: 1 } as const;
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
    const sums = statisticSums(
      { ...OBJECTIVE, generator: 'minimax', discriminatorScale: 0.5 },
      BOTH,
      new Float32Array(2),
      1,
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
  ] as const)('%s, where D says 2 of a real sample and −3 of a fake', (loss, expected) => {
    const sums = statisticSums({ ...OBJECTIVE, loss }, BOTH, Float32Array.of(2, -3), 1);
    for (const [slot, value] of expected.entries()) expect(sums[slot]).toBeCloseTo(value, 6);
  });

  it('hinge costs D what is within the margin', () => {
    const sums = statisticSums(
      { ...OBJECTIVE, loss: 'hinge', discriminatorScale: 2 },
      BOTH,
      Float32Array.of(0.25, 0.5),
      1,
    );
    expect([sums[0], sums[2]]).toEqual([2 * (0.75 + 1.5), -2.25]);
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
