/**
 * The shapes of one sample between the layers of a network. Layers hand on [n, values] whatever the shape, and those that
 * need an image take the values as one: rows, columns, channels, as TensorFlow's NHWC has them.
 */
import type { LayerConfig, NetworkName, RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';

/** Of one sample: [values] or [height, width, channels]. */
export type Shape = readonly number[];

export type ConvConfig = Extract<LayerConfig, { type: 'conv' | 'conv-transpose' | 'maxout-conv' }>;

export type PoolConfig = Extract<LayerConfig, { type: 'pool' }>;

export type BatchNormConfig = Extract<LayerConfig, { type: 'batch-norm' }>;

/** A layer with the shapes on both of its sides. */
export interface ResolvedLayer {
  readonly config: LayerConfig;
  /** Index in the config; part of tensor names and of random addresses. */
  readonly index: number;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Values in them. */
  readonly inputUnits: number;
  readonly outputUnits: number;
  /** Whether it normalises by the samples of all shards. */
  readonly isSynchronised: boolean;
}

/** Layers that learn nothing. */
export function isParameterless({ type }: LayerConfig): boolean {
  return ['dropout', 'reshape', 'upsample', 'pool', 'minibatch-std'].includes(type);
}

export function hasSpectralNorm(layer: LayerConfig): boolean {
  return 'spectralNorm' in layer && layer.spectralNorm === true;
}

/** One shard is the whole minibatch. */
export function isSynchronised(layer: LayerConfig, shards: number): boolean {
  return layer.type === 'batch-norm' && layer.statistics === 'sync' && shards > 1;
}

export function valuesIn(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The layers of a network with their shapes. Throws `invalid-config`, naming the layer, what was found and what is expected,
 * where one does not take what the one below gives. @param sampleSize values in one sample.
 */
export function resolveLayers(config: RunConfig, network: NetworkName, sampleSize: number): readonly ResolvedLayer[] {
  let shape: Shape = [network === 'generator' ? config.latent.size : sampleSize * config.discriminator.packing];
  return config[network].layers.map((layer, index) => {
    const inputShape = shape;
    shape = outputShape(layer, inputShape, `${network}.layers.${index}`);
    const units = { inputUnits: valuesIn(inputShape), outputUnits: valuesIn(shape) };
    return {
      config: layer,
      index,
      inputShape,
      outputShape: shape,
      ...units,
      isSynchronised: isSynchronised(layer, config.shards),
    };
  });
}

function outputShape(layer: LayerConfig, input: Shape, path: string): Shape {
  switch (layer.type) {
    case 'dense':
    case 'maxout':
      return [layer.units];
    case 'class-projection':
      return [1];
    case 'class-embedding':
      if (input.length === 1) return [valuesIn(input) + layer.size];
      throw refused(
        `${path} is class-embedding and takes values, but gets an image [${input.join(', ')}].`,
        `Put ${path} in front of the reshape, or {type: reshape, shape: [${valuesIn(input)}]} in front of it.`,
      );
    case 'dropout':
    case 'batch-norm':
      return input;
    case 'reshape':
      if (valuesIn(layer.shape) === valuesIn(input)) return layer.shape;
      throw refused(
        `${path} reshapes to [${layer.shape.join(', ')}], ${valuesIn(layer.shape)} values, but gets [${input.join(', ')}], ${valuesIn(input)} values.`,
        `Choose a shape of ${valuesIn(input)} values, or another width of the layer below.`,
      );
    case 'upsample': {
      const [height, width, channels] = imageOf(layer.type, input, path);
      return [height * layer.factor, width * layer.factor, channels];
    }
    case 'minibatch-std':
      return [...input.slice(0, -1), (input.at(-1) ?? 0) + 1];
    case 'pool':
      return pooled(layer, input, path);
    case 'conv':
    case 'maxout-conv':
    case 'conv-transpose':
      return convolved(layer, input, path);
  }
}

function imageOf(type: LayerConfig['type'], input: Shape, path: string): readonly [number, number, number] {
  const [height, width, channels] = input;
  if (height !== undefined && width !== undefined && channels !== undefined) return [height, width, channels];
  throw refused(
    `${path} is ${type} and takes an image [height, width, channels], but gets [${input.join(', ')}].`,
    `Put {type: reshape, shape: [height, width, channels]} in front of ${path}.`,
  );
}

function convolved(layer: ConvConfig, input: Shape, path: string): Shape {
  const [height, width] = imageOf(layer.type, input, path);
  const { padding, kernel } = layer;
  if (typeof padding === 'number' && padding >= kernel) {
    throw refused(
      `${path} has padding ${padding} with a kernel of ${kernel} × ${kernel}, so that some filters would see nothing but zeros.`,
      `Set ${path}.padding to ${kernel - 1} at most, or to same.`,
    );
  }
  const along = layer.type === 'conv-transpose' ? transposedSize : convolvedSize;
  const size = [along(height, layer), along(width, layer)] as const;
  if (Math.min(...size) > 0) return [...size, layer.filters];
  const pads = typeof padding === 'number' ? padding : 0;
  const found = `${path} has a kernel of ${kernel} × ${kernel} ${pads === 0 ? 'without padding' : `and padding ${pads}`}`;
  throw refused(
    `${found}, but gets an image of ${height} × ${width}.`,
    layer.type === 'conv-transpose'
      ? `Set ${path}.padding to same, or to less.`
      : `Set ${path}.padding to same, or take a kernel of ${Math.min(height, width) + 2 * pads} at most.`,
  );
}

function convolvedSize(size: number, { kernel, stride, padding }: ConvConfig): number {
  if (typeof padding === 'number') return Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return Math.ceil((padding === 'same' ? size : size - kernel + 1) / stride);
}

function transposedSize(size: number, { kernel, stride, padding }: ConvConfig): number {
  if (padding === 'same') return size * stride;
  return (size - 1) * stride + kernel - 2 * (padding === 'valid' ? 0 : padding);
}

function pooled(layer: PoolConfig, input: Shape, path: string): Shape {
  const [height, width, channels] = imageOf(layer.type, input, path);
  if (typeof layer.padding === 'number' && layer.padding >= layer.size) {
    throw refused(
      `${path} has padding ${layer.padding} with windows of ${layer.size} × ${layer.size}, so that some would see nothing of the image.`,
      `Set ${path}.padding to ${layer.size - 1} at most, or to same.`,
    );
  }
  const size = [pooledAlong(height, layer), pooledAlong(width, layer)] as const;
  const [rows, columns] = [size[0].count, size[1].count];
  if (Math.min(rows, columns) > 0) return [rows, columns, channels];
  throw refused(
    `${path} has windows of ${layer.size} × ${layer.size}, but gets an image of ${height} × ${width}.`,
    `Set ${path}.padding to same, or ${path}.size to ${Math.min(height, width)} at most.`,
  );
}

/** Along one side of the image: how many windows there are, and how far they reach over its two ends. */
export interface PooledSide {
  readonly count: number;
  readonly before: number;
  readonly after: number;
}

export function pooledAlong(length: number, { size, stride = size, padding }: PoolConfig): PooledSide {
  const reach = (count: number) => (count - 1) * stride + size;
  if (padding === 'same') {
    const count = Math.ceil(length / stride);
    const over = Math.max(reach(count) - length, 0);
    // TensorFlow puts the odd one behind.
    return { count, before: Math.floor(over / 2), after: Math.ceil(over / 2) };
  }
  if (padding === 'partial') {
    // A window that would begin outside of the image is none.
    const count = Math.min(Math.ceil(Math.max(length - size, 0) / stride) + 1, Math.ceil(length / stride));
    return { count, before: 0, after: Math.max(reach(count) - length, 0) };
  }
  const pad = padding === 'valid' ? 0 : padding;
  const count = Math.floor((length + 2 * pad - size) / stride) + 1;
  return { count, before: pad, after: pad };
}

function refused(message: string, remedy: string): GanglionError {
  return new GanglionError({ code: 'invalid-config', message, remedy });
}
