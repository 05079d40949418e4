/** What one seed stands for: a cluster, its runs, and what goes wrong how often. Drawn widely: some calm, some brutal. */
import { resolveRunConfig } from '../config/resolve.ts';
import { SAMPLE_BYTES, type SimulatedRun } from './arithmetic/gradient.ts';
import type { Dice } from './dice.ts';
import { drawFaults, type FaultRates } from './faults/faultRates.ts';

export interface Scenario {
  readonly workerCount: number;
  readonly deviceClasses: number;
  readonly runs: readonly SimulatedRun[];
  readonly failureDetectionMs: number;
  /** Usual time of a message from one node to another. */
  readonly networkMs: number;
  /** Chance of a message to take up to fifty times as long. */
  readonly networkTail: number;
  readonly diskMs: number;
  readonly gradientMs: number;
  /** How long faults go on. */
  readonly chaosMs: number;
  /** Afterwards everybody is there again; or else just enough for the runs. */
  readonly isCalmForAll: boolean;
  readonly faults: FaultRates;
}

/** `workerCount` fixes what is drawn otherwise. */
export function drawScenario(dice: Dice, workerCount = drawWorkerCount(dice)): Scenario {
  const deviceClasses = workerCount > 2 && dice.chance(0.15) ? 2 : 1;
  const largestClass = Math.ceil(workerCount / deviceClasses);
  const isMemoryBad = workerCount > 1 && deviceClasses === 1 && dice.chance(0.05);
  const runCount = isMemoryBad ? 1 : dice.pick([1, 1, 1, 1, 2, 3]);
  const chaosMs = dice.logBetween(5_000, 60_000);
  const runs = Array.from({ length: runCount }, (_, index) =>
    drawRun(dice, `run${'abc'[index]}`, largestClass, isMemoryBad),
  );
  const phases = Math.max(...runs.map(({ config }) => config.phases ?? 1));
  const shards = Math.max(...runs.map(({ config }) => config.shards));
  // So that an undisturbed run lasts about as long as the faults do.
  const phaseMs = (chaosMs / phases) * dice.logBetween(0.1, 1.5);
  const networkMs = dice.logBetween(0.05, 20);
  const diskMs = dice.logBetween(0.1, 50);
  return {
    workerCount,
    deviceClasses,
    runs,
    // Nobody can tell a slow network from a dead one with less patience than this.
    failureDetectionMs: Math.round(
      Math.max(isMemoryBad ? 60_000 : dice.logBetween(300, 5_000), 40 * networkMs, 20 * diskMs),
    ),
    networkMs,
    networkTail: dice.chance(0.5) ? 0 : dice.logBetween(0.001, 0.1),
    diskMs,
    gradientMs: Math.min(phaseMs / Math.ceil(shards / largestClass), 1_000),
    chaosMs,
    isCalmForAll: isMemoryBad || dice.chance(0.5),
    faults: drawFaults(dice, chaosMs, isMemoryBad),
  };
}

/** Mostly few: a seed of 64 takes as long as a hundred of 4. */
function drawWorkerCount(dice: Dice): number {
  return dice.chance(0.02) ? dice.whole(17, 64) : Math.round(dice.logBetween(1, 16));
}

function drawRun(dice: Dice, name: string, workersMax: number, isCompared: boolean): SimulatedRun {
  // Nobody can tell that a lone replica is wrong.
  const fewest = isCompared ? 2 : 1;
  const min = dice.chance(0.5) ? fewest : dice.whole(fewest, workersMax);
  const max = dice.whole(min, workersMax + 2);
  // A hot spare that is wrong leads back to no checkpoint, and whoever is the source of its state may be wrong by then.
  const isLarge = workersMax > 16;
  const shards = Math.max(isCompared ? max : min, Math.round(dice.logBetween(1, 16)));
  const datasetSize = dice.whole(shards, shards * 12);
  const batchSize = Math.max(shards, dice.whole(1, datasetSize));
  const optimizer = { type: 'sgd' as const, learningRate: 0.1 };
  const hashEveryPhases = Math.round(dice.logBetween(1, 40));
  const checkpoints = { everyPhases: Math.round(dice.logBetween(1, 60)), keep: dice.whole(1, 3) };
  const compared = { everyPhases: hashEveryPhases * dice.whole(1, 3), keep: 3 };
  const phases = isLarge ? dice.whole(4, 12) : Math.round(dice.logBetween(8, 100));
  // A run that stops stores what one replica holds, and may have compared none before.
  const poison =
    !isCompared && dice.chance(0.1)
      ? { phase: dice.whole(0, phases - 1), shard: dice.whole(0, shards - 1) }
      : undefined;
  const config = resolveRunConfig(
    {
      name,
      seed: dice.word(),
      workers: { min, max },
      shards,
      data: { count: datasetSize },
      latent: { size: dice.whole(1, 6) },
      generator: { layers: [dense(dice.whole(1, 12)), dense(SAMPLE_BYTES)] },
      discriminator: { layers: [dense(dice.whole(1, 12)), dense(1)] },
      optimizer: { generator: optimizer, discriminator: optimizer },
      schedule: dice.chance(0.3)
        ? { type: 'simultaneous' }
        : { type: 'alternating', discriminatorSteps: dice.whole(1, 3) },
      batchSize,
      phases,
      onNonFinite: dice.pick(['stop', 'skip-phase'] as const),
      checkpoints: isCompared ? compared : checkpoints,
      alarms: { discriminatorSaturation: { raiseAfter: 2, clearAfter: 2 }, nonFinite: { clearAfter: 2 } },
      snapshots: { everyPhases: Math.round(dice.logBetween(2, 100)), rows: 1, columns: 1 },
      reports: {
        everyPhases: Math.round(dice.logBetween(1, 20)),
        hashEveryPhases,
      },
      collective: {
        road: dice.pick(['auto', 'auto', 'direct', 'star'] as const),
        wireFormat: dice.pick(['fp32', 'fp32', 'fp32', 'bf16', 'powersgd'] as const),
        rank: dice.whole(1, 2),
        errorFeedback: dice.chance(0.7),
      },
    },
    'a simulated run',
  );
  return { config, datasetSize, poison };
}

function dense(units: number) {
  return { type: 'dense' as const, units };
}
