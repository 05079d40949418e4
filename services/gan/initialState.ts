/** The state before phase 0: a pure function of the config (and of the data's marginals, where the config asks). */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { invariant, must } from '../errors/invariant.ts';
import { fillNormal } from '../random/normal.ts';
import { fillUniform } from '../random/uniform.ts';
import { parameterName, parameterShapes, runningName, spectralName } from './layerTensors.ts';
import { factorName, NETWORKS, stateLayout, type TensorSpec } from './layout.ts';
import { iteratePower } from './powerIteration.ts';
import { hasSpectralNorm, type ResolvedLayer, resolveLayers, valuesIn } from './shapes.ts';
import { validateNetworks } from './validateNetworks.ts';

/** Of the power iteration on the first weights, so that the first updates of D are not scaled by chance. */
const SPECTRAL_STEPS = 15;

/** Keeps the logit finite for a pixel that is always black or always white: at most ±16.1. */
const MARGINAL_MIN = 1e-7;

/**
 * The flat state (see `stateLayout`): weights uniform in ±initRange, normal, or Glorot uniform; batch
 * normalisation as the identity; embeddings of classes standard normal in `class-embedding`, 0 in `class-projection`, which so
 * begins as a D that knows no classes; biases, optimizer slots and residuals 0;
 * the moving average of G a copy of G. In plain JS, so that it has the same bits on every backend.
 *
 * @param marginals mean of each value of a sample over the data, 0 … 1; needed for `outputBias: marginals`.
 * Throws a GanglionError where the networks do not fit the samples.
 */
export function initialState(config: RunConfig, sampleSize: number, marginals?: Float64Array): Float32Array {
  validateNetworks(config, sampleSize);
  const layout = stateLayout(config, sampleSize);
  const last = must(layout.at(-1), 'a tensor');
  const state = new Float32Array(last.offset + last.length);
  const byName = new Map(layout.map((spec) => [spec.name, spec]));
  const place = (name: string) => view(state, must(byName.get(name), name));

  for (const network of NETWORKS) {
    for (const layer of resolveLayers(config, network, sampleSize)) initialiseWeight(config, network, layer, place);
  }
  if (config.generator.outputBias === 'marginals') {
    const outputLayer = config.generator.layers.length - 1;
    fillLogits(place(`generator.${outputLayer}.bias`), must(marginals, "the data's marginals"));
  }
  for (const [phase, network] of NETWORKS.entries()) {
    const layers = resolveLayers(config, network, sampleSize).filter((layer) => hasSpectralNorm(layer.config));
    for (const { index: layer } of layers) {
      const u = place(spectralName(network, layer));
      fillNormal(
        { seed: config.seed, stream: 'spectralNorm', phase, layer },
        { first: 0, count: 1, width: u.length },
        u,
      );
      iteratePower(place(parameterName(network, layer, 'weight')), u, SPECTRAL_STEPS);
    }
  }
  for (const spec of layout) {
    if (spec.name.endsWith(factorName(''))) fillFactor(config.seed, layout.indexOf(spec), spec, view(state, spec));
    if (spec.name.endsWith('/ema')) view(state, spec).set(place(spec.name.slice(0, -'/ema'.length)));
  }
  return state;
}

function initialiseWeight(
  config: RunConfig,
  network: NetworkName,
  layer: ResolvedLayer,
  place: (name: string) => Float32Array,
): void {
  const weight = parameterShapes(network, layer)[0];
  const { config: own, index } = layer;
  if (weight === undefined) return;
  if (own.type === 'batch-norm') {
    place(weight.name).fill(1);
    place(runningName(network, index, 'variance')).fill(1);
    return;
  }
  const width = must(weight.shape.at(-1), 'columns of the weight');
  const rows = { first: 0, count: valuesIn(weight.shape) / width, width };
  const stream = network === 'generator' ? 'generatorInit' : 'discriminatorInit';
  const address = { seed: config.seed, stream, phase: 0, layer: index } as const;
  const out = place(weight.name);
  if (own.type === 'class-embedding') {
    fillNormal(address, rows, out);
    return;
  }
  if ('initStd' in own && own.initStd !== undefined) {
    fillNormal(address, rows, out);
    for (let i = 0; i < out.length; i += 1) out[i] = must(out[i], 'weight') * own.initStd;
    return;
  }
  const range = ('initRange' in own ? own.initRange : undefined) ?? glorotRange(...fans(layer));
  fillUniform(address, rows, -range, range, out);
}

/** How many values one output depends on, and how many outputs one value: of a convolution in its window. */
function fans({ config, inputShape, inputUnits, outputUnits }: ResolvedLayer): [number, number] {
  if (!('kernel' in config)) return [inputUnits, outputUnits];
  const window = config.kernel ** 2;
  return [window * must(inputShape[2], 'channels'), window * config.filters];
}

/** PowerSGD begins with a random right factor (Vogels et al. 2019, algorithm 1: i.i.d. standard normal). */
function fillFactor(seed: number, index: number, { shape }: TensorSpec, out: Float32Array): void {
  const [count, width] = [must(shape[0], 'rows'), must(shape[1], 'columns')];
  const address = { seed, stream: 'powerSgd', phase: index, layer: 0 } as const;
  fillNormal(address, { first: 0, count, width }, out);
}

/**
 * √(6 / (inputs + outputs)): Glorot and Bengio 2010, equation 16. For maxout the outputs are the units, because each
 * piece is a linear map of its own and one of them passes.
 */
export function glorotRange(inputUnits: number, outputUnits: number): number {
  return Math.sqrt(6 / (inputUnits + outputUnits));
}

function fillLogits(bias: Float32Array, marginals: Float64Array): void {
  invariant(marginals.length === bias.length, `${marginals.length} marginals for ${bias.length} output units`);
  for (let i = 0; i < bias.length; i += 1) {
    const mean = must(marginals[i], 'marginal');
    invariant(mean >= 0 && mean <= 1, `marginal ${i} is ${mean}, outside 0 … 1`);
    const p = Math.min(Math.max(mean, MARGINAL_MIN), 1 - MARGINAL_MIN);
    bias[i] = Math.log(p / (1 - p));
  }
}

function view(state: Float32Array, spec: TensorSpec): Float32Array {
  return state.subarray(spec.offset, spec.offset + spec.length);
}
