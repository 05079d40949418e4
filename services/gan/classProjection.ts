/**
 * The last layer of a D that knows the class y: x·w + b + x·v_y (Miyato and Koyama 2018, "cGANs with projection
 * discriminator", equation 3, with x as φ). Shape suffixes: N samples, I inputs, K classes.
 */
import type { Tensor2D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { AffineParameters } from './affineLayer.ts';
import { denseMap } from './dense.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { Layer, Trace } from './layer.ts';

/** @param parameters weight [inputs, 1] and bias [1]. @param table [classes, inputs]. */
export function classProjectionLayer(tf: Tf, kernels: Kernels, parameters: AffineParameters, table: Variable): Layer {
  const map = denseMap(tf, kernels, parameters);
  const labels = ({ selection }: Trace) => must(selection, 'labels') as Tensor2D;
  const vectors_NI = (labels_NK: Tensor2D) => kernels.multiply(labels_NK, table.read() as Tensor2D);
  const projected = (x_NI: Tensor2D, labels_NK: Tensor2D) =>
    tf.sum<Tensor2D>(tf.mul(x_NI, vectors_NI(labels_NK)), 1, true);
  const inputGradient = (trace: Trace, dy_N1: Tensor2D) =>
    tf.add<Tensor2D>(map.inputGradient(dy_N1), tf.mul(dy_N1, vectors_NI(labels(trace))));
  const tableGradient = (trace: Trace, x_NI: Tensor2D, dy_N1: Tensor2D) =>
    kernels.weightGradient(labels(trace), tf.mul(x_NI, dy_N1));
  return {
    forward: (input, pass, labels_NK) => {
      const selection = must(labels_NK, 'labels');
      const output = tf.add<Tensor2D>(map.forward(input), projected(input, selection));
      return { input, output, selection, groups: pass?.groups ?? 1 };
    },
    backward: (trace, dOutput, wanted) => ({
      input: wanted.input ? inputGradient(trace, dOutput) : undefined,
      parameters: wanted.parameters
        ? [
            map.weightGradient(trace.input, dOutput),
            map.biasGradient(dOutput),
            tableGradient(trace, trace.input, dOutput),
          ]
        : [],
    }),
    tangent: {
      forward: (trace, inputTangent) => tf.add(map.linear(inputTangent), projected(inputTangent, labels(trace))),
      backward: (trace, dOutput, moves, wanted) => {
        const moved = moves.dOutput;
        const parameters = [
          map.weightGradient(moves.input, dOutput),
          moved === undefined ? map.zeroBiasGradient() : map.biasGradient(moved),
          tableGradient(trace, moves.input, dOutput),
        ];
        if (moved === undefined) return { input: undefined, parameters: wanted.parameters ? parameters : [] };
        const [weight, bias, table] = [
          tf.add(must(parameters[0], 'weight'), map.weightGradient(trace.input, moved)),
          must(parameters[1], 'bias'),
          tf.add(must(parameters[2], 'table'), tableGradient(trace, trace.input, moved)),
        ];
        return {
          input: wanted.input ? inputGradient(trace, moved) : undefined,
          parameters: wanted.parameters ? [weight, bias, table] : [],
        };
      },
    },
  };
}
