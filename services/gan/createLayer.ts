/** The layer that a config names, on the variables of its parameters. */
import type { NetworkName } from '../config/runConfig.ts';
import { activationOf } from './activation.ts';
import { type AffineMap, affineLayer } from './affineLayer.ts';
import { batchNormLayer } from './batchNorm.ts';
import { classEmbeddingLayer } from './classEmbedding.ts';
import { classProjectionLayer } from './classProjection.ts';
import { convMap } from './conv.ts';
import { denseMap } from './dense.ts';
import { dropoutLayer } from './dropout.ts';
import { fusedBatchNormLayer } from './fusedBatchNorm.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { Layer } from './layer.ts';
import { embeddingName, parameterName, runningName, spectralName } from './layerTensors.ts';
import { locallyLinearLayer } from './locallyLinear.ts';
import { maxoutOf } from './maxout.ts';
import { minibatchStdLayer } from './minibatchStd.ts';
import { poolLayer } from './pool.ts';
import { hasSpectralNorm, type ResolvedLayer } from './shapes.ts';
import { spectralMap } from './spectralNorm.ts';
import { upsampleLayer } from './upsample.ts';

/** @param variable the variable of a parameter, by its canonical name. */
export function createLayer(
  tf: Tf,
  kernels: Kernels,
  network: NetworkName,
  layer: ResolvedLayer,
  variable: (name: string) => Variable,
): Layer {
  const { config, index } = layer;
  if (config.type === 'dropout') return dropoutLayer(tf, index);
  if (config.type === 'reshape') return RESHAPE;
  if (config.type === 'class-embedding') {
    return classEmbeddingLayer(tf, kernels, variable(embeddingName(network, index)), layer.inputUnits);
  }
  if (config.type === 'upsample') return upsampleLayer(tf, config.factor, layer);
  if (config.type === 'pool') return poolLayer(tf, config, layer);
  if (config.type === 'minibatch-std') return minibatchStdLayer(tf, config.groupSize, layer);
  const parameters = {
    weight: variable(parameterName(network, index, 'weight')),
    bias: variable(parameterName(network, index, 'bias')),
  };
  /** @param mapOf the map with a weight, which may be another than what is trained. */
  const normalised = (mapOf: (weight: Pick<Variable, 'read'>) => AffineMap) =>
    hasSpectralNorm(config)
      ? spectralMap(tf, kernels, parameters.weight, variable(spectralName(network, index)), mapOf)
      : mapOf(parameters.weight);
  switch (config.type) {
    case 'class-projection':
      return classProjectionLayer(tf, kernels, parameters, variable(embeddingName(network, index)));
    case 'maxout':
      return affineLayer(denseMap(tf, kernels, parameters), maxoutOf(tf, config), tf.add);
    case 'dense':
      return affineLayer(
        normalised((weight) => denseMap(tf, kernels, { ...parameters, weight })),
        activationOf(tf, kernels, config.activation),
        tf.add,
      );
    case 'batch-norm': {
      const running = {
        mean: variable(runningName(network, index, 'mean')),
        variance: variable(runningName(network, index, 'variance')),
      };
      const { fusedBatchNorm: fused } = kernels;
      return fused && !layer.isSynchronised
        ? fusedBatchNormLayer(tf, kernels, fused, parameters, running, config, layer.inputShape)
        : batchNormLayer(tf, kernels, parameters, running, config, layer);
    }
    case 'maxout-conv': {
      const [height = 0, width = 0, filters = 0] = layer.outputShape;
      const pieces = { inputShape: layer.inputShape, outputShape: [height, width, filters * config.pieces] };
      return affineLayer(
        convMap(tf, kernels, parameters, config, pieces),
        maxoutOf(tf, { units: layer.outputUnits, pieces: config.pieces }),
        tf.add,
      );
    }
    case 'conv':
    case 'conv-transpose':
      return affineLayer(
        normalised((weight) => convMap(tf, kernels, { ...parameters, weight }, config, layer)),
        activationOf(tf, kernels, config.activation),
        tf.add,
      );
  }
}

/** Values keep their order: only the layer above sees another shape. */
const RESHAPE = locallyLinearLayer({
  forward: (input) => input,
  tangent: (_trace, input) => input,
  transpose: (_trace, dOutput) => dOutput,
});
