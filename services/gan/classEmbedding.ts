/**
 * A learned vector for each class, put behind the values of a sample: how a network is told the class (Mirza and Osindero
 * 2014, "Conditional generative adversarial nets"). Shape suffixes: N samples, I inputs, E values of the vector, K classes.
 */
import type { Tensor2D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { Layer, Trace } from './layer.ts';

/** @param table [classes, size]. @param inputUnits values of a sample. */
export function classEmbeddingLayer(tf: Tf, kernels: Kernels, table: Variable, inputUnits: number): Layer {
  const size = must(table.shape[1], 'size of the vector');
  const labels = ({ selection }: Trace) => must(selection, 'labels') as Tensor2D;
  const front = (values: Tensor2D) => tf.slice2d(values, [0, 0], [-1, inputUnits]);
  const behind = (values: Tensor2D) => tf.slice2d(values, [0, inputUnits], [-1, size]);
  return {
    forward: (input, pass, labels_NK) => {
      const selection = must(labels_NK, 'labels');
      const vector_NE = kernels.multiply(selection, table.read() as Tensor2D);
      return { input, output: tf.concat2d([input, vector_NE], 1), selection, groups: pass?.groups ?? 1 };
    },
    backward: (trace, dOutput, wanted) => ({
      input: wanted.input ? front(dOutput) : undefined,
      parameters: wanted.parameters ? [kernels.weightGradient(labels(trace), behind(dOutput))] : [],
    }),
    tangent: {
      forward: (_trace, inputTangent) =>
        tf.pad2d(inputTangent, [
          [0, 0],
          [0, size],
        ]),
      backward: (trace, _dOutput, { dOutput }, wanted) => ({
        input: wanted.input && dOutput !== undefined ? front(dOutput) : undefined,
        parameters: wanted.parameters
          ? [
              dOutput === undefined
                ? tf.zeros([...table.shape])
                : kernels.weightGradient(labels(trace), behind(dOutput)),
            ]
          : [],
      }),
    },
  };
}
