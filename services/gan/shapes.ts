/**
 * The shapes of one sample between the layers of a network. Layers hand on [n, values] whatever the shape, and those that
 * need an image take the values as one: rows, columns, channels, as TensorFlow's NHWC has them.
 */
import type { LayerConfig, NetworkName, RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';

/** Of one sample: [values] or [height, width, channels]. */
export type Shape = readonly number[];

export type ConvConfig = Extract<LayerConfig, { type: 'conv' | 'conv-transpose' }>;

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
}

export function valuesIn(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The layers of a network with their shapes. Throws `invalid-config`, naming the layer, what was found and what is expected,
 * where one does not take what the one below gives. @param sampleSize values in one sample.
 */
export function resolveLayers(config: RunConfig, network: NetworkName, sampleSize: number): readonly ResolvedLayer[] {
  let shape: Shape = [network === 'generator' ? config.latent.size : sampleSize];
  return config[network].layers.map((layer, index) => {
    const inputShape = shape;
    shape = outputShape(layer, inputShape, `${network}.layers.${index}`);
    const units = { inputUnits: valuesIn(inputShape), outputUnits: valuesIn(shape) };
    return { config: layer, index, inputShape, outputShape: shape, ...units };
  });
}

function outputShape(layer: LayerConfig, input: Shape, path: string): Shape {
  switch (layer.type) {
    case 'dense':
    case 'maxout':
      return [layer.units];
    case 'dropout':
    case 'batch-norm':
      return input;
    case 'reshape':
      if (valuesIn(layer.shape) === valuesIn(input)) return layer.shape;
      throw refused(
        `${path} reshapes to [${layer.shape.join(', ')}], ${valuesIn(layer.shape)} values, but gets [${input.join(', ')}], ${valuesIn(input)} values.`,
        `Choose a shape of ${valuesIn(input)} values, or another width of the layer below.`,
      );
    case 'conv':
    case 'conv-transpose':
      return convolved(layer, input, path);
  }
}

function convolved(layer: ConvConfig, input: Shape, path: string): Shape {
  const [height, width] = input;
  if (input.length !== 3 || height === undefined || width === undefined) {
    throw refused(
      `${path} is ${layer.type} and takes an image [height, width, channels], but gets [${input.join(', ')}].`,
      `Put {type: reshape, shape: [height, width, channels]} in front of ${path}.`,
    );
  }
  const along = layer.type === 'conv' ? convolvedSize : transposedSize;
  const size = [along(height, layer), along(width, layer)] as const;
  if (Math.min(...size) > 0) return [...size, layer.filters];
  throw refused(
    `${path} has a kernel of ${layer.kernel} × ${layer.kernel} without padding, but gets an image of ${height} × ${width}.`,
    `Set ${path}.padding to same, or take a kernel of ${Math.min(height, width)} at most.`,
  );
}

function convolvedSize(size: number, { kernel, stride, padding }: ConvConfig): number {
  return Math.ceil((padding === 'same' ? size : size - kernel + 1) / stride);
}

function transposedSize(size: number, { kernel, stride, padding }: ConvConfig): number {
  return padding === 'same' ? size * stride : (size - 1) * stride + kernel;
}

function refused(message: string, remedy: string): GanglionError {
  return new GanglionError({ code: 'invalid-config', message, remedy });
}
