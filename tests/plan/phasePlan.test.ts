/**
 * Proves that phases follow Algorithm 1 (k of D, then one of G) or update both at once, that counters count what came
 * before, and that every sample of an epoch is planned exactly once, in a short tail too.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../services/config/runConfig.ts';
import { samplesUsed } from '../../services/plan/ledger.ts';
import { minibatchesPerEpoch, type PhasePlan, planPhase, totalPhases } from '../../services/plan/phasePlan.ts';
import { alternating, planConfig, SIMULTANEOUS } from './configs.ts';

/** G's loss is of real samples as well. */
const RELATIVISTIC = { loss: 'relativistic' } as const;

const cases = fc.record({
  datasetSize: fc.integer({ min: 1, max: 300 }),
  config: fc
    .record({
      batchSize: fc.integer({ min: 1, max: 64 }),
      epochs: fc.integer({ min: 1, max: 4 }),
      schedule: fc.oneof(fc.constant(SIMULTANEOUS), fc.integer({ min: 1, max: 5 }).map(alternating)),
      objective: fc.constantFrom({}, RELATIVISTIC),
    })
    .map(planConfig),
});

function plansOf(config: RunConfig, datasetSize: number): PhasePlan[] {
  const phases = Array.from({ length: totalPhases(config, datasetSize) }, (_, phase) => phase);
  return phases.map((phase) => planPhase(config, datasetSize, phase));
}

function pattern(plans: readonly PhasePlan[]): string {
  return plans.map(({ updates }) => updates.map((name) => name.charAt(0).toUpperCase()).join('+')).join(' ');
}

describe('the schedule', () => {
  it.each([
    [1, 'D G D G D G D G'],
    [2, 'D D G D D G'],
    [3, 'D D D G D'],
    [5, 'D D D D'],
  ])('with k = %i over four minibatches is %s', (k, expected) => {
    const config = planConfig({ batchSize: 10, epochs: 1, schedule: alternating(k) });
    expect(pattern(plansOf(config, 40))).toBe(expected);
  });

  it('is the same where G reads data too, and each phase uses up a minibatch', () => {
    const config = planConfig({ batchSize: 10, epochs: 1, schedule: alternating(2), objective: RELATIVISTIC });
    const plans = plansOf(config, 60);
    expect(pattern(plans)).toBe('D D G D D G');
    expect(plans.map(({ minibatch }) => minibatch)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('updates both networks in every phase where it is simultaneous', () => {
    const config = planConfig({ batchSize: 10, epochs: 1, schedule: SIMULTANEOUS });
    expect(pattern(plansOf(config, 40))).toBe('D+G D+G D+G D+G');
  });

  it('counts the updates of each network before the phase', () => {
    fc.assert(
      fc.property(cases, ({ datasetSize, config }) => {
        const before = { discriminator: 0, generator: 0 };
        for (const { updates, updatesBefore } of plansOf(config, datasetSize)) {
          expect(updatesBefore).toEqual(before);
          for (const name of updates) before[name] += 1;
        }
      }),
    );
  });

  it('leaves out what fills no pack in every shard, and plans everything else', () => {
    fc.assert(
      fc.property(
        fc.record({
          packing: fc.integer({ min: 2, max: 4 }),
          shards: fc.integer({ min: 1, max: 5 }),
          packsOfShard: fc.integer({ min: 1, max: 5 }),
          datasetSize: fc.integer({ min: 20, max: 300 }),
        }),
        ({ packing, shards, packsOfShard, datasetSize }) => {
          const batchSize = packing * shards * packsOfShard;
          const plain = planConfig({ batchSize, epochs: 1, schedule: SIMULTANEOUS });
          const config = { ...plain, shards, discriminator: { ...plain.discriminator, packing } };
          const counts = plansOf(config, datasetSize).map(({ sampleCount }) => sampleCount);
          for (const count of counts) expect(count % (packing * shards)).toBe(0);
          expect(Math.min(...counts)).toBeGreaterThan(0);
          const left = datasetSize - counts.reduce((sum, count) => sum + count, 0);
          expect(left).toBe(datasetSize % (packing * shards));
          for (const phases of [counts.length - 1, counts.length, 3 * counts.length]) {
            const whole = Math.floor(phases / counts.length) * (datasetSize - left);
            const rest = counts.slice(0, phases % counts.length).reduce((sum, count) => sum + count, 0);
            expect(samplesUsed(config, datasetSize, phases)).toBe(whole + rest);
          }
        },
      ),
    );
  });

  it('numbers phases and the minibatches that they read', () => {
    fc.assert(
      fc.property(cases, ({ datasetSize, config }) => {
        const plans = plansOf(config, datasetSize);
        expect(plans.map(({ phase }) => phase)).toEqual(plans.map((_, i) => i));
        const reads = ({ updates }: PhasePlan) =>
          updates.includes('discriminator') || config.objective.loss === 'relativistic';
        const read = plans.filter(reads);
        expect(read.map(({ minibatch }) => minibatch)).toEqual(read.map((_, i) => i));
        const rest = plans.filter((plan) => !reads(plan));
        expect(rest.every(({ minibatch }) => minibatch === undefined)).toBe(true);
      }),
    );
  });
});

describe('an epoch', () => {
  it('reads every position exactly once', () => {
    fc.assert(
      fc.property(cases, ({ datasetSize, config }) => {
        const read = plansOf(config, datasetSize).filter(({ minibatch }) => minibatch !== undefined);
        for (let epoch = 0; epoch < must(config.epochs); epoch++) {
          const positions = read
            .filter((plan) => plan.epoch === epoch)
            .flatMap(({ firstPosition, sampleCount }) =>
              Array.from({ length: sampleCount }, (_, i) => firstPosition + i),
            );
          expect(positions).toEqual(Array.from({ length: datasetSize }, (_, i) => i));
        }
        expect(Math.max(...read.map(({ epoch }) => epoch))).toBe(must(config.epochs) - 1);
      }),
    );
  });

  it('ends in a short minibatch of its true count, and nowhere else', () => {
    fc.assert(
      fc.property(cases, ({ datasetSize, config }) => {
        const perEpoch = minibatchesPerEpoch(config, datasetSize);
        const tail = datasetSize - (perEpoch - 1) * config.batchSize;
        for (const { minibatch, sampleCount } of plansOf(config, datasetSize)) {
          const isTail = minibatch !== undefined && minibatch % perEpoch === perEpoch - 1;
          expect(sampleCount).toBe(isTail ? tail : config.batchSize);
        }
      }),
    );
  });

  it('of a G phase is that of the D phases before it', () => {
    fc.assert(
      fc.property(cases, ({ datasetSize, config }) => {
        const plans = plansOf(config, datasetSize);
        for (const [i, { minibatch, epoch }] of plans.entries()) {
          if (minibatch === undefined) expect(epoch).toBe(plans[i - 1]?.epoch);
        }
      }),
    );
  });

  it('of 25 samples in minibatches of 10 is 10, 10 and 5', () => {
    const config = planConfig({ batchSize: 10, epochs: 2, schedule: alternating(1) });
    const read = plansOf(config, 25).filter(({ minibatch }) => minibatch !== undefined);
    expect(read.map(({ epoch, firstPosition, sampleCount }) => [epoch, firstPosition, sampleCount])).toEqual([
      [0, 0, 10],
      [0, 10, 10],
      [0, 20, 5],
      [1, 0, 10],
      [1, 10, 10],
      [1, 20, 5],
    ]);
  });
});

describe('totalPhases', () => {
  it.each([
    ['the phases asked for', { phases: 17, schedule: alternating(2) }, 17],
    ['an epoch with k = 1', { epochs: 1, schedule: alternating(1) }, 1200],
    ['an epoch with k = 5', { epochs: 1, schedule: alternating(5) }, 720],
    ['an epoch of both at once', { epochs: 1, schedule: SIMULTANEOUS }, 600],
    ['half an epoch', { epochs: 0.5, schedule: SIMULTANEOUS }, 300],
    [
      'an epoch of which a relativistic G reads half',
      { epochs: 1, schedule: alternating(1), objective: RELATIVISTIC },
      600,
    ],
    ['one at least', { epochs: 1e-9, schedule: SIMULTANEOUS }, 1],
  ])('is %s', (_, input, expected) => {
    expect(totalPhases(planConfig({ batchSize: 100, ...input }), 60_000)).toBe(expected);
  });

  it("counts the 250 epochs of the paper's run exactly", () => {
    const config = planConfig({ batchSize: 100, epochs: 250, schedule: SIMULTANEOUS });
    expect(totalPhases(config, 50_000)).toBe(125_000);
    expect(planPhase(config, 50_000, 124_999)).toMatchObject({ epoch: 249, firstPosition: 49_900, sampleCount: 100 });
  });
});

describe('samplesUsed', () => {
  it('is the sum of what the phases before read', () => {
    fc.assert(
      fc.property(cases, ({ datasetSize, config }) => {
        let used = 0;
        for (const plan of plansOf(config, datasetSize)) {
          expect(samplesUsed(config, datasetSize, plan.phase)).toBe(used);
          if (plan.minibatch !== undefined) used += plan.sampleCount;
        }
        expect(samplesUsed(config, datasetSize, totalPhases(config, datasetSize))).toBe(used);
        expect(used).toBe(must(config.epochs) * datasetSize);
      }),
    );
  });
});

function must(epochs: number | undefined): number {
  if (epochs === undefined) throw new Error('these configs name their epochs');
  return epochs;
}
