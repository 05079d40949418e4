/**
 * The game once more, in plain float64 JS and written apart from the code under test: loops over samples, no tensors, no
 * backward pass. Central differences of its losses are what the replica's gradients must be.
 */
import { imageShape } from '../../services/config/imageShape.ts';
import type { NetworkName, RunConfig } from '../../services/config/runConfig.ts';
import type { ScheduledValue } from '../../services/config/scheduledSchema.ts';
import { must } from '../../services/errors/invariant.ts';

import { drawAugmentation } from '../../services/gan/augmentDraw.ts';
import { classesOf } from '../../services/gan/labels.ts';
import { fakeClasses, latents, normalNoise, stackedMask, unitNumbers } from '../../services/gan/noise.ts';
import { scheduledAt } from '../../services/gan/scheduledValue.ts';
import type { ConvConfig, PoolConfig } from '../../services/gan/shapes.ts';

import type { StreamName } from '../../services/random/streams.ts';

/** Weights by canonical name. */
export type Weights = Map<string, Float64Array>;

export interface ReferenceBatch {
  readonly phase: number;
  readonly range: { readonly first: number; readonly count: number };
  readonly updates: readonly NetworkName[];
  /** Updates of D and of G before this phase. */
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
  /** Row by row in [0, 1]; empty where the phase reads none. */
  readonly reals: readonly number[][];
  /** Their classes; empty where the run knows none. */
  readonly realLabels: readonly number[];
}

/** Sum over the shard of the loss that `network` minimises. */
export function referenceLoss(
  config: RunConfig,
  network: NetworkName,
  weights: Weights,
  batch: ReferenceBatch,
): number {
  // A pack counts for each of its samples.
  return config.discriminator.packing * lossOfPacks(config, network, weights, batch);
}

function lossOfPacks(config: RunConfig, network: NetworkName, weights: Weights, batch: ReferenceBatch): number {
  const fake = fakeLogits(config, weights, batch);
  const real = realLogits(config, weights, batch);
  const { loss, generator, discriminatorScale, labelSmoothing: s } = config.objective;
  const d = (l: number) => 1 / (1 + Math.exp(-l));
  const pairs = (of: (real: number, fake: number) => number) =>
    fake.reduce((total, l, i) => total + of(must(real[i], 'the real of that index'), l), 0);
  if (network === 'generator') {
    switch (loss) {
      case 'least-squares':
        return sum(fake, (l) => (l - 1) ** 2 / 2);
      case 'hinge':
      case 'wasserstein':
        return sum(fake, (l) => -l);
      case 'relativistic':
        return pairs((r, f) => -Math.log(d(f - r)));
      case 'log':
        return sum(fake, (l) => (generator === 'minimax' ? Math.log(1 - d(l)) : -Math.log(d(l))));
    }
  }
  const losses = {
    log: () =>
      sum(real, (l) => -(1 - s) * Math.log(d(l)) - s * Math.log(1 - d(l))) + sum(fake, (l) => -Math.log(1 - d(l))),
    'least-squares': () => sum(real, (l) => (l - (1 - s)) ** 2 / 2) + sum(fake, (l) => l ** 2 / 2),
    hinge: () => sum(real, (l) => Math.max(0, 1 - l)) + sum(fake, (l) => Math.max(0, 1 + l)),
    wasserstein: () => sum(fake, (l) => l) - sum(real, (l) => l),
    relativistic: () => pairs((r, f) => -Math.log(d(r - f))),
  };
  return discriminatorScale * losses[loss]();
}

const MIXING: readonly string[] = ['minibatch-std'];

/**
 * The penalties of the config, with ∇D(x) by central differences as well; nothing in G's loss. Where samples are apart, one
 * pixel is moved in all of them at once; where they are not, a sample moves the others' logits too.
 */
export function referencePenalty(
  config: RunConfig,
  network: NetworkName,
  weights: Weights,
  batch: ReferenceBatch,
): number {
  const { penalty } = config.objective;
  if (network === 'generator' || penalty === undefined) return 0;
  const { phase, range, discriminatorUpdates } = batch;
  if (discriminatorUpdates % penalty.interval !== 0) return 0;
  const { packing } = config.discriminator;
  const isMixing = packing > 1 || config.discriminator.layers.some(({ type }) => MIXING.includes(type));
  /** Of ‖∇D‖, summed. */
  const steepness = (rows: readonly number[][], stream: StreamName, of: (norm: number) => number) => {
    const logits = (moved: number[][]) => logitsOf(forward(config, 'discriminator', weights, moved, batch, stream));
    const shifted = (pixel: number, step: number, only?: number) =>
      rows.map((row, n) =>
        only === undefined || n === only ? row.map((value, i) => (i === pixel ? value + step : value)) : [...row],
      );
    const squares = rows.map(() => 0);
    for (const pixel of must(rows[0], 'row').keys()) {
      const slopes = isMixing
        ? rows.map((_, n) => {
            const [above, below] = [1e-4, -1e-4].map((step) => sum(logits(shifted(pixel, step, n)), (l) => l));
            return (must(above, 'sum') - must(below, 'sum')) / 2e-4;
          })
        : differences(logits(shifted(pixel, 1e-4)), logits(shifted(pixel, -1e-4)), 2e-4);
      for (const [n, slope] of slopes.entries()) squares[n] = must(squares[n], 'sum') + slope ** 2;
    }
    // Each sample of a pack pays for the pack.
    const packs = Array.from({ length: squares.length / packing }, (_, pack) =>
      sum(squares.slice(pack * packing, (pack + 1) * packing), (square) => square),
    );
    return packing * sum(packs, (square) => of(Math.sqrt(square)));
  };
  const reals = seen(config, 'real', batch.reals, batch);
  const fakes = seen(config, 'fake', fakesOf(config, weights, batch), batch);
  const { r1, r2, gp, dragan, interval } = penalty;
  const at = (value: ScheduledValue) => scheduledAt(value, discriminatorUpdates);
  let total = 0;
  if (r1 !== undefined) total += steepness(reals, 'discriminatorDropoutReal', (n) => (at(r1) / 2) * n * n);
  if (r2 !== undefined) total += steepness(fakes, 'discriminatorDropoutFake', (n) => (at(r2) / 2) * n * n);
  if (gp !== undefined) {
    const shares = unitNumbers(config, 'interpolation', phase, range);
    const between = reals.map((row, n) =>
      row.map((x, i) => {
        const share = must(shares[n], 'share');
        return share * x + (1 - share) * must(fakes[n]?.[i], 'fake');
      }),
    );
    total += steepness(between, 'discriminatorDropoutInterpolated', (n) => at(gp.weight) * (n - gp.norm) ** 2);
  }
  if (dragan !== undefined) {
    const width = must(reals[0], 'row').length;
    const noise = normalNoise(config, 'perturbation', phase, range, width, dragan.noise);
    const around = reals.map((row, n) => row.map((x, i) => x + must(noise[n * width + i], 'noise')));
    total += steepness(around, 'discriminatorDropoutPerturbed', (n) => at(dragan.weight) * (n - dragan.norm) ** 2);
  }
  return interval * total;
}

/** d loss / d weights of the network, by central differences. */
export function referenceGradient(
  config: RunConfig,
  network: NetworkName,
  weights: Weights,
  batch: ReferenceBatch,
): number[] {
  const step = 1e-5;
  const objective = () =>
    referenceLoss(config, network, weights, batch) + referencePenalty(config, network, weights, batch);
  const gradient: number[] = [];
  for (const [name, values] of weights) {
    if (!name.startsWith(network) || name.endsWith('spectral_u')) continue;
    for (let i = 0; i < values.length; i += 1) {
      const held = must(values[i], 'weight');
      values[i] = held + step;
      const above = objective();
      values[i] = held - step;
      const below = objective();
      values[i] = held;
      gradient.push((above - below) / (2 * step));
    }
  }
  return gradient;
}

function fakeLogits(config: RunConfig, weights: Weights, batch: ReferenceBatch): number[] {
  const fakes = seen(config, 'fake', fakesOf(config, weights, batch), batch);
  return logitsOf(forward(config, 'discriminator', weights, fakes, batch, 'discriminatorDropoutFake'));
}

function realLogits(config: RunConfig, weights: Weights, batch: ReferenceBatch): number[] {
  if (batch.reals.length === 0) return [];
  const reals = seen(config, 'real', batch.reals, batch);
  return logitsOf(forward(config, 'discriminator', weights, reals, batch, 'discriminatorDropoutReal'));
}

/** What D sees: augmented sample by sample, then under noise. Which pixel comes from where is held by a test of its own. */
function seen(
  config: RunConfig,
  side: 'real' | 'fake',
  rows: readonly number[][],
  { phase, range, discriminatorUpdates, generatorUpdates, updates }: ReferenceBatch,
): number[][] {
  const { augment, instanceNoise } = config.objective;
  const isReal = side === 'real';
  return rows.map((row, n) => {
    const own = { first: range.first + n, count: 1 };
    let values: readonly number[] = row;
    if (augment !== undefined) {
      const shape = must(imageShape(config), 'shape');
      const stream = isReal ? 'augmentReal' : 'augmentFake';
      const draw = drawAugmentation(augment, shape, { seed: config.seed, stream, phase, layer: 0 }, own);
      const [brightness, saturation, contrast] = [draw.brightness, draw.saturation, draw.contrast].map(([x]) =>
        must(x, 'number'),
      ) as [number, number, number];
      const channels = must(shape[2], 'channels');
      const bright = values.map((x) => x + brightness);
      const saturated = bright.map((x, i) => {
        const pixel = bright.slice(i - (i % channels), i - (i % channels) + channels);
        return channels === 1 ? x : mean(pixel) + saturation * (x - mean(pixel));
      });
      const contrasted = saturated.map((x) => mean(saturated) + contrast * (x - mean(saturated)));
      values = contrasted.map((_, i) => (draw.seen.keep[i] === 1 ? must(contrasted[draw.seen.from[i] ?? -1], 'x') : 0));
    }
    if (instanceNoise === undefined) return [...values];
    const std = scheduledAt(instanceNoise.std, updates[0] === 'generator' ? generatorUpdates : discriminatorUpdates);
    const stream = isReal ? 'instanceNoiseReal' : 'instanceNoiseFake';
    const noise = normalNoise(config, stream, phase, own, values.length, std);
    return values.map((x, i) => x + must(noise[i], 'noise'));
  });
}

function mean(values: readonly number[]): number {
  return sum(values, (x) => x) / values.length;
}

function fakesOf(config: RunConfig, weights: Weights, batch: ReferenceBatch): number[][] {
  const { phase, range } = batch;
  const z = latents(config, 'latent', phase, range);
  const size = config.latent.size;
  const input = Array.from({ length: range.count }, (_, row) => Array.from(z.subarray(row * size, (row + 1) * size)));
  return forward(config, 'generator', weights, input, batch, 'generatorDropout');
}

function logitsOf(rows: readonly (readonly number[])[]): number[] {
  return rows.map(([logit]) => must(logit, 'logit'));
}

/** All samples of a pass, layer by layer: batch normalisation looks at all of them. */
function forward(
  config: RunConfig,
  network: NetworkName,
  weights: Weights,
  input: readonly (readonly number[])[],
  batch: ReferenceBatch,
  stream: StreamName,
): number[][] {
  const packing = network === 'discriminator' ? config.discriminator.packing : 1;
  let rows = packed(input, packing);
  let shape: readonly number[] = [must(rows[0], 'row').length];
  const classes = classesOf(config);
  const labels =
    stream === 'discriminatorDropoutFake' || stream === 'generatorDropout'
      ? fakeClasses(config, batch.phase, batch.range, classes)
      : batch.realLabels;
  for (const [index, layer] of config[network].layers.entries()) {
    if (layer.type === 'reshape') {
      shape = layer.shape;
      continue;
    }
    if (layer.type === 'dropout') {
      rows = rows.map((value, row) => {
        const range = { first: batch.range.first / packing + row, count: 1 };
        const mask = stackedMask(config, [stream], batch.phase, range, {
          index,
          keep: layer.keep,
          width: value.length,
        });
        return value.map((x, i) => x * must(mask[i], 'mask'));
      });
      continue;
    }
    const vectors = weights.get(`${network}.${index}.embedding`);
    const vectorOf = (row: number, width: number) => {
      const label = must(labels[row], 'label');
      return Array.from(must(vectors, 'vectors').subarray(label * width, (label + 1) * width));
    };
    if (layer.type === 'class-embedding') {
      rows = rows.map((value, row) => [...value, ...vectorOf(row, layer.size)]);
      shape = [must(rows[0], 'row').length];
      continue;
    }
    if (layer.type === 'upsample') {
      const [height = 0, width = 0, channels = 0] = shape;
      shape = [height * layer.factor, width * layer.factor, channels];
      rows = rows.map((value) => upsample(value, width, channels, layer.factor));
      continue;
    }
    if (layer.type === 'pool') {
      const pooled = rows.map((value) => pool(layer, value, shape));
      shape = must(pooled[0], 'row').shape;
      rows = pooled.map(({ values }) => values);
      continue;
    }
    if (layer.type === 'minibatch-std') {
      rows = withSpread(rows, must(shape.at(-1), 'channels'), layer.groupSize);
      shape = [...shape.slice(0, -1), must(shape.at(-1), 'channels') + 1];
      continue;
    }
    const trained = must(weights.get(`${network}.${index}.weight`), 'weight');
    const b = must(weights.get(`${network}.${index}.bias`), 'bias');
    const w =
      'spectralNorm' in layer && layer.spectralNorm
        ? overSingularValue(trained, must(weights.get(`${network}.${index}.spectral_u`), 'u'))
        : trained;
    if (layer.type === 'batch-norm') {
      rows = normalise(rows, w, b, layer.epsilon).map((value) => value.map((x) => activate(x, layer.activation)));
      continue;
    }
    if (layer.type === 'conv' || layer.type === 'conv-transpose' || layer.type === 'maxout-conv') {
      const convolved = rows.map((value) => convolve(layer, value, shape, w, b));
      const [height = 0, width = 0] = must(convolved[0], 'row').shape;
      shape = [height, width, layer.filters];
      rows = convolved.map(({ values }) =>
        layer.type === 'maxout-conv' ? largest(values, layer.pieces) : values.map((x) => activate(x, layer.activation)),
      );
      continue;
    }
    if (layer.type === 'class-projection') {
      rows = rows.map((value, row) => {
        const vector = vectorOf(row, value.length);
        return [value.reduce((s, x, i) => s + x * (must(w[i], 'w') + must(vector[i], 'v')), must(b[0], 'bias'))];
      });
      continue;
    }
    rows = rows.map((value) => {
      const z = Array.from(b, (bias, o) => value.reduce((s, x, i) => s + x * must(w[i * b.length + o], 'w'), bias));
      return layer.type === 'maxout' ? largest(z, layer.pieces) : z.map((x) => activate(x, layer.activation));
    });
    shape = [must(rows[0], 'row').length];
  }
  return rows;
}

/** Each channel over all samples and places: the last size of the shape is as long as γ. */
function normalise(rows: readonly number[][], gamma: Float64Array, beta: Float64Array, epsilon: number): number[][] {
  const channels = gamma.length;
  const statistics = Array.from(gamma, (_, channel) => {
    const values = rows.flatMap((row) => row.filter((_value, i) => i % channels === channel));
    const mean = sum(values, (x) => x) / values.length;
    return { mean, variance: sum(values, (x) => (x - mean) ** 2) / values.length };
  });
  return rows.map((row) =>
    row.map((x, i) => {
      const { mean, variance } = must(statistics[i % channels], 'channel');
      return (
        must(beta[i % channels], 'β') + (must(gamma[i % channels], 'γ') * (x - mean)) / Math.sqrt(variance + epsilon)
      );
    }),
  );
}

/**
 * Each value of the small image meets those of the large one that its window shows; `same` begins as much outside of the
 * large image as it ends outside of it, or one less.
 */
function convolve(
  layer: ConvConfig,
  value: readonly number[],
  [height = 0, width = 0, channels = 0]: readonly number[],
  w: Float64Array,
  b: Float64Array,
): { values: number[]; shape: number[] } {
  const { kernel, stride, padding } = layer;
  const filters = layer.filters * (layer.type === 'maxout-conv' ? layer.pieces : 1);
  const isDown = layer.type !== 'conv-transpose';
  const around = typeof padding === 'number' ? padding : 0;
  const other = (size: number) => {
    if (isDown) return Math.floor((padding === 'same' ? size - 1 : size + 2 * around - kernel) / stride) + 1;
    return padding === 'same' ? size * stride : (size - 1) * stride + kernel - 2 * around;
  };
  const [outHeight, outWidth] = [other(height), other(width)];
  const begin = (large: number, small: number) =>
    padding === 'same' ? Math.floor(Math.max((small - 1) * stride + kernel - large, 0) / 2) : around;
  const [large, small] = isDown
    ? [
        [height, width],
        [outHeight, outWidth],
      ]
    : [
        [outHeight, outWidth],
        [height, width],
      ];
  const [top, left] = [begin(large[0] ?? 0, small[0] ?? 0), begin(large[1] ?? 0, small[1] ?? 0)];
  const values = Array.from({ length: outHeight * outWidth * filters }, (_, i) => must(b[i % b.length], 'bias'));
  for (let y = 0; y < (small[0] ?? 0); y++)
    for (let x = 0; x < (small[1] ?? 0); x++)
      for (let i = 0; i < kernel; i++)
        for (let j = 0; j < kernel; j++) {
          const [row, column] = [y * stride + i - top, x * stride + j - left];
          if (row < 0 || column < 0 || row >= (large[0] ?? 0) || column >= (large[1] ?? 0)) continue;
          const [inPlace, outPlace] = isDown
            ? [row * width + column, y * outWidth + x]
            : [y * width + x, row * outWidth + column];
          for (let c = 0; c < channels; c++)
            for (let f = 0; f < filters; f++) {
              const place = (i * kernel + j) * channels * filters + (isDown ? c * filters + f : f * channels + c);
              const at = outPlace * filters + f;
              values[at] = must(values[at], 'sum') + must(value[inPlace * channels + c], 'value') * must(w[place], 'w');
            }
        }
  return { values, shape: [outHeight, outWidth, filters] };
}

/** Rows of m samples each, place by place. */
function packed(rows: readonly (readonly number[])[], m: number): number[][] {
  return Array.from({ length: rows.length / m }, (_, pack) =>
    must(rows[pack * m], 'row').flatMap((_value, place) =>
      Array.from({ length: m }, (_, sample) => must(rows[pack * m + sample]?.[place], 'value')),
    ),
  );
}

/** Behind each place's channels the mean over all values of their deviation in the group. */
function withSpread(rows: readonly number[][], channels: number, groupSize: number): number[][] {
  return rows.map((row, index) => {
    const first = index - (index % groupSize);
    const group = rows.slice(first, first + groupSize);
    const deviations = row.map((_value, i) => {
      const values = group.map((other) => must(other[i], 'value'));
      const mean = sum(values, (x) => x) / values.length;
      return Math.sqrt(sum(values, (x) => (x - mean) ** 2) / values.length + 1e-8);
    });
    const spread = sum(deviations, (x) => x) / deviations.length;
    return row.flatMap((value, i) => (i % channels === channels - 1 ? [value, spread] : [value]));
  });
}

/** W / ‖W·u‖. */
function overSingularValue(w: Float64Array, u: Float64Array): Float64Array {
  let square = 0;
  for (let row = 0; row < w.length; row += u.length) {
    square += u.reduce((product, value, column) => product + value * must(w[row + column], 'w'), 0) ** 2;
  }
  return w.map((value) => value / Math.sqrt(square));
}

function largest(values: readonly number[], pieces: number): number[] {
  return Array.from({ length: values.length / pieces }, (_, u) =>
    Math.max(...values.slice(u * pieces, (u + 1) * pieces)),
  );
}

function upsample(value: readonly number[], width: number, channels: number, factor: number): number[] {
  const wide = width * factor;
  return Array.from({ length: value.length * factor * factor }, (_, at) => {
    const [place, channel] = [Math.floor(at / channels), at % channels];
    const [row, column] = [Math.floor(place / wide / factor), Math.floor((place % wide) / factor)];
    return must(value[(row * width + column) * channels + channel], 'value');
  });
}

/** Windows one after the other, as far as they see the image. */
function pool(layer: PoolConfig, value: readonly number[], [height = 0, width = 0, channels = 0]: readonly number[]) {
  const { size, stride = size, padding, kind } = layer;
  const starts = (length: number) => {
    const around = typeof padding === 'number' ? padding : 0;
    const found: number[] = [];
    if (padding === 'same') {
      const count = Math.ceil(length / stride);
      const over = Math.max((count - 1) * stride + size - length, 0);
      for (let i = 0; i < count; i += 1) found.push(i * stride - Math.floor(over / 2));
      return found;
    }
    for (let at = -around; at + size <= length + around; at += stride) found.push(at);
    const next = must(found.at(-1), 'window') + stride;
    if (padding === 'partial' && next - stride + size < length && next < length) found.push(next);
    return found;
  };
  const [tops, lefts] = [starts(height), starts(width)];
  const values = tops.flatMap((top) =>
    lefts.flatMap((left) =>
      Array.from({ length: channels }, (_, channel) => {
        const inside: number[] = [];
        for (let y = Math.max(top, 0); y < Math.min(top + size, height); y += 1)
          for (let x = Math.max(left, 0); x < Math.min(left + size, width); x += 1)
            inside.push(must(value[(y * width + x) * channels + channel], 'value'));
        return kind === 'max' ? Math.max(...inside) : sum(inside, (x) => x) / inside.length;
      }),
    ),
  );
  return { values, shape: [tops.length, lefts.length, channels] };
}

function activate(x: number, activation: string): number {
  if (activation === 'relu') return Math.max(x, 0);
  if (activation === 'leaky-relu') return x > 0 ? x : 0.2 * x;
  if (activation === 'elu') return x > 0 ? x : Math.exp(x) - 1;
  if (activation === 'softplus') return Math.log(1 + Math.exp(x));
  if (activation === 'sigmoid') return 1 / (1 + Math.exp(-x));
  return activation === 'tanh' ? Math.tanh(x) : x;
}

function sum(values: readonly number[], of: (value: number) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function differences(above: readonly number[], below: readonly number[], distance: number): number[] {
  return above.map((value, n) => (value - must(below[n], 'value')) / distance);
}
