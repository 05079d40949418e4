/** What a tracer saw of one computation: its ops in order, and where each of their inputs comes from. */
import type { OpAttribute, TensorMetadata } from './seam.ts';

export type TensorKind = Pick<TensorMetadata, 'shape' | 'dtype'>;

/** Where a tensor comes from; `index` counts in the recording's list of that kind. */
export type Source =
  | { readonly from: 'inputs' | 'captures' | 'constants'; readonly index: number }
  | { readonly from: 'ops'; readonly index: number; readonly output: number };

export interface NamedInput extends TensorKind {
  readonly name: string;
}

export interface Constant extends TensorKind {
  /** In C order, little-endian. */
  readonly bytes: Uint8Array;
}

/** A variable that the computation reads: its value is read anew for every run. */
export interface Capture extends TensorKind {
  /** The resource handle's id. */
  readonly handle: number;
  /** Of the `ReadVariableOp`. */
  readonly attributes: readonly OpAttribute[];
}

export interface RecordedOp {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Source[];
  readonly outputs: readonly TensorKind[];
}

export interface Recording {
  readonly inputs: readonly NamedInput[];
  readonly captures: readonly Capture[];
  readonly constants: readonly Constant[];
  /** In the order in which they ran. */
  readonly ops: readonly RecordedOp[];
  readonly outputs: readonly Source[];
}
