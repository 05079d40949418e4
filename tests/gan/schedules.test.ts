/** Proves the schedules against the paper's numbers and their edges. */
import { describe, expect, it } from 'vitest';
import { adamStep, averageDecay, momentumAt, productOf, sgdLearningRate } from '../../services/gan/schedules.ts';

describe('sgdLearningRate', () => {
  const paper = { type: 'sgd', learningRate: 0.1, decay: 1.000004, learningRateFloor: 1e-6 } as const;

  it("is the authors' .1 / 1.000004ᵗ with a floor of 1e-6", () => {
    expect(sgdLearningRate(paper, 0)).toBe(0.1);
    expect(sgdLearningRate(paper, 1)).toBe(0.1 / 1.000004);
    expect(sgdLearningRate(paper, 300_000)).toBeCloseTo(0.1 * Math.exp(-300_000 * Math.log(1.000004)), 11);
    expect(sgdLearningRate(paper, 10_000_000)).toBe(1e-6);
  });

  it('is constant without decay', () => {
    expect(sgdLearningRate({ ...paper, decay: 1, learningRateFloor: 0 }, 2 ** 40)).toBe(0.1);
  });
});

describe('momentumAt', () => {
  const paper = { initial: 0.5, final: 0.7, saturateEpoch: 250 };

  it.each([
    [0, 0.5],
    [1, 0.5 + 0.2 / 249],
    [124.5, 0.6],
    [249, 0.7],
    [1000, 0.7],
  ])('after %d epochs is %d', (epoch, expected) => {
    expect(momentumAt(paper, epoch)).toBeCloseTo(expected, 12);
  });

  it('is final at once where the ramp has one epoch', () => {
    expect(momentumAt({ ...paper, saturateEpoch: 1 }, 0)).toBe(0.7);
  });
});

describe('adamStep', () => {
  const adam = { type: 'adam', learningRate: 0.002, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 } as const;

  it.each([0, 1, 9, 100_000])('is algorithm 1 after %d updates', (updatesBefore) => {
    const [m, v, t] = [0.3, 0.04, updatesBefore + 1];
    const expected = (0.002 * (m / (1 - 0.5 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    const { rate, epsilon } = adamStep(adam, updatesBefore, productOf(adam.beta2));
    expect((rate * m) / (Math.sqrt(v) + epsilon)).toBeCloseTo(expected, 12);
  });
});

describe('productOf', () => {
  const beta = { type: 'cosine', from: 0.9, to: 0.99, overUpdates: 50 } as const;

  it('is a power where β stands still', () => {
    expect(productOf(0.999)(1000)).toBeCloseTo(0.999 ** 1000, 14);
  });

  it.each([0, 1, 7, 50, 51, 300])('multiplies what β was in %i updates', (count) => {
    let expected = 1;
    for (let t = 0; t < count; t += 1) expected *= 0.9 + (0.09 * (1 - Math.cos((Math.PI * Math.min(t, 50)) / 50))) / 2;
    expect(productOf(beta)(count)).toBeCloseTo(expected, 14);
  });

  it('is a function of the count, in whatever order it is asked: a run that goes on has the bits of one that went through', () => {
    const through = productOf(beta);
    for (const count of [1, 2, 3, 49, 50, 90, 400, 12, 13, 0]) expect(through(count)).toBe(productOf(beta)(count));
  });

  it('takes no time once it is nothing beside 1', () => {
    const long = { ...beta, overUpdates: 10_000_000 };
    const start = performance.now();
    expect(1 - productOf(long)(9_000_000)).toBe(1);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('averageDecay', () => {
  it('halves a weight every half-life', () => {
    expect(averageDecay(1000, 1000)).toBeCloseTo(0.5, 15);
    expect(averageDecay(1000, 100) ** 10).toBeCloseTo(0.5, 14);
  });
});
