/** Proves which means a phase's summed statistics give: those that the phase has, over its true sample count. */
import { describe, expect, it } from 'vitest';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { STATISTIC_SLOTS } from '../../services/report/statistics.ts';
import { meansOf } from '../../services/worker/statisticsTail.ts';
import { alternating, planConfig, SIMULTANEOUS } from '../plan/configs.ts';

const DATASET_SIZE = 20;
/** Sums over 8 samples: means 1, 2, 3, 4, 5 and 6. */
const TAIL = Float32Array.of(8, 16, 24, 32, 40, 48);
const CONFIG = planConfig({ batchSize: 8, phases: 100, schedule: alternating(1) });

function plan(phase: number, schedule: Parameters<typeof planConfig>[0]['schedule'] = alternating(1)) {
  return planPhase(planConfig({ batchSize: 8, phases: 100, schedule }), DATASET_SIZE, phase);
}

describe('meansOf', () => {
  it('has a slot for each statistic', () => {
    expect(TAIL).toHaveLength(STATISTIC_SLOTS.length);
  });

  it('of a D phase tells of D, and nothing of G’s loss', () => {
    expect(meansOf(CONFIG, TAIL, plan(0), { discriminator: 0.5 })).toEqual({
      discriminatorLoss: 1,
      value: 3,
      dReal: 4,
      dFake: 5,
      discriminatorGradientNorm: 0.5,
    });
  });

  it('of a G phase tells of G and of D(G(z)): it has no real samples', () => {
    expect(meansOf(CONFIG, TAIL, plan(1), { generator: 0.25 })).toEqual({
      generatorLoss: 2,
      dFake: 5,
      generatorGradientNorm: 0.25,
    });
  });

  it('tells the penalty where one was paid', () => {
    const objective = { ...CONFIG.objective, penalty: { r2: 1, interval: 2 } };
    const penalties = [0, 1, 2, 4].map((phase) => meansOf({ ...CONFIG, objective }, TAIL, plan(phase), {}).penalty);
    // Phases 0 and 4 are D's first and third update; the last has 4 samples.
    expect(penalties).toEqual([6, undefined, undefined, 12]);
  });

  it('of a simultaneous phase tells of both', () => {
    const means = meansOf(CONFIG, TAIL, plan(0, SIMULTANEOUS), { discriminator: 0.5, generator: 0.25 });
    expect(means).toEqual({
      discriminatorLoss: 1,
      generatorLoss: 2,
      value: 3,
      dReal: 4,
      dFake: 5,
      discriminatorGradientNorm: 0.5,
      generatorGradientNorm: 0.25,
    });
  });

  it('divides by the true count of an epoch’s short tail', () => {
    // Phases 0, 2 and 4 read 8, 8 and 4 of the 20 samples.
    expect(plan(4).sampleCount).toBe(4);
    expect(meansOf(CONFIG, TAIL, plan(4), {})).toMatchObject({ discriminatorLoss: 2, dReal: 8 });
  });

  it('divides in float64: the quotient of a float32 sum is not rounded to float32', () => {
    const third = meansOf(CONFIG, Float32Array.of(1, 0, 0, 0, 0), { ...plan(0), sampleCount: 3 }, {});
    expect(third.discriminatorLoss).toBe(1 / 3);
  });

  it('never hides what is not a number', () => {
    const means = meansOf(CONFIG, Float32Array.of(Number.NaN, 0, Number.POSITIVE_INFINITY, 0, 0), plan(0), {
      discriminator: Number.NaN,
    });
    expect(means).toMatchObject({
      discriminatorLoss: Number.NaN,
      value: Number.POSITIVE_INFINITY,
      discriminatorGradientNorm: Number.NaN,
    });
  });
});
