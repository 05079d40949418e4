/** x·W + b of whole samples. Shape suffixes: N samples, I inputs, O outputs. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { AffineMap, AffineParameters } from './affineLayer.ts';
import type { Kernels, Tf } from './kernels.ts';

/** @param parameters weight [inputs, outputs] and bias [outputs]. */
export function denseMap(tf: Tf, kernels: Kernels, parameters: AffineParameters): AffineMap {
  const weight = () => parameters.weight.read() as Tensor2D;
  return {
    forward: (x_NI) => kernels.affine(x_NI, weight(), parameters.bias.read() as Tensor1D),
    linear: (x_NI) => kernels.multiply(x_NI, weight()),
    inputGradient: (dz_NO) => kernels.inputGradient(dz_NO, weight()),
    weightGradient: (x_NI, dz_NO) => kernels.weightGradient(x_NI, dz_NO),
    biasGradient: (dz_NO) => kernels.biasGradient(dz_NO),
    zeroBiasGradient: () => tf.zeros([parameters.bias.shape[0] ?? 0]),
  };
}
