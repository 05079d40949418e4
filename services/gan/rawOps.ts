/** TensorFlow ops by name, through the typed corner of tfjs-node's backend that has no public type. */
import type { Tensor } from '@tensorflow/tfjs';
import type { OpAttribute } from '../compile/seam.ts';
import { invariant } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';

export interface RawOps {
  /** `T: float32`, which every op here takes. */
  readonly float: OpAttribute;
  bool(name: string, value: boolean): OpAttribute;
  number(name: string, value: number): OpAttribute;
  floatType(name: string): OpAttribute;
  shape(name: string, value: readonly number[]): OpAttribute;
  text(name: string, value: string): OpAttribute;
  /** An op with one output, which belongs to the caller's tidy. */
  compute(op: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
  /** An op without outputs. */
  run(op: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): void;
}

interface TensorflowBackend {
  readonly binding: Readonly<
    Record<'TF_FLOAT' | 'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_ATTR_FLOAT' | 'TF_ATTR_SHAPE' | 'TF_ATTR_STRING', number>
  >;
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputCount: number,
  ): Tensor[];
}

/** @param tf must have the `tensorflow` backend chosen. */
export function rawOps(tf: Tf): RawOps {
  const found: object = tf.backend();
  invariant('executeSingleOutput' in found, `the backend ${tf.getBackend()} runs TensorFlow ops`);
  const backend = found as TensorflowBackend;
  const { binding } = backend;
  const floatType = (name: string) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });
  return {
    float: floatType('T'),
    floatType,
    bool: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
    number: (name, value) => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    shape: (name, value) => ({ name, type: binding.TF_ATTR_SHAPE, value }),
    text: (name, value) => ({ name, type: binding.TF_ATTR_STRING, value }),
    compute: (op, attributes, inputs) => backend.executeSingleOutput(op, attributes, inputs),
    run: (op, attributes, inputs) => {
      backend.executeMultipleOutputs(op, attributes, inputs, 0);
    },
  };
}
