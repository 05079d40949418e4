/**
 * Packing (Lin et al. 2018, "PacGAN: the power of two samples in generative adversarial networks"): D sees m samples at once,
 * which must look as if the data had made all of them, so that G cannot give always the same. A pack is m consecutive
 * samples of a logical shard, all real or all fake. Its values lie place by place, so that a `reshape` to an image
 * of m times the channels has each channel m times, as the paper has it, and a dense layer does not mind.
 */
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';
import type { Network } from './network.ts';

/** A network that takes single samples [n, values] and gives one row for each pack [n / m, …]. */
export function packedNetwork(tf: Tf, network: Network, m: number): Network {
  if (m === 1) return network;
  const pack = (samples: Tensor2D): Tensor2D => {
    const values = must(samples.shape[1], 'values');
    const packs = tf.reshape(samples, [-1, m, values]) as Tensor3D;
    return tf.reshape(tf.transpose(packs, [0, 2, 1]), [-1, values * m]) as Tensor2D;
  };
  const unpack = (packs: Tensor2D): Tensor2D => {
    const values = must(packs.shape[1], 'values') / m;
    const places = tf.reshape(packs, [-1, values, m]) as Tensor3D;
    return tf.reshape(tf.transpose(places, [0, 2, 1]), [-1, values]) as Tensor2D;
  };
  return {
    ...network,
    pack,
    unpack,
    forward: (samples, pass, labels) => network.forward(pack(samples), pass, labels),
    *backward(traces, dOutput, wanted) {
      const { input, parameters } = yield* network.backward(traces, dOutput, wanted);
      return { input: input && unpack(input), parameters };
    },
  };
}
