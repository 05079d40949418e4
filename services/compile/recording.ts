/** What a tracer saw of one computation: its ops in order, and where each of their inputs comes from. */
import type { OpAttribute, TensorMetadata } from './seam.ts';

export type TensorKind = Pick<TensorMetadata, 'shape' | 'dtype'>;

/** Where a tensor comes from; `index` counts in the recording's list of that kind. */
export type Source =
  | { readonly from: 'inputs' | 'variables' | 'constants'; readonly index: number }
  | { readonly from: 'ops'; readonly index: number; readonly output: number };

export interface NamedInput extends TensorKind {
  readonly name: string;
}

export interface Constant extends TensorKind {
  /** In C order, little-endian. */
  readonly bytes: Uint8Array;
}

/** A variable that the computation reads or changes. */
export interface RecordedVariable {
  /** The resource handle's id. */
  readonly handle: number;
  readonly isChanged: boolean;
}

export interface RecordedOp {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Source[];
  readonly outputs: readonly TensorKind[];
  /** Ops, by index, that must have run before it: who read or changed a variable that it changes or reads. */
  readonly after: readonly number[];
}

export interface Recording {
  readonly inputs: readonly NamedInput[];
  readonly variables: readonly RecordedVariable[];
  readonly constants: readonly Constant[];
  /** In the order in which they ran. */
  readonly ops: readonly RecordedOp[];
  readonly outputs: readonly Source[];
}
