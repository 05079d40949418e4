/** A recording as a TensorFlow graph: the messages of proto/tensorflow/graph.proto, as protobufjs takes them. */
import { must } from '../errors/invariant.ts';
import type { Recording, Source, TensorKind } from './recording.ts';
import type { Binding, OpAttribute } from './seam.ts';

interface Shape {
  readonly dim: readonly { readonly size: number }[];
}

/** One field of the message's `oneof`. */
export type AttrValue =
  | { readonly s: Uint8Array }
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly type: number }
  | { readonly shape: Shape }
  | { readonly tensor: { readonly dtype: number; readonly tensorShape: Shape; readonly tensorContent: Uint8Array } }
  | { readonly list: { readonly i: unknown[] } | { readonly f: unknown[] } | { readonly b: unknown[] } };

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttrValue>>;
}

export interface Graph {
  readonly nodes: readonly NodeDef[];
  /** The nodes that stand for what it is given: inputs first, then variables. */
  readonly given: readonly string[];
  /** The nodes whose first output it gives. */
  readonly results: readonly string[];
  /** The nodes that change variables. */
  readonly changes: readonly string[];
}

/** Throws an Error that names the op whose attribute has no place in a graph. */
export function graphOf(recording: Recording, attributeTypes: Binding): Graph {
  const { inputs, variables, constants, ops, outputs } = recording;
  const given = [
    ...inputs.map((kind, index) => placeholder(`inputs_${index}`, kind)),
    ...variables.map((_, index) => placeholder(`variables_${index}`, HANDLE)),
  ];
  const results = outputs.map((source, index) => ({
    // A node of its own for each: one tensor may be given twice.
    name: `outputs_${index}`,
    op: 'Identity',
    input: [endpoint(source)],
    attr: { T: type(kindOf(recording, source).dtype) },
  }));
  const nodes = [
    ...given,
    ...constants.map(({ shape, dtype, bytes }, index) => {
      const tensor = { dtype, tensorShape: shapeOf(shape), tensorContent: bytes };
      return { name: `constants_${index}`, op: 'Const', input: [], attr: { dtype: type(dtype), value: { tensor } } };
    }),
    ...ops.map(({ name, attributes, inputs: sources, after }, index) => ({
      name: nameOf(index),
      op: name,
      input: [...sources.map(endpoint), ...after.map((before) => `^${nameOf(before)}`)],
      attr: Object.fromEntries(attributes.map((one) => [one.name, attrValue(name, one, attributeTypes)])),
    })),
    ...results,
  ];
  return {
    nodes,
    given: given.map(({ name }) => name),
    results: results.map(({ name }) => name),
    changes: ops.flatMap(({ outputs: kinds }, index) => (kinds.length === 0 ? [nameOf(index)] : [])),
  };
}

/** `DT_RESOURCE` of types.proto. */
const HANDLE: TensorKind = { shape: [], dtype: 20 };

function nameOf(op: number): string {
  return `ops_${op}`;
}

function placeholder(name: string, { shape, dtype }: TensorKind): NodeDef {
  return { name, op: 'Placeholder', input: [], attr: { dtype: type(dtype), shape: { shape: shapeOf(shape) } } };
}

function endpoint(source: Source): string {
  return source.from === 'ops' ? `${nameOf(source.index)}:${source.output}` : `${source.from}_${source.index}`;
}

function kindOf({ inputs, constants, ops }: Recording, source: Source): TensorKind {
  switch (source.from) {
    case 'ops':
      return must(ops[source.index]?.outputs[source.output], 'output');
    case 'inputs':
      return must(inputs[source.index], 'input');
    case 'constants':
      return must(constants[source.index], 'constant');
    case 'variables':
      return HANDLE;
  }
}

function attrValue(op: string, { name, type: tag, value }: OpAttribute, types: Binding): AttrValue {
  const many = Array.isArray(value) ? (value as unknown[]) : undefined;
  switch (tag) {
    case types.TF_ATTR_STRING:
      return { s: new TextEncoder().encode(value as string) };
    case types.TF_ATTR_INT:
      return many ? { list: { i: many } } : { i: value as number };
    case types.TF_ATTR_FLOAT:
      return many ? { list: { f: many } } : { f: value as number };
    case types.TF_ATTR_BOOL:
      return many ? { list: { b: many } } : { b: value as boolean };
    case types.TF_ATTR_TYPE:
      return type(value as number);
    case types.TF_ATTR_SHAPE:
      return { shape: shapeOf(value as number[]) };
    default:
      throw new Error(`${op}'s attribute ${name} has a type that graphs do not have`);
  }
}

function type(dtype: number): AttrValue {
  return { type: dtype };
}

function shapeOf(shape: readonly number[]): Shape {
  return { dim: shape.map((size) => ({ size })) };
}
