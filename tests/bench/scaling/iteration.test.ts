/** Proves which part of an iteration the model hides behind which, and that what travels is what the product sends. */
import { describe, expect, it } from 'vitest';
import { benchConfig } from '../../../services/bench/networks.ts';
import { gameConfig, gameNames } from '../../../services/bench/scaling/games.ts';
import { dataPhasesOf, iterationOf, phasesOf, type Travelling } from '../../../services/bench/scaling/iteration.ts';
import { cpuMsAPhase } from '../../../services/bench/scaling/pairBench.ts';
import { measureTravelling } from '../../../services/bench/scaling/travelling.ts';

const backend = { require: 'any', intraOpThreads: 1 } as const;
const stages = { fakes: 4, discriminator: 15, generator: 11, apply: 7, onDevice: 30 };
const costs = { stages, collectiveMsPerMb: 1, serveMs: 0.5 };
const of = (updates: Travelling['updates'], ...roundMegabytes: number[]): Travelling => {
  return { updates, roundMegabytes, arithmeticMs: 0 };
};

describe('an iteration', () => {
  it('of both at once: D’s gradient travels while G’s is computed', () => {
    const config = gameConfig('mnist-paper', 1, 'fp32', backend);
    const found = iterationOf(config, [of(['discriminator', 'generator'], 8, 7)], costs);
    expect(found).toEqual({
      ...{ computeMs: 37, collectiveMsPerMb: 1, sampleMegabytes: 0.0784, serveMs: 0.5, phases: 1, reportEvery: 10 },
      exchanges: [
        { times: 1, megabytes: 8, rounds: 1, arithmeticMs: 0, hiddenMs: 11 },
        { times: 1, megabytes: 7, rounds: 1, arithmeticMs: 0, hiddenMs: 0 },
      ],
    });
  });

  it('of both at once, by PowerSGD: two rounds take factors of both, and nothing is computed meanwhile', () => {
    const config = gameConfig('mnist-paper', 1, 'powersgd', backend);
    const both = { ...of(['discriminator', 'generator'], 0.5, 0.25), arithmeticMs: 90 };
    const { exchanges } = iterationOf(config, [both], costs);
    expect(exchanges).toEqual([{ times: 1, megabytes: 0.75, rounds: 2, arithmeticMs: 90, hiddenMs: 0 }]);
  });

  it('in turns: the fakes of the next phase are made while D’s gradient travels, and every phase has its own', () => {
    const schedule = { type: 'alternating', discriminatorSteps: 3 } as const;
    const config = { ...benchConfig({ workers: 1, backend }), schedule };
    const found = iterationOf(config, [of(['discriminator'], 8), of(['generator'], 7)], costs);
    expect([phasesOf(config), dataPhasesOf(config)]).toEqual([4, 3]);
    expect(found.computeMs).toBe(4 * 4 + 3 * 15 + 11 + 7);
    expect(found.exchanges).toEqual([
      { times: 3, megabytes: 8, rounds: 1, arithmeticMs: 0, hiddenMs: 4 },
      { times: 1, megabytes: 7, rounds: 1, arithmeticMs: 0, hiddenMs: 0 },
    ]);
  });
});

describe('what travels', () => {
  const weights = (...units: number[]) =>
    units.slice(1).reduce((sum, width, i) => sum + width * (1 + (units[i] ?? 0)), 0);
  const d = weights(784, 192, 128, 1);
  const g = weights(64, 128, 192, 784);
  /** Five statistics and the stop flag, which are never rounded. */
  const TAIL_BYTES = 24;

  it.each([
    ['fp32', 4],
    ['bf16', 2],
  ] as const)('%s: each network’s gradient in a round, the statistics behind the last', async (format, bytes) => {
    const [both] = await measureTravelling(gameConfig('mnist-quick', 1, format, backend));
    expect(both?.updates).toEqual(['discriminator', 'generator']);
    // The end of a vector is taken for its statistics in every round, D's own without any too.
    const dTail = format === 'bf16' ? TAIL_BYTES / 2 : 0;
    expect(both?.roundMegabytes.map((mb) => Math.round(mb * 1e6))).toEqual([d * bytes + dTail, g * bytes + TAIL_BYTES]);
    expect(both?.arithmeticMs).toBe(0);
  });

  it('PowerSGD: factors of rank 4 and what is not factored, then the other factors', async () => {
    const [both] = await measureTravelling(gameConfig('mnist-quick', 1, 'powersgd', backend));
    const rows = 784 + 192 + (64 + 128 + 192);
    const columns = 192 + 128 + (128 + 192 + 784);
    // D's last weight is a vector; the biases are as many as the columns, and D's last one.
    const plain = 128 + columns + 1;
    const found = both?.roundMegabytes.map((mb) => Math.round(mb * 1e6));
    expect(found).toEqual([4 * (4 * rows + plain) + TAIL_BYTES, 4 * 4 * columns]);
    expect(both?.arithmeticMs).toBeGreaterThan(0);
  });
});

it('the presets and the bench keep their batch on each of two workers', () => {
  expect(gameNames()).toEqual(['mnist-dcgan', 'mnist-paper', 'mnist-quick', 'bench']);
  for (const name of gameNames()) {
    const config = gameConfig(name, 2, 'fp32', backend);
    const batchSize = 2 * gameConfig(name, 1, 'fp32', backend).batchSize;
    expect(config).toMatchObject({ workers: { min: 2, max: 2 }, shards: 2, batchSize });
  }
});

it('the coordinator’s CPU a phase is that of the second half', () => {
  const readings = [
    { phase: 9, cpuMs: 500 },
    { phase: 19, cpuMs: 700 },
    { phase: 29, cpuMs: 720 },
    { phase: 49, cpuMs: 780 },
  ];
  expect(cpuMsAPhase(readings)).toBe(3);
});
