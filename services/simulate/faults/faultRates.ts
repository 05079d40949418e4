/** How often what goes wrong. A kind that a seed does not have leaves room for others to be seen. */
import type { Dice } from '../dice.ts';

/** Mean time between two of a kind, while faults go on; undefined where it never happens. */
type Mean = number | undefined;

export interface FaultRates {
  readonly killWorker: Mean;
  /** At some act of it that comes, between any two things that it does. */
  readonly killWorkerAtAct: Mean;
  readonly killCoordinator: Mean;
  readonly killCoordinatorAtAct: Mean;
  /** Of kills: how many take the machine along, which tells nobody, and forgets what was not synced. */
  readonly machineShare: number;
  readonly stallWorker: Mean;
  readonly stallCoordinator: Mean;
  readonly loseConnections: Mean;
  /** Connections that swallow what is sent, and tell nobody. */
  readonly breakConnections: Mean;
  readonly partition: Mean;
  /** Two workers cannot reach each other, but the coordinator. */
  readonly partWorkers: Mean;
  readonly drain: Mean;
  readonly pause: Mean;
  readonly cancel: Mean;
  readonly resumeOlder: Mean;
  readonly fullDisk: Mean;
  /** Another process registers with a worker's id. */
  readonly twin: Mean;
  /** A bit of a replica's state falls over. */
  readonly flipBit: Mean;
  /** Chances of each write. */
  readonly writeError: number;
  readonly slowWrite: number;
  /** Chance of each frame between workers to arrive damaged. */
  readonly damagedFrame: number;
  /** How long somebody is away, stalled or parted. */
  readonly outageMs: number;
  /** Share of the workers that come later. */
  readonly lateShare: number;
}

/** How often a kind goes wrong in a seed: means in shares of the chaos, and chances of each write or frame. */
const LEVELS = {
  rare: { mean: [0.2, 1], chance: [0.0005, 0.005] },
  frequent: { mean: [0.03, 0.2], chance: [0.005, 0.05] },
  veryHigh: { mean: [0.004, 0.03], chance: [0.05, 0.3] },
} as const;

/**
 * @param isMemoryBad bits fall over, and nothing else happens: with who is lost before replicas are compared, the proof that it
 * went wrong is lost too.
 */
export function drawFaults(dice: Dice, chaosMs: number, isMemoryBad: boolean): FaultRates {
  // Some seeds have few kinds, some nearly all, and each kind is at a level of its own.
  const variety = isMemoryBad ? 0 : dice.pick([0, 0.1, 0.3, 0.5, 0.8]);
  const draw = (of: keyof (typeof LEVELS)['rare']) => {
    const [from, to] = LEVELS[dice.pick(['rare', 'rare', 'frequent', 'frequent', 'veryHigh'] as const)][of];
    return dice.logBetween(from, to);
  };
  const mean = (weight = 1): Mean => (dice.chance(variety * weight) ? chaosMs * draw('mean') : undefined);
  const share = (most = 1) => (dice.chance(variety) ? most * draw('chance') : 0);
  return {
    killWorker: mean(),
    killWorkerAtAct: mean(),
    killCoordinator: mean(),
    killCoordinatorAtAct: mean(),
    machineShare: dice.pick([0, 0, 0.3, 1]),
    stallWorker: mean(),
    stallCoordinator: mean(0.5),
    loseConnections: mean(),
    breakConnections: mean(),
    partition: mean(),
    partWorkers: mean(0.5),
    drain: mean(0.5),
    pause: mean(0.5),
    cancel: mean(0.2),
    resumeOlder: mean(0.2),
    fullDisk: mean(0.3),
    twin: mean(0.2),
    flipBit: isMemoryBad ? chaosMs * draw('mean') : undefined,
    writeError: share(),
    slowWrite: share(),
    damagedFrame: share(0.2),
    outageMs: dice.logBetween(100, 20_000),
    lateShare: isMemoryBad || dice.chance(0.5) ? 0 : dice.fraction(),
  };
}
