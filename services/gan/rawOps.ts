/** TensorFlow ops by name, through the typed corner of tfjs-node's backend that has no public type. */
import type { Tensor } from '@tensorflow/tfjs';
import type { Binding, OpAttribute } from '../compile/seam.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';

export interface RawOps {
  /** `T: float32`, which every op here takes. */
  readonly float: OpAttribute;
  bool(name: string, value: boolean): OpAttribute;
  number(name: string, value: number): OpAttribute;
  integers(name: string, value: readonly number[]): OpAttribute;
  floatType(name: string): OpAttribute;
  intType(name: string): OpAttribute;
  shape(name: string, value: readonly number[]): OpAttribute;
  text(name: string, value: string): OpAttribute;
  /** An op with one output, which belongs to the caller's tidy. */
  compute(op: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
  /** As `compute`, of an op with several outputs. */
  computeAll(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputCount: number,
  ): readonly Tensor[];
  /** Copies a float32 tensor's values into memory that is there already; as many as it has. */
  read(tensor: Tensor, into: Float32Array): void;
  /** An op without outputs. */
  run(op: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): void;
}

interface TensorflowBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly Tensor[]): number[];
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
    intType: (name) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 }),
    bool: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
    integers: (name, value) => ({ name, type: binding.TF_ATTR_INT, value }),
    number: (name, value) => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    shape: (name, value) => ({ name, type: binding.TF_ATTR_SHAPE, value }),
    text: (name, value) => ({ name, type: binding.TF_ATTR_STRING, value }),
    compute: (op, attributes, inputs) => backend.executeSingleOutput(op, attributes, inputs),
    computeAll: (op, attributes, inputs, outputCount) =>
      backend.executeMultipleOutputs(op, attributes, inputs, outputCount),
    read: (tensor, into) => {
      // `backend.binding` and not `binding`: a tracer may stand in.
      backend.binding.readTensor(must(backend.getInputTensorIds([tensor])[0], 'tensor id'), into);
    },
    run: (op, attributes, inputs) => {
      backend.executeMultipleOutputs(op, attributes, inputs, 0);
    },
  };
}
