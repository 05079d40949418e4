/**
 * The game once more, in plain float64 JS and written apart from the code under test: loops over samples, no tensors, no
 * backward pass. Central differences of its losses are what the replica's gradients must be.
 */
import type { NetworkName, RunConfig } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { latents, stackedMask } from '../../services/gan/noise.ts';
import type { ConvConfig } from '../../services/gan/shapes.ts';
import type { StreamName } from '../../services/random/streams.ts';

/** Weights by canonical name. */
export type Weights = Map<string, Float64Array>;

export interface ReferenceBatch {
  readonly phase: number;
  readonly range: { readonly first: number; readonly count: number };
  /** Updates of D before this phase. */
  readonly discriminatorUpdates: number;
  /** Row by row in [0, 1]; empty in a G phase. */
  readonly reals: readonly number[][];
}

/** Sum over the shard of the loss that `network` minimises. */
export function referenceLoss(
  config: RunConfig,
  network: NetworkName,
  weights: Weights,
  batch: ReferenceBatch,
): number {
  const fake = fakeLogits(config, weights, batch);
  const { loss, generator, discriminatorScale } = config.objective;
  const d = (l: number) => 1 / (1 + Math.exp(-l));
  if (network === 'generator') {
    if (loss === 'least-squares') return sum(fake, (l) => (l - 1) ** 2 / 2);
    if (loss === 'hinge') return sum(fake, (l) => -l);
    return sum(fake, (l) => (generator === 'minimax' ? Math.log(1 - d(l)) : -Math.log(d(l))));
  }
  const real = logitsOf(forward(config, 'discriminator', weights, batch.reals, batch, 'discriminatorDropoutReal'));
  const [ofReal, ofFake] = {
    log: [(l: number) => -Math.log(d(l)), (l: number) => -Math.log(1 - d(l))],
    'least-squares': [(l: number) => (l - 1) ** 2 / 2, (l: number) => l ** 2 / 2],
    hinge: [(l: number) => Math.max(0, 1 - l), (l: number) => Math.max(0, 1 + l)],
  }[loss] as [(l: number) => number, (l: number) => number];
  return discriminatorScale * (sum(real, ofReal) + sum(fake, ofFake));
}

/** γ/2 · Σ ‖∇D(x)‖² as the config has it, with ∇D(x) by central differences as well; nothing in G's loss. */
export function referencePenalty(
  config: RunConfig,
  network: NetworkName,
  weights: Weights,
  batch: ReferenceBatch,
): number {
  const { penalty } = config.objective;
  if (network === 'generator' || penalty === undefined) return 0;
  const steepness = (rows: readonly number[][], stream: StreamName) =>
    rows.reduce((total, row, index) => {
      const logit = (pixel: number, step: number) => {
        const moved = rows.map((x, i) => (i === index ? x.map((value, j) => (j === pixel ? value + step : value)) : x));
        return must(logitsOf(forward(config, 'discriminator', weights, moved, batch, stream))[index], 'logit');
      };
      const slope = row.map((_value, pixel) => (logit(pixel, 1e-4) - logit(pixel, -1e-4)) / 2e-4);
      return total + sum(slope, (x) => x * x);
    }, 0);
  const { r1 = 0, r2 = 0, interval } = penalty;
  if (batch.discriminatorUpdates % interval !== 0) return 0;
  const real = r1 === 0 ? 0 : steepness(batch.reals, 'discriminatorDropoutReal');
  const fake = r2 === 0 ? 0 : steepness(fakesOf(config, weights, batch), 'discriminatorDropoutFake');
  return (interval / 2) * (r1 * real + r2 * fake);
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
    if (!name.startsWith(network)) continue;
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
  const fakes = fakesOf(config, weights, batch);
  return logitsOf(forward(config, 'discriminator', weights, fakes, batch, 'discriminatorDropoutFake'));
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
  let rows = input.map((row) => [...row]);
  let shape: readonly number[] = [must(rows[0], 'row').length];
  for (const [index, layer] of config[network].layers.entries()) {
    if (layer.type === 'reshape') {
      shape = layer.shape;
      continue;
    }
    if (layer.type === 'dropout') {
      rows = rows.map((value, row) => {
        const range = { first: batch.range.first + row, count: 1 };
        const mask = stackedMask(config, [stream], batch.phase, range, {
          index,
          keep: layer.keep,
          width: value.length,
        });
        return value.map((x, i) => x * must(mask[i], 'mask'));
      });
      continue;
    }
    const w = must(weights.get(`${network}.${index}.weight`), 'weight');
    const b = must(weights.get(`${network}.${index}.bias`), 'bias');
    if (layer.type === 'batch-norm') {
      rows = normalise(rows, w, b, layer.epsilon).map((value) => value.map((x) => activate(x, layer.activation)));
      continue;
    }
    if (layer.type === 'conv' || layer.type === 'conv-transpose') {
      const convolved = rows.map((value) => convolve(layer, value, shape, w, b));
      shape = must(convolved[0], 'row').shape;
      rows = convolved.map(({ values }) => values.map((x) => activate(x, layer.activation)));
      continue;
    }
    rows = rows.map((value) => {
      const z = Array.from(b, (bias, o) => value.reduce((s, x, i) => s + x * must(w[i * b.length + o], 'w'), bias));
      return layer.type === 'maxout'
        ? Array.from({ length: layer.units }, (_, u) => Math.max(...z.slice(u * layer.pieces, (u + 1) * layer.pieces)))
        : z.map((x) => activate(x, layer.activation));
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
  const { kernel, stride, padding, filters } = layer;
  const isDown = layer.type === 'conv';
  const other = (size: number) => {
    if (isDown) return Math.ceil((padding === 'same' ? size : size - kernel + 1) / stride);
    return padding === 'same' ? size * stride : (size - 1) * stride + kernel;
  };
  const [outHeight, outWidth] = [other(height), other(width)];
  const begin = (large: number, small: number) =>
    padding === 'same' ? Math.floor(Math.max((small - 1) * stride + kernel - large, 0) / 2) : 0;
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
  const values = Array.from({ length: outHeight * outWidth * filters }, (_, i) => must(b[i % filters], 'bias'));
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

function activate(x: number, activation: string): number {
  if (activation === 'relu') return Math.max(x, 0);
  if (activation === 'leaky-relu') return x > 0 ? x : 0.2 * x;
  if (activation === 'sigmoid') return 1 / (1 + Math.exp(-x));
  return activation === 'tanh' ? Math.tanh(x) : x;
}

function sum(values: readonly number[], of: (value: number) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
