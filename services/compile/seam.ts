/** The corner of tfjs-node's backend that every op passes, and the functions that we put beside it; it has no public type. */
import type { Tensor } from '@tensorflow/tfjs';
import { invariant } from '../errors/invariant.ts';

/** A TensorFlow tensor: its id in the addon, its shape, and its type as `TF_DataType` numbers it. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

type AttributeType =
  | 'TF_ATTR_STRING'
  | 'TF_ATTR_INT'
  | 'TF_ATTR_FLOAT'
  | 'TF_ATTR_BOOL'
  | 'TF_ATTR_TYPE'
  | 'TF_ATTR_SHAPE';

export interface Binding extends Readonly<Record<AttributeType | 'TF_FLOAT' | 'TF_INT32', number>> {
  createTensor(shape: readonly number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  /** Copies a float32 tensor to where it is wanted: see backend/binding.cc. */
  readTensor(id: number, into: Float32Array): void;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputCount: number,
  ): TensorMetadata[];
  /** See backend/binding.cc. Throws what TensorFlow has against the graph. */
  addFunction(
    name: string,
    graphDef: Uint8Array,
    given: readonly string[],
    results: readonly string[],
    changes: readonly string[],
  ): void;
  runFunction(name: string, options: Uint8Array, inputs: readonly number[], outputCount: number): TensorMetadata[];
  removeFunction(name: string): void;
}

export interface SeamBackend {
  /** A field like any other, so that a tracer can stand in; the binding's own properties are read-only. */
  binding: Binding;
  /** Uploads what is not there yet. */
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  getDTypeInteger(dtype: Tensor['dtype']): number;
  /** The tensor belongs to the caller's tidy. */
  createOutputTensor(metadata: TensorMetadata): Tensor;
}

/** @param backend tfjs's backend object; must be TensorFlow's. */
export function seamOf(backend: object): SeamBackend {
  invariant('binding' in backend && 'createOutputTensor' in backend, "the backend is tfjs-node's");
  return backend as SeamBackend;
}
