/** A layer without parameters that is linear around each input: it picks, copies, or adds with fixed weights. */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { Layer, Trace } from './layer.ts';

export interface LocallyLinear {
  forward(input: Tensor2D): Tensor2D;
  /** How the output moves with the input. */
  tangent(trace: Trace, input: Tensor2D): Tensor2D;
  /** The same map, transposed: the gradient by the input. */
  transpose(trace: Trace, dOutput: Tensor2D): Tensor2D;
}

export function locallyLinearLayer({ forward, tangent, transpose }: LocallyLinear): Layer {
  return {
    forward: (input, pass) => ({ input, output: forward(input), selection: undefined, groups: pass?.groups ?? 1 }),
    backward: (trace, dOutput, wanted) => ({
      input: wanted.input ? transpose(trace, dOutput) : undefined,
      parameters: [],
    }),
    tangent: {
      forward: tangent,
      backward: (trace, _dOutput, { dOutput }, wanted) => ({
        input: dOutput && wanted.input ? transpose(trace, dOutput) : undefined,
        parameters: [],
      }),
    },
  };
}
