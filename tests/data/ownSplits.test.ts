/** Proves that the splits of one's own data cut them into disjoint parts that are the whole, the same for the same seed. */
import { describe, expect, it } from 'vitest';
import { openSource, type Split } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { floatsOf } from './samples.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const folder = temporaryFolder();
const path = folder.write('numbers.csv', Array.from({ length: 50 }, (_, i) => `${i},${i % 7}`).join('\n'));
const data = (more: object) => dataOf({ dataset: 'csv', path, labels: true, labelColumn: 1, ...more });
const read = (split: Split, more: object) => [...floatsOf(openSource(data(more), split))];

describe('holdOut', () => {
  const holdOut = { valid: 0.1, test: 0.25 };

  it('cuts the data into three parts that are the whole', () => {
    const parts = (['train', 'valid', 'test'] as const).map((split) => read(split, { holdOut }));
    // A quarter of 50 is 12.5.
    expect(parts.map(({ length }) => length)).toEqual([32, 5, 13]);
    expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('keeps labels with their samples', () => {
    const source = openSource(data({ holdOut }), 'test');
    for (const [index, value] of floatsOf(source).entries()) expect(source.label(index)).toBe(value % 7);
  });

  it('chooses by the data seed', () => {
    expect(read('test', { holdOut })).toEqual(read('test', { holdOut }));
    expect(read('test', { holdOut, seed: 1 })).not.toEqual(read('test', { holdOut }));
  });

  it('takes none by default: all are trained on, in the order of the file', () => {
    expect(read('train', {})).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(() => read('valid', {})).toThrow(
      'csv has 50 samples, of which none are for the split valid: data.holdOut.valid is 0.',
    );
    expect(() => read('test', { holdOut: { test: 0.001 } })).toThrow('data.holdOut.test is 0.001');
    expect(() => read('train', { holdOut: { valid: 0.5, test: 0.495 } })).toThrow('data.holdOut leaves none');
  });

  it('leaves `first` and `count` to the training split', () => {
    const all = read('train', { holdOut });
    expect(read('train', { holdOut, first: 2, count: 3 })).toEqual(all.slice(2, 5));
    expect(read('valid', { holdOut, first: 2, count: 3 }).length).toBe(5);
  });
});
