/** Proves that contestants take turns in an order that favours none, and that the first iteration of a turn never counts. */
import { expect, it } from 'vitest';
import { rotated, takeTurns } from '../../../services/bench/peers/turns.ts';

it.each([
  [0, ['a', 'b', 'c']],
  [1, ['b', 'c', 'a']],
  [2, ['c', 'a', 'b']],
  [3, ['a', 'b', 'c']],
])('round %i is %j', (round, order) => {
  expect(rotated(['a', 'b', 'c'], round)).toEqual(order);
});

it('of one is that one', () => {
  expect(rotated(['a'], 7)).toEqual(['a']);
});

it('asks one after the other, and keeps what was counted, by contestant', async () => {
  const asked: string[] = [];
  let computing = 0;
  const contestant = (name: string, ms: number) => ({
    times: async (count: number) => {
      asked.push(name);
      computing += 1;
      expect(computing).toBe(1);
      await Promise.resolve();
      computing -= 1;
      return [999, ...Array.from({ length: count - 1 }, () => ms)];
    },
  });
  const times = await takeTurns([contestant('a', 1), contestant('b', 2)], { rounds: 3, iterations: 2 });
  expect(asked).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
  expect(times).toEqual([Array(6).fill(1), Array(6).fill(2)]);
});

it('takes fewer times than were asked for as a bug', async () => {
  const short = { times: async () => [1] };
  await expect(takeTurns([short], { rounds: 1, iterations: 2 })).rejects.toThrow('invariant broken');
});
