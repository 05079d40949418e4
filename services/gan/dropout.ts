/** Inverted dropout (Srivastava et al. 2014): kept values are divided by the probability of keeping them. */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from './kernels.ts';
import type { Layer } from './layer.ts';

/** @param layer index in the network. */
export function dropoutLayer(tf: Tf, layer: number): Layer {
  return {
    forward: (input, pass) => {
      const selection = pass?.mask(layer);
      return {
        input,
        output: selection === undefined ? input : tf.mul(input, selection),
        selection,
        groups: pass?.groups ?? 1,
      };
    },
    backward: (trace, dOutput, wanted) => {
      const through = () => (trace.selection === undefined ? dOutput : tf.mul<Tensor2D>(dOutput, trace.selection));
      return { input: wanted.input ? through() : undefined, parameters: [] };
    },
    tangent: {
      forward: ({ selection }, input) => (selection === undefined ? input : tf.mul(input, selection)),
      backward: ({ selection }, _dOutput, { dOutput }) => ({
        input: dOutput === undefined || selection === undefined ? dOutput : tf.mul(dOutput, selection),
        parameters: [],
      }),
    },
  };
}
