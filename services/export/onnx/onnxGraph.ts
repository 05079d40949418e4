/** An ONNX graph as it is written: operators that name what they read, and constants. */
import { bytesOf } from '../../picture/npy.ts';

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly object[];
}

/** `AttributeType` of the proto. */
const [FLOAT, INT, STRING, INTS] = [1, 2, 3, 7];
/** `DataType` of the proto. */
export const TENSOR_FLOAT = 1;
export const TENSOR_INT64 = 7;

/** Whole numbers stand for `i`; a number that is none is written as `{ f: 0.2 }`. */
type Attribute = number | string | readonly number[] | { readonly f: number };

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: object[] = [];

  /** Returns the name of what the operator gives. */
  add(opType: string, input: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const name = `${opType}_${this.nodes.length}`;
    const attribute = Object.entries(attributes).map(([key, value]) => ({ name: key, ...fieldOf(value) }));
    this.nodes.push({ name, opType, input, output: [name], attribute });
    return name;
  }

  floats(name: string, shape: readonly number[], values: Float32Array): string {
    this.initializers.push({ name, dims: shape, dataType: TENSOR_FLOAT, rawData: bytesOf(values) });
    return name;
  }

  integers(values: readonly number[]): string {
    const name = `integers_${this.initializers.length}`;
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push({ name, dims: [values.length], dataType: TENSOR_INT64, rawData: bytes });
    return name;
  }
}

function fieldOf(value: Attribute): object {
  if (typeof value === 'number') return { type: INT, i: value };
  if (typeof value === 'string') return { type: STRING, s: new TextEncoder().encode(value) };
  if ('f' in value) return { type: FLOAT, f: value.f };
  return { type: INTS, ints: value };
}
