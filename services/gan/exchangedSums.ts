/**
 * The vectors of sums that the shards of a phase exchange where batch norm is synchronised: how many, and how long. All
 * workers know it from the config, also those that have no shard, or one without samples.
 */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { isParameterless, isSynchronised, type ResolvedLayer, resolveLayers } from './shapes.ts';

/** Reals and fakes, and two sums of each. */
const SUMS_MAX = 4;

/** Whether the network's passes wait for other shards. */
export function exchangesSums(config: RunConfig, network: NetworkName): boolean {
  return config[network].layers.some((layer) => isSynchronised(layer, config.shards));
}

/** Vectors in a phase, at most: of a layer two in its pass forward, and one in each of its two passes back. */
export function exchangedCountMax({ generator, discriminator, shards }: RunConfig): number {
  const layers = [...generator.layers, ...discriminator.layers].filter((layer) => isSynchronised(layer, shards));
  return 4 * layers.length;
}

/** Values in the longest vector; 0 where none is exchanged. */
export function exchangedLengthMax(config: RunConfig, sampleSize: number): number {
  const channels = (['generator', 'discriminator'] as const).flatMap((network) =>
    synchronisedLayers(config, network, sampleSize).map(channelsOf),
  );
  return SUMS_MAX * Math.max(0, ...channels);
}

/** Values in each vector, in order, until the gradient of a network of the phase stands (see `stages.ts`). */
export function exchangedLengths(
  config: RunConfig,
  sampleSize: number,
  { updates, minibatch }: Pick<PhasePlan, 'updates' | 'minibatch'>,
  network: NetworkName,
): readonly number[] {
  /** Means, then variances. */
  const forward = (of: NetworkName, groups: number) =>
    synchronisedLayers(config, of, sampleSize)
      .flatMap((layer) => [channelsOf(layer), channelsOf(layer)])
      .map((c) => groups * c);
  /** Both sums of a layer at once; nothing where no gradient goes further down. */
  const backward = (of: NetworkName, groups: number, toInput: boolean) => {
    const lowest = config[of].layers.findIndex((layer) => !isParameterless(layer));
    return synchronisedLayers(config, of, sampleSize)
      .filter(({ index }) => toInput || index > lowest)
      .map((layer) => 2 * groups * channelsOf(layer))
      .reverse();
  };
  const fakes = network === updates[0] ? forward('generator', 1) : [];
  if (network === 'discriminator') {
    return [...fakes, ...forward('discriminator', 2), ...backward('discriminator', 2, false)];
  }
  const seen = updates.includes('discriminator') ? [] : forward('discriminator', minibatch === undefined ? 1 : 2);
  return [...fakes, ...seen, ...backward('discriminator', 1, true), ...backward('generator', 1, false)];
}

function synchronisedLayers(config: RunConfig, network: NetworkName, sampleSize: number): readonly ResolvedLayer[] {
  return resolveLayers(config, network, sampleSize).filter((layer) => layer.isSynchronised);
}

function channelsOf({ inputShape }: ResolvedLayer): number {
  return inputShape.at(-1) ?? 0;
}
