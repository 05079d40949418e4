/** Proves that a table of numbers is read cell by cell, and that a bad cell is named with its line and column. */
import { describe, expect, it } from 'vitest';
import { openSource } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { floatsOf } from './samples.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const folder = temporaryFolder();
let files = 0;
const open = (text: string | Uint8Array, more: object = {}) =>
  openSource(dataOf({ dataset: 'csv', path: folder.write(`${files++}.csv`, text), ...more }), 'train');

describe('a CSV file', () => {
  it.each([
    ['plain', '1,2\n3,4\n'],
    ['without a last line end', '1,2\n3,4'],
    ['with a header', 'height,width\n1,2\n3,4\n'],
    ['from Windows, with a byte order mark', '\uFEFFheight,width\r\n1,2\r\n3,4\r\n'],
    ['with blanks, quotes and empty lines', '\n 1 , "2"\n\n+3.0,4e0\n\n'],
  ])('%s is its numbers', (_, text) => {
    const source = open(text);
    expect(source).toMatchObject({ name: 'csv', size: 2, shape: [2], type: 'float32', classes: 0 });
    expect([...floatsOf(source)]).toEqual([1, 2, 3, 4]);
  });

  it('of one column is numbers; of other separators too', () => {
    expect(open('0.5\n-.25\n1e-3\n').shape).toEqual([1]);
    expect([...floatsOf(open('0.5\n-.25\n1e-3\n'))]).toEqual([0.5, -0.25, Math.fround(1e-3)]);
    expect([...floatsOf(open('1;2\n', { separator: ';' }))]).toEqual([1, 2]);
    expect([...floatsOf(open('1\t2\n', { separator: '\t' }))]).toEqual([1, 2]);
  });

  it('has labels in one of its columns, which is no value whether it is used or not', () => {
    const text = 'x,kind,y\n1,cat,2\n3,"ant, red",4\n5,cat,6\n';
    const labelled = open(text, { labels: true, labelColumn: 'kind' });
    expect(labelled).toMatchObject({ size: 3, shape: [2], classes: 2 });
    expect([0, 1, 2].map((index) => labelled.label(index))).toEqual([1, 0, 1]);
    expect([...floatsOf(open(text, { labelColumn: 1 }))]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('orders labels that are numbers by number', () => {
    const source = open('0,10\n0,9\n0,-1\n', { labels: true, labelColumn: 1 });
    expect([0, 1, 2].map((index) => source.label(index))).toEqual([2, 1, 0]);
  });

  it('is read whole where it is longer than what is read at once', () => {
    const count = 300_000;
    const source = open(Array.from({ length: count }, (_, i) => `${i},${-i}`).join('\n'));
    expect(source.size).toBe(count);
    const values = floatsOf(source);
    expect(values.every((value, i) => value === (i % 2 === 0 ? i / 2 : -(i - 1) / 2))).toBe(true);
  });
});

describe('a broken CSV file is refused:', () => {
  it.each([
    ['NaN', 'a,b\n1,2\n3,NaN\n', {}, 'line 3, column 2 (b): found "NaN"; allowed: a number that a float32 holds'],
    ['infinity', '1,2\ninf,4\n', {}, 'line 2, column 1: found "inf"'],
    ['too large for a float32', '1,2\n3,1e39\n', {}, 'line 2, column 2: found "1e39"'],
    ['an empty cell', '1,2\n3,\n', {}, 'line 2, column 2: found ""'],
    ['hexadecimal', '1,2\n3,0x10\n', {}, 'line 2, column 2: found "0x10"'],
    ['a decimal comma', '1;2\n3;4,5\n', { separator: ';' }, 'line 2, column 2: found "4,5"'],
    ['a text in the first line, with numbers beside it', '1,b\n', {}, 'line 1, column 2: found "b"'],
    ['a header that is said to be none', 'a,b\n1,2\n', { header: false }, 'line 1, column 1: found "a"'],
    ['a short line', '1,2\n3\n', {}, 'line 2 has 1 cells; line 1 has 2'],
    ['a long line', '1,2\n\n3,4,5\n', {}, 'line 3 has 3 cells; line 1 has 2'],
    ['nothing', '', {}, 'it has no line of numbers'],
    ['a header only', 'a,b\n', {}, 'it has no line of numbers'],
    ['labels only', '1\n2\n', { labelColumn: 0 }, 'it has no line of numbers'],
    ['no such label column', 'a,b\n1,2\n', { labelColumn: 'c' }, 'data.labelColumn is "c"; allowed: a, b, or 0 to 1'],
    [
      'a named label column without a header',
      '1,2\n',
      { labelColumn: 'c' },
      'data.labelColumn is "c"; allowed: 0 to 1',
    ],
    ['no UTF-8', Buffer.of(0x31, 0x0a, 0xff, 0xfe), {}, 'what is no UTF-8 stands between bytes 0 and 4'],
  ])('%s', (_, text, more, sentence) => {
    expect(() => open(text, more)).toThrow(sentence);
    expect(() => open(text, more)).toThrow(
      expect.objectContaining({ code: 'dataset', message: expect.stringContaining(`${folder.path}/`) }),
    );
  });
});
