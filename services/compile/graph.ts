/** A recording as a TensorFlow graph: the messages of proto/tensorflow/saved_model.proto, as protobufjs takes them. */
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
  /** `op:output` of what a run is fed, inputs first, then captures. */
  readonly feeds: readonly string[];
  /** `op:output` of what it gives. */
  readonly fetches: readonly string[];
}

/** Throws an Error that names the op whose attribute has no place in a graph. */
export function graphOf(recording: Recording, attributeTypes: Binding): Graph {
  const { inputs, captures, constants, ops, outputs } = recording;
  const feeds = [
    ...inputs.map((kind, index) => placeholder(`inputs_${index}`, kind)),
    ...captures.map((kind, index) => placeholder(`captures_${index}`, kind)),
  ];
  const nodes = [
    ...feeds,
    ...constants.flatMap((constant, index) => {
      const { shape, dtype, bytes } = constant;
      const tensor = { dtype, tensorShape: shapeOf(shape), tensorContent: bytes };
      return fenced(
        { name: `constants_${index}`, op: 'Const', input: [], attr: { dtype: type(dtype), value: { tensor } } },
        [constant],
      );
    }),
    ...ops.flatMap(({ name, attributes, inputs: sources, outputs: kinds }, index) => {
      const attr = Object.fromEntries(attributes.map((one) => [one.name, attrValue(name, one, attributeTypes)]));
      return fenced({ name: `ops_${index}`, op: name, input: sources.map(endpoint), attr }, kinds);
    }),
    // A node of its own for each: one tensor may be given twice, and what is fed cannot be fetched.
    ...outputs.map((source, index) => ({
      name: `outputs_${index}`,
      op: 'Identity',
      input: [endpoint(source)],
      attr: { T: type(kindOf(recording, source).dtype) },
    })),
  ];
  return {
    nodes,
    feeds: feeds.map(({ name }) => `${name}:0`),
    fetches: outputs.map((_, index) => `outputs_${index}:0`),
  };
}

/**
 * The node with a fence behind each of its outputs. TensorFlow rewrites graphs before it runs them, and some rewrites change
 * bits: a sigmoid that is fused into its product is another approximation (half of the values differ in the last bit), and
 * a division by a constant becomes a product. It leaves alone what it cannot see through, and a placeholder
 * with a default is such a thing, while its kernel only hands the tensor on: on the bench's networks all fences together
 * cost less than the noise of the measurement.
 */
function fenced(node: NodeDef, outputs: readonly TensorKind[]): NodeDef[] {
  const fences = outputs.map(({ shape, dtype }, output) => ({
    name: `${node.name}_fence_${output}`,
    op: 'PlaceholderWithDefault',
    input: [`${node.name}:${output}`],
    attr: { dtype: type(dtype), shape: { shape: shapeOf(shape) } },
  }));
  return [node, ...fences];
}

function placeholder(name: string, { shape, dtype }: TensorKind): NodeDef {
  return { name, op: 'Placeholder', input: [], attr: { dtype: type(dtype), shape: { shape: shapeOf(shape) } } };
}

function endpoint(source: Source): string {
  const { from, index } = source;
  if (from === 'ops') return `ops_${index}_fence_${source.output}`;
  return from === 'constants' ? `constants_${index}_fence_0` : `${from}_${index}`;
}

function kindOf(recording: Recording, source: Source): TensorKind {
  const kind =
    source.from === 'ops' ? recording.ops[source.index]?.outputs[source.output] : recording[source.from][source.index];
  return must(kind, 'source');
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
