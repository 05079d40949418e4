/** Proves the nearest training samples against a search that leaves nothing out. */
import { expect, it } from 'vitest';
import { nearestNeighbours } from '../../services/sampling/neighbours.ts';
import type { TrainingSamples } from '../../services/sampling/trainingSamples.ts';

const SIZE = 150;

function values(count: number, salt: number): Float32Array {
  return Float32Array.from({ length: count * SIZE }, (_, i) => Math.sin(i * 12.9898 + salt) * 3);
}

function training(all: Float32Array): TrainingSamples {
  return {
    name: 'test',
    size: all.length / SIZE,
    shape: [SIZE],
    read: (first, count) => all.slice(first * SIZE, (first + count) * SIZE),
  };
}

it('finds what a plain search finds, over more samples than are read at a time', () => {
  const [samples, all] = [values(4, 5), values(2300, 1)];
  const square = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < SIZE; k += 1) sum += ((samples[i * SIZE + k] ?? 0) - (all[j * SIZE + k] ?? 0)) ** 2;
    return sum;
  };
  const found = nearestNeighbours(samples, training(all));
  for (const [i, { index, distance }] of found.entries()) {
    const squares = Array.from({ length: 2300 }, (_, j) => square(i, j));
    expect(index).toBe(squares.indexOf(Math.min(...squares)));
    expect(distance).toBeCloseTo(Math.sqrt(Math.min(...squares)), 5);
  }
});

it('of a sample that is remembered is that sample, at distance 0; of equals the first', () => {
  const all = values(1200, 3);
  all.copyWithin(1100 * SIZE, 40 * SIZE, 41 * SIZE);
  const copies = Float32Array.from([...all.subarray(1150 * SIZE, 1151 * SIZE), ...all.subarray(40 * SIZE, 41 * SIZE)]);
  expect(nearestNeighbours(copies, training(all))).toEqual([
    { index: 1150, distance: 0 },
    { index: 40, distance: 0 },
  ]);
});
