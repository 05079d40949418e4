/** y = activation(x·W + b). Shape suffixes: N samples, I inputs, O outputs. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Activation, Kernels, Variable } from './kernels.ts';
import type { Layer, LayerGradient, Wanted } from './layer.ts';

export interface AffineParameters {
  /** [inputs, outputs]. */
  readonly weight: Variable;
  /** [outputs]. */
  readonly bias: Variable;
}

export function denseLayer(kernels: Kernels, parameters: AffineParameters, activation: Activation): Layer {
  return {
    forward: (input, pass) => {
      const output = kernels.activate(affine(kernels, parameters, input), activation);
      return { input, output, selection: undefined, groups: pass?.groups ?? 1 };
    },
    backward: (trace, dOutput, wanted) => {
      const dz_NO = kernels.activationGradient(dOutput, trace.output, activation);
      return affineGradient(kernels, parameters, trace.input, dz_NO, wanted);
    },
  };
}

/** x·W + b. */
export function affine(kernels: Kernels, { weight, bias }: AffineParameters, x_NI: Tensor2D): Tensor2D {
  return kernels.affine(x_NI, weight.read() as Tensor2D, bias.read() as Tensor1D);
}

/** dx = dz·Wᵀ, dW = xᵀ·dz, db = Σ dz. */
export function affineGradient(
  kernels: Kernels,
  { weight }: AffineParameters,
  x_NI: Tensor2D,
  dz_NO: Tensor2D,
  wanted: Wanted,
): LayerGradient {
  return {
    input: wanted.input ? kernels.inputGradient(dz_NO, weight.read() as Tensor2D) : undefined,
    parameters: wanted.parameters ? [kernels.weightGradient(x_NI, dz_NO), kernels.biasGradient(dz_NO)] : [],
  };
}
