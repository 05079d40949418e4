/** Contestants that take turns, so that what disturbs the machine, and whose caches one finds, hits all alike. */
import { invariant } from '../../errors/invariant.ts';

export interface Contestant {
  /** Milliseconds of each of the next `count` iterations; it computes at no other time. */
  times(count: number): Promise<readonly number[]>;
}

export interface Turns {
  readonly rounds: number;
  /** Iterations that count, in a turn. */
  readonly iterations: number;
}

/** After another's turn, the first iteration finds cold caches and sleeping threads: it does not count. */
const SETTLING_ITERATIONS = 1;

/** The times of each contestant, in the contestants' order. */
export async function takeTurns(contestants: readonly Contestant[], turns: Turns): Promise<number[][]> {
  const players = contestants.map((contestant) => ({ contestant, all: [] as number[] }));
  for (let round = 0; round < turns.rounds; round += 1) {
    for (const { contestant, all } of rotated(players, round)) {
      const times = await contestant.times(SETTLING_ITERATIONS + turns.iterations);
      invariant(times.length === SETTLING_ITERATIONS + turns.iterations, 'a time for each iteration');
      all.push(...times.slice(SETTLING_ITERATIONS));
    }
  }
  return players.map(({ all }) => all);
}

/** The order of a round: each comes first, second and last as often as the others. */
export function rotated<Item>(items: readonly Item[], round: number): Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
