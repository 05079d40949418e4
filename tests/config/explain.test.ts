/** Proves what is said of a field: every one of the schema can be asked for, and a mistyped one is refused by name. */
import { describe, expect, it } from 'vitest';
import { explainField } from '../../services/config/explain.ts';

describe('explainField', () => {
  it('tells what a plain field may be, its default and its meaning', () => {
    expect(explainField('batchSize')).toEqual([
      {
        where: [],
        allowed: 'a whole number above 0 and at most 65536',
        default: '100',
        meaning: 'Samples in a global minibatch, over all shards.',
        fields: [],
      },
    ]);
  });

  it('tells which types of a section have a field, and those alone where a type is named', () => {
    const [first, ...others] = explainField('optimizer.generator.beta1');
    expect([first?.where, others]).toEqual([['type: adam', 'type: adamw'], []]);
    const wide = explainField('generator.layers.0.units').flatMap(({ where }) => where);
    expect(wide).toEqual(['type: dense', 'type: maxout']);
    expect(explainField('generator.layers.conv.padding').flatMap(({ where }) => where)).toEqual(['type: conv']);
  });

  it('tells the fields of a section, through what may be a section or a number', () => {
    expect(explainField('latent')[0]?.fields).toEqual(['size', 'distribution']);
    expect(explainField('workers.min')[0]?.allowed).toBe('a whole number above 0 and at most 1024');
    expect(explainField('')[0]?.fields).toContain('discriminator');
  });

  it('has words for every field', () => {
    let count = 0;
    const walk = (path: string, depth: number) => {
      for (const { allowed, fields } of explainField(path)) {
        expect(allowed, path).not.toBe('');
        count += 1;
        if (depth < 5) for (const field of fields) walk(path === '' ? field : `${path}.${field}`, depth + 1);
      }
    };
    walk('', 0);
    expect(count).toBeGreaterThan(100);
  });

  it.each([
    ['optimizr.generator', /a run config has no field 'optimizr'.*/, "Did you mean 'optimizer'?"],
    ['latent.sise', /^latent has no field 'sise'; it has size, distribution\.$/, "Did you mean 'size'?"],
    ['batchSize.more', /^batchSize is no section, and has no 'more'\.$/, 'See `ganglion config explain`'],
  ])('refuses %s', (path, message, remedy) => {
    expect(() => explainField(path)).toThrow(message);
    expect(() => explainField(path)).toThrow(expect.objectContaining({ remedy: expect.stringContaining(remedy) }));
  });
});
