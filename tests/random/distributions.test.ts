/** Proves that the numbers have the distributions they are named after, and golden bits that no Node version may change. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fillDropoutMask } from '../../services/random/dropoutMask.ts';
import { fillNormal, normalQuantile } from '../../services/random/normal.ts';
import type { RandomAddress } from '../../services/random/streams.ts';
import { fillUniform } from '../../services/random/uniform.ts';

const ADDRESS: RandomAddress = { seed: 11, stream: 'latent', phase: 0, layer: 0 };
const ROWS = { first: 0, count: 500, width: 200 };
const COUNT = ROWS.count * ROWS.width;

describe('fillUniform', () => {
  const values = new Float32Array(COUNT);
  fillUniform(ADDRESS, ROWS, -Math.sqrt(3), Math.sqrt(3), values);

  it('stays in the interval, with mean 0 and variance 1', () => {
    expect(Math.max(...values.subarray(0, 50_000))).toBeLessThanOrEqual(Math.fround(Math.sqrt(3)));
    expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThanOrEqual(Math.fround(-Math.sqrt(3)));
    // Five standard errors: 5/√100000 for the mean, 5·√(4/5)/√100000 for the variance of this uniform.
    expect(Math.abs(moment(values, 1))).toBeLessThan(0.016);
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(0.0142);
  });

  it('keeps its golden bits', () => {
    expect(digest(values)).toMatchInlineSnapshot(`"04b69bba22f1cf65"`);
  });
});

describe('fillNormal', () => {
  const values = new Float32Array(COUNT);
  fillNormal(ADDRESS, ROWS, values);

  it('has the moments of the standard normal', () => {
    expect(Math.abs(moment(values, 1))).toBeLessThan(0.016);
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(0.0224);
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / COUNT));
  });

  it('keeps its golden bits', () => {
    expect(digest(values)).toMatchInlineSnapshot(`"7f57ac5c8fa1e1b7"`);
  });
});

describe('normalQuantile', () => {
  // R's qnorm, and the check values of Wichura's paper for p = .25, .001, 1e-20; the last is 1 − 2⁻³³, by Python.
  it.each([
    [0.5, 0],
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798409],
    [0.975, 1.959963984540054],
    [1 - 2 ** -33, 6.337957754553789],
  ])('gives the published value at p = %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 13);
  });
});

describe('fillDropoutMask', () => {
  it.each([0.5, 0.8, 0.1])('keeps %d of the values and divides them by it', (keep) => {
    const mask = new Float32Array(COUNT + 3);
    fillDropoutMask(ADDRESS, ROWS, keep, mask, 3);
    expect(Array.from(mask.subarray(0, 3))).toEqual([0, 0, 0]);
    const body = mask.subarray(3);
    expect(new Set(body)).toEqual(new Set([0, Math.fround(1 / keep)]));
    const share = body.reduce((count, value) => count + (value > 0 ? 1 : 0), 0) / COUNT;
    expect(Math.abs(share - keep)).toBeLessThan(5 * Math.sqrt((keep * (1 - keep)) / COUNT));
  });

  it('drops nothing at keep 1', () => {
    const mask = new Float32Array(COUNT);
    fillDropoutMask(ADDRESS, ROWS, 1, mask, 0);
    expect(mask.every((value) => value === 1)).toBe(true);
  });
});

function moment(values: Float32Array, power: number): number {
  return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
}

function digest(values: Float32Array): string {
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex').slice(0, 16);
}
