/**
 * Proves that augmentation's tables say what Zhao et al. 2020 do: a sample moves as one, by at most the asked part of its sides;
 * what is cut is one rectangle of the asked size, or its part in the image; the way back is the transpose; and a sample's
 * numbers are its own, whatever shard it lies in.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../services/config/runConfig.ts';
import { type AugmentDraw, drawAugmentation } from '../../services/gan/augmentDraw.ts';

type Augment = NonNullable<RunConfig['objective']['augment']>;

const NOTHING: Augment = { brightness: 0, saturation: 0, contrast: 0, translation: 0, cutout: 0 };
const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const cases = fc.record({
  augment: fc.record({ brightness: ratio, saturation: ratio, contrast: ratio, translation: ratio, cutout: ratio }),
  shape: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 })),
  seed: fc.maxSafeNat(),
});

const draw = (augment: Augment, shape: readonly number[], seed: number, first = 0, count = 8): AugmentDraw =>
  drawAugmentation(augment, shape, { seed, stream: 'augmentFake', phase: 3, layer: 0 }, { first, count });

describe('drawAugmentation', () => {
  it('goes back by the transpose of how it came', () => {
    fc.assert(
      fc.property(cases, ({ augment, shape, seed }) => {
        const { seen, back } = draw(augment, shape, seed);
        const links = ({ from, keep }: AugmentDraw['seen']) =>
          Array.from(keep.keys()).flatMap((to) => (keep[to] === 1 ? [[to, from[to] ?? -1] as const] : []));
        const forward = links(seen).map(([to, from]) => `${from}>${to}`);
        expect(
          links(back)
            .map(([to, from]) => `${to}>${from}`)
            .sort(),
        ).toEqual(forward.sort());
      }),
    );
  });

  it('shifts a sample as one, by no more than asked, zeros behind it', () => {
    fc.assert(
      fc.property(cases, ({ augment, shape, seed }) => {
        const [height, width, channels] = shape;
        const { seen } = draw({ ...augment, cutout: 0 }, shape, seed);
        const size = height * width * channels;
        for (let row = 0; row < 8; row += 1) {
          const shifts = new Set<string>();
          let kept = 0;
          for (let i = 0; i < size; i += 1) {
            if (seen.keep[row * size + i] === 0) continue;
            kept += 1;
            const from = (seen.from[row * size + i] ?? -1) - row * size;
            const place = (at: number) =>
              [Math.floor(at / channels / width), Math.floor(at / channels) % width] as const;
            expect(from % channels).toBe(i % channels);
            const [[y, x], [fromY, fromX]] = [place(i), place(from)];
            shifts.add(`${y - fromY} ${x - fromX}`);
          }
          const [dy = Number.NaN, dx = Number.NaN] = [...shifts][0]?.split(' ').map(Number) ?? [height, width];
          expect(shifts.size).toBeLessThanOrEqual(1);
          expect(Math.abs(dy)).toBeLessThanOrEqual(Math.floor(height * augment.translation + 0.5));
          expect(Math.abs(dx)).toBeLessThanOrEqual(Math.floor(width * augment.translation + 0.5));
          if (shifts.size === 1) expect(kept).toBe((height - Math.abs(dy)) * (width - Math.abs(dx)) * channels);
        }
      }),
    );
  });

  it('reaches every shift and every place of the cut, each about as often', () => {
    const { seen } = draw({ ...NOTHING, translation: 0.25 }, [1, 4, 1], 5, 0, 3000);
    const kinds = new Map<string, number>();
    for (let row = 0; row < 3000; row += 1) {
      const keep = Array.from(seen.keep.subarray(4 * row, 4 * row + 4)).join('');
      kinds.set(keep, (kinds.get(keep) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual(['0111', '1110', '1111']);
    for (const count of kinds.values()) expect(Math.abs(count - 1000)).toBeLessThan(100);
    const { seen: cut } = draw({ ...NOTHING, cutout: 0.5 }, [4, 1, 1], 5, 0, 5000);
    const places = new Map<string, number>();
    for (let row = 0; row < 5000; row += 1) {
      const keep = Array.from(cut.keep.subarray(4 * row, 4 * row + 4)).join('');
      places.set(keep, (places.get(keep) ?? 0) + 1);
    }
    // Two of four, whose middle is anywhere from edge to edge.
    expect([...places.keys()].sort()).toEqual(['0011', '0111', '1001', '1100', '1110']);
    for (const count of places.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('keeps colours within what was asked, and changes nothing that was not', () => {
    fc.assert(
      fc.property(cases, ({ augment, shape, seed }) => {
        const { brightness, saturation, contrast } = draw(augment, shape, seed);
        const within = (values: Float32Array, about: number, most: number) =>
          values.every((value) => Math.abs(value - about) <= most + 1e-6);
        expect(within(brightness, 0, augment.brightness)).toBe(true);
        expect(within(saturation, 1, augment.saturation)).toBe(true);
        expect(within(contrast, 1, augment.contrast)).toBe(true);
      }),
    );
    const still = draw(NOTHING, [2, 3, 2], 9);
    expect(still.seen.keep.every((kept) => kept === 1)).toBe(true);
    expect(Array.from(still.seen.from)).toEqual(Array.from(still.seen.from.keys()));
    expect([...still.brightness, ...still.saturation, ...still.contrast].every((x) => x === 0 || x === 1)).toBe(true);
  });

  it('gives a sample the same wherever the batch is cut', () => {
    const augment = { ...NOTHING, brightness: 0.3, translation: 0.5, cutout: 0.5 };
    const whole = draw(augment, [3, 3, 1], 11, 0, 8);
    const part = draw(augment, [3, 3, 1], 11, 5, 3);
    expect(part.brightness).toEqual(whole.brightness.subarray(5));
    expect(part.seen.keep).toEqual(whole.seen.keep.subarray(45));
    const kept = part.seen.from.map((from, i) => (part.seen.keep[i] === 1 ? from + 45 : 0));
    expect(kept).toEqual(whole.seen.from.subarray(45));
  });
});
