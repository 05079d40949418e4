/** Which tensors a layer has, by name (`generator.0.weight`: the number is the layer's index in the config) and shape. */
import type { NetworkName } from '../config/runConfig.ts';
import { hasSpectralNorm, type ResolvedLayer } from './shapes.ts';

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Shapes of a layer's weight and bias, and of the vectors [classes, size] of one that knows classes: dense [inputs, outputs ×
 * pieces]; convolutions [height, width, channels of the larger side's image, of the smaller's × pieces], as TensorFlow's Conv2D
 * takes its filter. Nothing for a layer without parameters.
 */
export function parameterShapes(network: NetworkName, layer: ResolvedLayer): readonly NamedShape[] {
  const { config, inputUnits } = layer;
  if (config.type === 'class-embedding')
    return [{ name: embeddingName(network, layer.index), shape: [config.classes, config.size] }];
  const weight = weightShape(layer);
  if (weight === undefined) return [];
  return [
    { name: parameterName(network, layer.index, 'weight'), shape: weight },
    { name: parameterName(network, layer.index, 'bias'), shape: [biasLength(layer, weight)] },
    ...(config.type === 'class-projection'
      ? [{ name: embeddingName(network, layer.index), shape: [config.classes, inputUnits] }]
      : []),
  ];
}

function biasLength({ config, outputUnits }: ResolvedLayer, weight: readonly number[]): number {
  if ('untiedBias' in config && config.untiedBias) {
    return config.type === 'maxout-conv' ? outputUnits * config.pieces : outputUnits;
  }
  return config.type === 'conv-transpose' ? config.filters : (weight.at(-1) ?? 0);
}

function weightShape({ config, inputShape, inputUnits }: ResolvedLayer): readonly number[] | undefined {
  const channels = inputShape[2] ?? 0;
  switch (config.type) {
    case 'dense':
      return [inputUnits, config.units];
    case 'class-projection':
      return [inputUnits, 1];
    case 'maxout':
      return [inputUnits, config.units * config.pieces];
    case 'conv':
      return [config.kernel, config.kernel, channels, config.filters];
    case 'maxout-conv':
      return [config.kernel, config.kernel, channels, config.filters * config.pieces];
    case 'conv-transpose':
      return [config.kernel, config.kernel, config.filters, channels];
    case 'batch-norm':
      return [inputShape.at(-1) ?? 0];
    case 'class-embedding':
    case 'dropout':
    case 'reshape':
    case 'upsample':
    case 'pool':
    case 'minibatch-std':
      return undefined;
  }
}

/** Running statistics of a layer [channels]: mean, then variance. They are no parameters: no gradient, no slots. */
export function runningShapes(
  network: NetworkName,
  { config, index, inputShape }: ResolvedLayer,
): readonly NamedShape[] {
  if (config.type !== 'batch-norm') return [];
  const shape = [inputShape.at(-1) ?? 0];
  return (['mean', 'variance'] as const).map((what) => ({ name: runningName(network, index, what), shape }));
}

/** The singular vector u [outputs] of a spectrally normalised weight: no parameter either. */
export function spectralShapes(network: NetworkName, layer: ResolvedLayer): readonly NamedShape[] {
  if (!hasSpectralNorm(layer.config)) return [];
  return [{ name: spectralName(network, layer.index), shape: [weightShape(layer)?.at(-1) ?? 0] }];
}

export function parameterName(network: NetworkName, layer: number, what: 'weight' | 'bias'): string {
  return `${network}.${layer}.${what}`;
}

/** The vectors of the classes. */
export function embeddingName(network: NetworkName, layer: number): string {
  return `${network}.${layer}.embedding`;
}

export function spectralName(network: NetworkName, layer: number): string {
  return `${network}.${layer}.spectral_u`;
}

/** Whether a tensor is trained: not so are running statistics and singular vectors, which G and its average share. */
export function isTrained(name: string): boolean {
  return !/\.(running_\w+|spectral_u)$/.test(name);
}

export function runningName(network: NetworkName, layer: number, what: 'mean' | 'variance'): string {
  return `${network}.${layer}.running_${what}`;
}
