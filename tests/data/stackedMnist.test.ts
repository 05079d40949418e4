/**
 * Proves that stacked MNIST stacks whole digits of the right split, spells its label with theirs, reaches all 1000 modes
 * about equally often, and gives the same stacks for the same seed.
 */
import { describe, expect, it } from 'vitest';
import { openSource, type SampleSource, type Split } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { sampleOf } from './samples.ts';

const open = (split: Split, more: object = {}) =>
  openSource(dataOf({ dataset: 'stacked-mnist', labels: true, ...more }), split);

/** Labels of MNIST's images, by their bytes. */
function known(source: SampleSource): Map<string, number> {
  const entries = Array.from({ length: source.size }, (_, i) => [key(sampleOf(source, i)), source.label(i)] as const);
  return new Map(entries);
}
const key = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('stacked MNIST', () => {
  const source = open('train');

  it('is 128,000 stacks of three digits, and 1000 classes', () => {
    expect(source).toMatchObject({ size: 128_000, shape: [28, 28, 3], type: 'uint8', classes: 1000 });
  });

  it.each(['test', 'valid'] as const)(
    'has in each channel a digit of its split (%s), which its label spells',
    (split) => {
      const digits = known(openSource(dataOf({ labels: true }), split));
      const stacks = open(split);
      for (let index = 0; index < 300; index++) {
        const stack = sampleOf(stacks, index);
        const spelled = [0, 1, 2].map((channel) => digits.get(key(stack.filter((_, i) => i % 3 === channel))));
        expect(Number(spelled.join(''))).toBe(stacks.label(index));
        expect(spelled).not.toContain(undefined);
      }
    },
  );

  it('reaches every mode: its 1000 counts are as far apart as chance makes them', () => {
    const counts = new Array<number>(1000).fill(0);
    for (let index = 0; index < source.size; index++)
      counts[source.label(index)] = (counts[source.label(index)] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(0);
    // Expected by the shares of MNIST's digits (5,421 to 6,742 of 60,000): χ² has 999 degrees of freedom.
    const shares = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949].map((count) => count / 60_000);
    const expected = (mode: number) =>
      [Math.floor(mode / 100), Math.floor(mode / 10) % 10, mode % 10].reduce(
        (p, digit) => p * (shares[digit] ?? 0),
        source.size,
      );
    const chi2 = counts.reduce((sum, count, mode) => sum + (count - expected(mode)) ** 2 / expected(mode), 0);
    expect(Math.abs(chi2 - 999)).toBeLessThan(5 * Math.sqrt(2 * 999));
  });

  it('gives the same stacks for the same seed, others for another, and as many as asked for', () => {
    const labels = (of: SampleSource) => Array.from({ length: 50 }, (_, index) => of.label(index));
    expect(labels(open('train'))).toEqual(labels(source));
    expect(labels(open('train', { seed: 1 }))).not.toEqual(labels(source));
    expect(open('train', { stacks: 26_000 }).size).toBe(26_000);
    expect(labels(open('train', { first: 5 }))[0]).toBe(source.label(5));
  });
});
