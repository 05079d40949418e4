/**
 * A linear map with a bias, and what bends it: dense, maxout and convolution layers are made of such a pair. Written once,
 * forward, backward, and in forward mode through both (see `LayerTangent`).
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Variable } from './kernels.ts';
import type { Layer, Moves, Trace } from './layer.ts';

export interface AffineParameters {
  readonly weight: Pick<Variable, 'read'>;
  readonly bias: Variable;
}

/** z = x·W + b. */
export interface AffineMap {
  forward(x: Tensor2D): Tensor2D;
  /** x·W: how z moves with x. */
  linear(x: Tensor2D): Tensor2D;
  inputGradient(dz: Tensor2D): Tensor2D;
  weightGradient(x: Tensor2D, dz: Tensor2D): Tensor;
  biasGradient(dz: Tensor2D): Tensor1D;
  zeroBiasGradient(): Tensor1D;
}

/** y = f(z). */
export interface Nonlinearity {
  forward(z: Tensor2D): Pick<Trace, 'output' | 'selection'>;
  /** dz = f′(z)·dy. */
  gradient(dy: Tensor2D, trace: Trace): Tensor2D;
  /** The tangent of y, by that of z. */
  tangent(z: Tensor2D, trace: Trace): Tensor2D;
  /** The tangent of dz; undefined where it does not move. */
  movedGradient(dy: Tensor2D, trace: Trace, moves: Moves): Tensor2D | undefined;
}

export function affineLayer(
  map: AffineMap,
  nonlinearity: Nonlinearity,
  add: <T extends Tensor>(a: T, b: T) => T,
): Layer {
  return {
    forward: (input, pass) => ({ input, ...nonlinearity.forward(map.forward(input)), groups: pass?.groups ?? 1 }),
    backward: (trace, dOutput, wanted) => {
      const dz = nonlinearity.gradient(dOutput, trace);
      return {
        input: wanted.input ? map.inputGradient(dz) : undefined,
        parameters: wanted.parameters ? [map.weightGradient(trace.input, dz), map.biasGradient(dz)] : [],
      };
    },
    tangent: {
      forward: (trace, inputTangent) => nonlinearity.tangent(map.linear(inputTangent), trace),
      backward: (trace, dOutput, moves, wanted) => {
        const dz = nonlinearity.gradient(dOutput, trace);
        const moved = nonlinearity.movedGradient(dOutput, trace, moves);
        const byInput = map.weightGradient(moves.input, dz);
        const weight = moved === undefined ? byInput : add(byInput, map.weightGradient(trace.input, moved));
        const bias = moved === undefined ? map.zeroBiasGradient() : map.biasGradient(moved);
        return {
          input: wanted.input && moved !== undefined ? map.inputGradient(moved) : undefined,
          parameters: wanted.parameters ? [weight, bias] : [],
        };
      },
    },
  };
}
