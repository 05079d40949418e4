/**
 * What a shard's gradients are a function of, besides the weights: its real samples and its random numbers, as tensors by
 * name. Everything that changes from phase to phase is here, so that the rest can be compiled once.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { SampleRange } from '../plan/shards.ts';
import type { StreamName } from '../random/streams.ts';
import type { Tf } from './kernels.ts';
import type { Pass } from './layer.ts';
import { latents, stackedMask } from './noise.ts';
import type { ResolvedLayer } from './shapes.ts';

/** `latents`, `reals` (where D is updated), and `<network>.<layer>.mask` of each dropout layer. */
export type PhaseInputs = Readonly<Record<string, Tensor>>;

export interface InputsOptions {
  readonly tf: Tf;
  readonly config: RunConfig;
  readonly layers: Readonly<Record<NetworkName, readonly ResolvedLayer[]>>;
}

const REAL_AND_FAKE: readonly StreamName[] = ['discriminatorDropoutReal', 'discriminatorDropoutFake'];
const FAKE: readonly StreamName[] = ['discriminatorDropoutFake'];
const OF_GENERATOR: readonly StreamName[] = ['generatorDropout'];

/** What the fakes are a function of. Call it inside a tidy. */
export function fakesInputs({ tf, config, layers }: InputsOptions, phase: number, range: SampleRange): PhaseInputs {
  const z = tf.tensor2d(latents(config, 'latent', phase, range), [range.count, config.latent.size]);
  return { latents: z, ...masks({ tf, config, layers }, 'generator', OF_GENERATOR, phase, range) };
}

/** What D's pass over them takes beside. @param reals [count, sampleSize] in [0, 1]; undefined in a G phase. */
export function passInputs(
  options: InputsOptions,
  phase: number,
  range: SampleRange,
  reals: Tensor2D | undefined,
): PhaseInputs {
  const streams = reals === undefined ? FAKE : REAL_AND_FAKE;
  return { ...(reals && { reals }), ...masks(options, 'discriminator', streams, phase, range) };
}

function masks(
  { tf, config, layers }: InputsOptions,
  network: NetworkName,
  streams: readonly StreamName[],
  phase: number,
  range: SampleRange,
): PhaseInputs {
  const drawn: Record<string, Tensor> = {};
  for (const { config: layer, index, inputUnits: width } of layers[network]) {
    if (layer.type !== 'dropout') continue;
    const values = stackedMask(config, streams, phase, range, { index, keep: layer.keep, width });
    drawn[maskName(network, index)] = tf.tensor2d(values, [streams.length * range.count, width]);
  }
  return drawn;
}

export function inputOf(inputs: PhaseInputs, name: 'latents' | 'reals'): Tensor2D {
  return must(inputs[name], name) as Tensor2D;
}

/** @param groups batches that are stacked in it. */
export function passOf(inputs: PhaseInputs, network: NetworkName, groups = 1): Pass {
  const mask = (layer: number) => {
    const name = maskName(network, layer);
    return must(inputs[name], name) as Tensor2D;
  };
  return { mask, groups };
}

function maskName(network: NetworkName, layer: number): string {
  return `${network}.${layer}.mask`;
}
