/** Proves that every purpose draws its own counters, whatever the batch is cut into, and that phase and seed count whole. */
import { describe, expect, it } from 'vitest';
import { fillDropoutMask } from '../../services/random/dropoutMask.ts';
import { fillNormal } from '../../services/random/normal.ts';
import { type RandomAddress, rowSource, STREAMS, type StreamName } from '../../services/random/streams.ts';
import { fillUniform } from '../../services/random/uniform.ts';

const BASE: RandomAddress = { seed: 7, stream: 'latent', phase: 3, layer: 0 };

function words(address: RandomAddress, row: number, count = 4): string {
  const source = rowSource(address, count);
  source.draw(row);
  return source.words.join(' ');
}

describe('streams', () => {
  it('gives different words to every stream, layer, phase, seed and row', () => {
    const drawn = new Set<string>();
    let expected = 0;
    for (const stream of Object.keys(STREAMS) as StreamName[])
      for (const layer of [0, 1, 63, 255])
        for (const phase of [0, 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER])
          for (const seed of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER])
            for (const row of [0, 1, 65_535]) {
              drawn.add(words({ stream, layer, phase, seed }, row));
              expected += 1;
            }
    expect(drawn.size).toBe(expected);
  });

  it('never gives two streams one id', () => {
    expect(new Set(Object.values(STREAMS)).size).toBe(Object.keys(STREAMS).length);
  });

  it('refuses what does not fit the counter', () => {
    expect(() => words({ ...BASE, layer: 256 }, 0)).toThrow('layer 256');
    expect(() => words({ ...BASE, phase: -1 }, 0)).toThrow('phase -1');
    expect(() => words({ ...BASE, seed: 2 ** 53 }, 0)).toThrow('seed');
    expect(() => words({ ...BASE, seed: 0.5 }, 0)).toThrow('seed');
  });

  it('draws a longer row that starts like the shorter one', () => {
    expect(words(BASE, 5, 9).startsWith(words(BASE, 5, 4))).toBe(true);
  });

  it('gives a row the same values wherever the batch is cut', () => {
    const width = 13;
    const fills = {
      uniform: (first: number, count: number) =>
        filled(count * width, (out) => fillUniform(BASE, { first, count, width }, -1, 2, out)),
      normal: (first: number, count: number) =>
        filled(count * width, (out) => fillNormal(BASE, { first, count, width }, out)),
      mask: (first: number, count: number) =>
        filled(count * width, (out) => fillDropoutMask(BASE, { first, count, width }, 0.5, out, 0)),
    };
    for (const fill of Object.values(fills)) {
      expect(fill(0, 10)).toEqual([...fill(0, 3), ...fill(3, 6), ...fill(9, 1)]);
    }
  });
});

function filled(length: number, fill: (out: Float32Array) => void): number[] {
  const out = new Float32Array(length);
  fill(out);
  return Array.from(out);
}
