/** Refuses networks that cannot play the game on this data, before any worker is asked to build them. */
import { imageShape } from '../config/imageShape.ts';
import { isLogit } from '../config/isLogit.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { samplesPerEpoch } from '../plan/phasePlan.ts';
import { parameterShapes } from './layerTensors.ts';
import { stateLength } from './layout.ts';
import { isParameterless, resolveLayers, valuesIn } from './shapes.ts';

/** 2 GiB of float32: one Node.js Buffer holds it on every supported version, and one hash update takes it. */
const STATE_VALUES_MAX = 2 ** 29 - 1;

/**
 * Throws a GanglionError ('invalid-config') that names the layer, what was found and what is expected.
 * @param sampleSize values in one sample of the data.
 */
export function validateNetworks(config: RunConfig, sampleSize: number): void {
  requireParameters(config, 'generator', sampleSize);
  requireParameters(config, 'discriminator', sampleSize);
  requireGeneratorOutput(config, sampleSize);
  requireTrainedGenerator(config);
  requireLogit(config, sampleSize);
  requireImage(config, sampleSize);
  requireFiniteState(config, sampleSize);
}

/** @param datasetSize samples of the data. */
export function requirePacks(config: RunConfig, datasetSize: number): void {
  if (samplesPerEpoch(config, datasetSize) > 0) return;
  const { discriminator, shards } = config;
  throw refused(
    `discriminator.packing is ${discriminator.packing} with ${shards} shards, which takes ${discriminator.packing * shards} samples, but the data has ${datasetSize}.`,
    'Set discriminator.packing or shards to less.',
  );
}

function requireGeneratorOutput(config: RunConfig, sampleSize: number): void {
  const { layer, path } = lastLayer(config, 'generator', sampleSize);
  if (layer.config.type === 'dropout') {
    throw refused(
      `${path} is dropout, but G's last layer must give the sample's ${sampleSize} values.`,
      `End generator.layers in a dense layer of ${sampleSize} units.`,
    );
  }
  if (layer.outputUnits !== sampleSize) {
    throw refused(
      `${path} gives shape [n, ${layer.outputUnits}], but a sample of the data has shape [n, ${sampleSize}].`,
      'units' in layer.config
        ? `Set ${path}.units to ${sampleSize}.`
        : `Choose shapes, filters and strides that give ${sampleSize} values.`,
    );
  }
  const sigmoid = layer.config.type === 'dense' && layer.config.activation === 'sigmoid';
  if (config.generator.outputBias === 'marginals' && !sigmoid) {
    const found = layer.config.type === 'dense' ? layer.config.activation : layer.config.type;
    throw refused(
      `generator.outputBias is marginals, which is the logit of a sigmoid, but ${path} is ${found}.`,
      `Set ${path} to a dense layer with activation sigmoid, or generator.outputBias to zero.`,
    );
  }
}

function requireTrainedGenerator({ generator: { layers } }: RunConfig): void {
  if (!layers.every(isParameterless)) return;
  const types = layers.map(({ type }) => type).join(', ');
  throw refused(
    `generator.layers (${types}) have no weights, so that G has nothing to learn.`,
    'Give generator.layers a dense layer, or a convolution.',
  );
}

function requireLogit(config: RunConfig, sampleSize: number): void {
  const { layer, path } = lastLayer(config, 'discriminator', sampleSize);
  if (isLogit(layer.config)) return;
  const found =
    layer.config.type === 'dense'
      ? `dense with ${layer.config.units} units and activation ${layer.config.activation}`
      : layer.config.type === 'maxout'
        ? `maxout with ${layer.config.units} units`
        : layer.config.type;
  throw refused(
    `${path} is ${found}, but D must end in one linear unit, the logit of D(x).`,
    'End discriminator.layers in {type: dense, units: 1}, or in class-projection; the sigmoid is part of the objective.',
  );
}

/** What augmentation takes for the shape of a sample must be one. */
function requireImage(config: RunConfig, sampleSize: number): void {
  const shape = imageShape(config);
  if (config.objective.augment === undefined || shape === undefined || valuesIn(shape) === sampleSize) return;
  throw refused(
    `objective.augment.shape is [${shape.join(', ')}], ${valuesIn(shape)} values, but a sample of the data has ${sampleSize}.`,
    `Set objective.augment.shape to the [height, width, channels] of a sample, ${sampleSize} values.`,
  );
}

function requireParameters(config: RunConfig, network: NetworkName, sampleSize: number): void {
  for (const layer of resolveLayers(config, network, sampleSize)) {
    for (const { name, shape } of parameterShapes(network, layer)) {
      const length = shape.reduce((product, size) => product * size, 1);
      if (length > STATE_VALUES_MAX) {
        throw refused(
          `${network}.layers.${layer.index}: ${name} has shape [${shape.join(', ')}], that is ${length} values; at most ${STATE_VALUES_MAX} are possible.`,
          'Use fewer units or pieces.',
        );
      }
    }
  }
}

function requireFiniteState(config: RunConfig, sampleSize: number): void {
  const length = stateLength(config, sampleSize);
  if (length <= STATE_VALUES_MAX) return;
  throw refused(
    `Weights, optimizer slots and averages together have ${length} values; at most ${STATE_VALUES_MAX} are possible.`,
    'Use fewer units or pieces, or an optimizer with fewer slots.',
  );
}

function lastLayer(config: RunConfig, network: NetworkName, sampleSize: number) {
  const layer = must(resolveLayers(config, network, sampleSize).at(-1), `the last layer of ${network}`);
  return { layer, path: `${network}.layers.${layer.index}` };
}

function refused(message: string, remedy: string): GanglionError {
  return new GanglionError({ code: 'invalid-config', message, remedy });
}
