/** G and D as networks that read the variables of a state, and nothing else of it. */
import type { Backend } from '../backend/select.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { createKernels } from '../gan/createKernels.ts';
import { isTrained } from '../gan/layerTensors.ts';
import { NETWORKS, replicaLayout } from '../gan/layout.ts';
import { createNetwork, type Network } from '../gan/network.ts';
import { packedNetwork } from '../gan/packing.ts';
import { resolveLayers } from '../gan/shapes.ts';

/** @param generatorWeights which of G's weights: the moving average, where the run has one, or as they were trained. */
export function createPlayers(
  { tf, kind }: Pick<Backend, 'tf' | 'kind'>,
  config: RunConfig,
  sampleSize: number,
  generatorWeights: 'ema' | 'live',
  state: Float32Array,
): Readonly<Record<NetworkName, Network>> & { dispose(): void } {
  const kernels = createKernels(tf, kind);
  const specs = new Map(replicaLayout(config, sampleSize).map((spec) => [spec.name, spec]));
  const variables = new Map<string, ReturnType<typeof kernels.variable>>();
  // Only what is used: optimizer slots stay on the disk.
  const variable = (name: string) => {
    const { shape, offset, length } = must(specs.get(name), name);
    const made = variables.get(name) ?? kernels.variable(shape);
    if (!variables.has(name)) made.assign(state.subarray(offset, offset + length));
    variables.set(name, made);
    return made;
  };
  const network = (name: NetworkName, suffix: string) =>
    createNetwork(tf, kernels, name, resolveLayers(config, name, sampleSize), (tensor) =>
      variable(isTrained(tensor) ? `${tensor}${suffix}` : tensor),
    );
  const [generator, discriminator] = NETWORKS.map((name) =>
    network(name, name === 'generator' && generatorWeights === 'ema' ? '/ema' : ''),
  );
  return {
    generator: must(generator, 'generator'),
    discriminator: packedNetwork(tf, must(discriminator, 'discriminator'), config.discriminator.packing),
    dispose: () => {
      for (const held of variables.values()) held.dispose();
      variables.clear();
    },
  };
}
