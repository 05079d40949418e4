/** Proves that `--set` changes exactly the named field, leaves its input alone, and refuses a path that leads nowhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../services/config/resolve.ts';
import { applySettings } from '../../services/config/settings.ts';
import { rejected } from './rejected.ts';

const input = () => ({ a: { b: 1, c: 2 }, layers: [{ units: 1 }, { units: 2 }, { units: 3 }], name: 'x' });

describe('applySettings', () => {
  const cases: readonly (readonly [settings: string[], result: object])[] = [
    [['a.b=3'], { ...input(), a: { b: 3, c: 2 } }],
    [['a.b=3', 'a.b=4'], { ...input(), a: { b: 4, c: 2 } }],
    [['a.b=x=y'], { ...input(), a: { b: 'x=y', c: 2 } }],
    [['a={b: [1, two]}'], { ...input(), a: { b: [1, 'two'] } }],
    [['d.e.f=true'], { ...input(), d: { e: { f: true } } }],
    [['layers.1.units=64'], { ...input(), layers: [{ units: 1 }, { units: 64 }, { units: 3 }] }],
    [['layers[1].units=64'], { ...input(), layers: [{ units: 1 }, { units: 64 }, { units: 3 }] }],
    [['layers.3.units=4'], { ...input(), layers: [...input().layers, { units: 4 }] }],
    [['layers.0=null'], { ...input(), layers: [{ units: 2 }, { units: 3 }] }],
    [['a=null'], { layers: input().layers, name: 'x' }],
    [['a='], { layers: input().layers, name: 'x' }],
    [['nothing=null'], input()],
  ];
  it.each(cases)('%j', (settings, result) => {
    expect(applySettings(input(), settings)).toEqual(result);
  });

  it('starts a config where there is none', () => {
    expect(applySettings(undefined, ['a.b=1'])).toEqual({ a: { b: 1 } });
  });

  it('leaves its input as it was', () => {
    const before = input();
    applySettings(before, ['a.b=3', 'layers.0=null', 'name=y']);
    expect(before).toEqual(input());
  });

  it('changes one of two places that share a YAML alias', () => {
    const shared = parseYaml('g: &x { rate: 1 }\nd: *x', 'f');
    expect(applySettings(shared, ['g.rate=2'])).toEqual({ g: { rate: 2 }, d: { rate: 1 } });
  });

  it('keeps numbers that JSON has no word for', () => {
    expect(applySettings({ a: Number.POSITIVE_INFINITY }, ['b=.nan'])).toEqual({
      a: Number.POSITIVE_INFINITY,
      b: Number.NaN,
    });
  });

  const refusals: readonly (readonly [setting: string, sentence: string])[] = [
    ['name', '--set name: not of the form a.b=value.'],
    ['=3', '--set =3: not of the form a.b=value.'],
    ['a..b=3', '--set a..b=3: not of the form a.b=value.'],
    ['name.first=3', '--set name.first=3: name is "x", which has no fields.'],
    ['a.b.c=3', '--set a.b.c=3: a.b is 1, which has no fields.'],
    ['layers.x.units=3', "--set layers.x.units=3: layers is a list of 3; found 'x', allowed: 0 to 3 (which appends)."],
    ['layers.7.units=3', "--set layers.7.units=3: layers is a list of 3; found '7', allowed: 0 to 3 (which appends)."],
    [
      'layers.length=0',
      "--set layers.length=0: layers is a list of 3; found 'length', allowed: 0 to 3 (which appends).",
    ],
    ['a={b', '--set a={b, line 1, column 3: Flow map must end with a }.'],
  ];
  it.each(refusals)('refuses %s', (setting, sentence) => {
    const error = rejected(() => applySettings(input(), [setting]));
    expect([error.code, error.message]).toEqual(['invalid-config', sentence]);
  });

  it.each(['__proto__.polluted=1', 'a.__proto__.polluted=1'])('refuses %s, which is the prototype', (setting) => {
    expect(rejected(() => applySettings(input(), [setting])).code).toBe('invalid-config');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each(['constructor', 'toString'])('takes %s for a field of the config, not of every object', (name) => {
    const result = applySettings({}, [`${name}.polluted=1`]);
    expect(Object.getOwnPropertyDescriptor(result, name)?.value).toEqual({ polluted: 1 });
    expect(({} as Record<string, { polluted?: number }>)[name]?.polluted).toBeUndefined();
  });

  it('sets what it is told, at any depth', () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.integer(), (path, value) => {
        let node = applySettings({}, [`${path.join('.')}=${value}`]);
        for (const name of path) node = (node as Record<string, unknown>)[name];
        expect(node).toBe(value);
      }),
    );
  });
});
