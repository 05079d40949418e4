/**
 * The random numbers of differentiable augmentation (Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN
 * training", section 3), one row a sample: how its colours change, where each of its pixels comes from, and which are cut.
 *
 * A shift and a cut only choose: so they are tables of pixels, and the way back is the table the other way round.
 */
import type { RunConfig } from '../config/runConfig.ts';
import type { SampleRange } from '../plan/shards.ts';
import { type RandomAddress, rowSource } from '../random/streams.ts';
import type { Shape } from './shapes.ts';

type AugmentConfig = NonNullable<RunConfig['objective']['augment']>;

/** Values of a batch by values of another: `keep[i]` is 1 where value i is value `from[i]` there, and 0 where it is 0. */
export interface Choice {
  readonly from: Int32Array;
  readonly keep: Float32Array;
}

export interface AugmentDraw {
  /** One a sample: what is added, and the factors about grey and about the mean. */
  readonly brightness: Float32Array;
  readonly saturation: Float32Array;
  readonly contrast: Float32Array;
  /** What D sees, by the samples. */
  readonly seen: Choice;
  /** The gradient by the samples, by that of what D sees. */
  readonly back: Choice;
}

/** Words of a sample: three colour changes, and two coordinates each of the shift and of the cut. */
const WORDS = 7;
const TWO_32 = 2 ** 32;

/** @param shape [height, width, channels] of a sample. */
export function drawAugmentation(
  augment: AugmentConfig,
  shape: Shape,
  address: RandomAddress,
  { first, count }: SampleRange,
): AugmentDraw {
  const [height = 1, width = 1, channels = 1] = shape;
  const size = height * width * channels;
  const source = rowSource(address, WORDS);
  const [brightness, saturation, contrast] = [0, 1, 2].map(() => new Float32Array(count)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [seen, back] = [choice(count * size), choice(count * size)];
  for (let row = 0; row < count; row += 1) {
    source.draw(first + row);
    const unit = (word: number) => ((source.words[word] ?? 0) + 0.5) / TWO_32;
    const around = (word: number, range: number) => (2 * unit(word) - 1) * range;
    brightness[row] = around(0, augment.brightness);
    saturation[row] = 1 + around(1, augment.saturation);
    contrast[row] = 1 + around(2, augment.contrast);
    const dy = shift(unit(3), height, augment.translation);
    const dx = shift(unit(4), width, augment.translation);
    const [top, bottom] = cut(unit(5), height, augment.cutout);
    const [left, right] = cut(unit(6), width, augment.cutout);
    for (let y = Math.max(0, dy); y < Math.min(height, height + dy); y += 1) {
      for (let x = Math.max(0, dx); x < Math.min(width, width + dx); x += 1) {
        if (y >= top && y < bottom && x >= left && x < right) continue;
        const to = row * size + (y * width + x) * channels;
        const from = to - (dy * width + dx) * channels;
        for (let channel = 0; channel < channels; channel += 1) {
          link(seen, to + channel, from + channel);
          link(back, from + channel, to + channel);
        }
      }
    }
  }
  return { brightness, saturation, contrast, seen, back };
}

function choice(length: number): Choice {
  return { from: new Int32Array(length), keep: new Float32Array(length) };
}

function link({ from, keep }: Choice, to: number, source: number): void {
  from[to] = source;
  keep[to] = 1;
}

/** A whole number of pixels, each from −most to most with the same chance. */
function shift(unit: number, size: number, ratio: number): number {
  const most = Math.floor(size * ratio + 0.5);
  return Math.floor(unit * (2 * most + 1)) - most;
}

/** [begin, end) of the cut along one side; its middle is anywhere in the image, so that part of it may lie outside. */
function cut(unit: number, size: number, ratio: number): readonly [number, number] {
  const length = Math.floor(size * ratio + 0.5);
  const begin = Math.floor(unit * (size + 1 - (length % 2))) - Math.floor(length / 2);
  return [begin, begin + length];
}
