/** Proves that a mistyped name finds the meant one, and that a far one finds none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from '../../services/config/nearest.ts';

const NAMES = ['units', 'pieces', 'activation', 'batchSize', 'ema'];

describe('nearestName', () => {
  it.each([
    ['unit', 'units'],
    ['batchsize', 'batchSize'],
    ['batch-size', 'batchSize'],
    ['pices', 'pieces'],
    ['activaton', 'activation'],
  ])('%s → %s', (word, name) => {
    expect(nearestName(word, NAMES)).toBe(name);
  });

  it.each(['', 'a', 'zzz', 'learningRate'])('%j → none', (word) => {
    expect(nearestName(word, NAMES)).toBeUndefined();
  });

  it('finds any name of four letters or more with one letter dropped', () => {
    const name = fc.constantFrom(...NAMES.filter(({ length }) => length >= 4));
    fc.assert(
      fc.property(name, fc.nat(), (meant, at) => {
        const index = at % meant.length;
        expect(nearestName(meant.slice(0, index) + meant.slice(index + 1), NAMES)).toBe(meant);
      }),
    );
  });
});
