/** Proves that an error of the world keeps its fields and says what to do next, and that a bug of ours crashes by name. */
import { describe, expect, it } from 'vitest';
import { describeError, GanglionError } from '../../services/errors/ganglionError.ts';
import { invariant, must } from '../../services/errors/invariant.ts';

const DETAILS = { code: 'disk', message: 'The disk is full.', remedy: 'Free some space.' } as const;

describe('an error of the world', () => {
  it('keeps its code, sentence, remedy and cause', () => {
    const cause = new Error('ENOSPC');
    const error = new GanglionError({ ...DETAILS, cause });
    expect(error).toMatchObject({ ...DETAILS, name: 'GanglionError', cause });
    expect(error).toBeInstanceOf(Error);
  });

  it('has no cause where none was given', () => {
    expect('cause' in new GanglionError(DETAILS)).toBe(false);
  });

  it('is told as sentence and remedy', () => {
    expect(describeError(new GanglionError(DETAILS))).toBe('The disk is full. Free some space.');
  });

  it.each([
    [new Error('plain'), 'plain'],
    ['a string', 'a string'],
    [undefined, 'undefined'],
  ])('may be anything that was thrown: %s', (thrown, text) => {
    expect(describeError(thrown)).toBe(text);
  });
});

describe('a bug of ours', () => {
  it('is named', () => {
    expect(() => invariant(false, 'ranks follow each other')).toThrow('invariant broken: ranks follow each other');
    expect(() => must(undefined, 'run r')).toThrow('invariant broken: run r is missing');
    expect(() => must(null, 'run r')).toThrow('run r is missing');
  });

  it('is none where the value is there, however empty', () => {
    expect(() => invariant(1, '')).not.toThrow();
    expect([0, '', false].map((value) => must(value, 'value'))).toEqual([0, '', false]);
  });
});
