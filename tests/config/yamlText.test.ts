/** Proves that text that is no YAML, or YAML that is no plain data, is refused with its place and never crashes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../services/config/resolve.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { rejected } from './rejected.ts';

describe('parseYaml', () => {
  it('reads plain values', () => {
    expect(parseYaml('a: 1\nb: [x, 2.5, true]', 'f')).toEqual({ a: 1, b: ['x', 2.5, true] });
  });

  it.each(['', '# only a comment', 'null'])('takes %j for a config without fields', (text) => {
    expect(parseYaml(text, 'f')).toEqual({});
  });

  const cases: readonly (readonly [text: string, sentence: string])[] = [
    ['a: 1\na: 2', 'f, line 2, column 1: Map keys must be unique.'],
    [
      'a: 1\nb: {c',
      'f, line 2, column 6: Flow map in block collection must be sufficiently indented and end with a }.',
    ],
    ['a: 1\n---\nb: 2', 'f, line 2, column 1: A second document begins here; only one is allowed.'],
    ['a: !!foo 1', 'f, line 1, column 4: Unresolved tag: tag:yaml.org,2002:foo.'],
    ['a: *b', 'f: Unresolved alias (the anchor must be set before the alias): b.'],
  ];
  it.each(cases)('%j', (text, sentence) => {
    const error = rejected(() => parseYaml(text, 'f'));
    expect([error.code, error.message]).toEqual(['invalid-config', sentence]);
    expect(error.remedy).not.toBe('');
  });

  it('refuses aliases of aliases that would fill the memory', () => {
    const row = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(of).join(', ')}]\n`;
    const text = row('a', '1') + row('b', '*a') + row('c', '*b') + row('d', '*c');
    expect(rejected(() => parseYaml(text, 'f')).message).toBe(
      'f: Excessive alias count indicates a resource exhaustion attack.',
    );
  });

  it('gives a value or a GanglionError for any text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ab:-[]{}&*!|>#\n\t "\'?,') }));
    fc.assert(
      fc.property(text, (any) => {
        try {
          parseYaml(any, 'f');
        } catch (error) {
          expect(error).toBeInstanceOf(GanglionError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
