/**
 * Proves that a recording becomes the graph that it stands for: names, edges, attributes of every kind, a fence behind
 * whatever TensorFlow would rewrite; and that the SavedModel's bytes are what the public protos say.
 */
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../services/compile/graph.ts';
import type { Recording } from '../../services/compile/recording.ts';
import { encodeSavedModel } from '../../services/compile/savedModel.ts';
import type { Binding, OpAttribute } from '../../services/compile/seam.ts';

const FLOAT = 1;
/** TF_AttrType of the C API. */
const TYPES = {
  TF_ATTR_STRING: 0,
  TF_ATTR_INT: 1,
  TF_ATTR_FLOAT: 2,
  TF_ATTR_BOOL: 3,
  TF_ATTR_TYPE: 4,
  TF_ATTR_SHAPE: 5,
} as const;
const float = { name: 'T', type: TYPES.TF_ATTR_TYPE, value: FLOAT };
const matrix = { shape: [2, 3], dtype: FLOAT };

/** x + 0.5, twice given, and the variable beside it. */
const recording: Recording = {
  inputs: [{ name: 'x', ...matrix }],
  captures: [{ handle: 7, attributes: [], shape: [3], dtype: FLOAT }],
  constants: [{ shape: [], dtype: FLOAT, bytes: new Uint8Array(Float32Array.of(0.5).buffer) }],
  ops: [
    {
      name: 'Add',
      attributes: [float],
      inputs: [
        { from: 'inputs', index: 0 },
        { from: 'constants', index: 0 },
      ],
      outputs: [matrix],
    },
  ],
  outputs: [
    { from: 'ops', index: 0, output: 0 },
    { from: 'ops', index: 0, output: 0 },
    { from: 'captures', index: 0 },
  ],
};

describe('graphOf', () => {
  const graph = graphOf(recording, TYPES as unknown as Binding);

  it('feeds inputs, then captures, and fetches a node of its own for each output', () => {
    expect(graph.feeds).toEqual(['inputs_0:0', 'captures_0:0']);
    expect(graph.fetches).toEqual(['outputs_0:0', 'outputs_1:0', 'outputs_2:0']);
  });

  it('has every op, fenced', () => {
    expect(graph.nodes.map(({ name, op, input }) => `${name} = ${op}(${input.join(', ')})`)).toEqual([
      'inputs_0 = Placeholder()',
      'captures_0 = Placeholder()',
      'constants_0 = Const()',
      'constants_0_fence_0 = PlaceholderWithDefault(constants_0:0)',
      'ops_0 = Add(inputs_0, constants_0_fence_0)',
      'ops_0_fence_0 = PlaceholderWithDefault(ops_0:0)',
      'outputs_0 = Identity(ops_0_fence_0)',
      'outputs_1 = Identity(ops_0_fence_0)',
      'outputs_2 = Identity(captures_0)',
    ]);
  });

  it('takes attributes of every kind, and names the op whose attribute it does not know', () => {
    const [op] = recording.ops;
    const withAttribute = (attribute: OpAttribute) =>
      graphOf({ ...recording, ops: op ? [{ ...op, attributes: [attribute] }] : [] }, TYPES as unknown as Binding);
    const attr = (type: number, value: unknown) =>
      withAttribute({ name: 'a', type, value }).nodes.find(({ name }) => name === 'ops_0')?.attr.a;
    expect(attr(TYPES.TF_ATTR_STRING, 'SAME')).toEqual({ s: new TextEncoder().encode('SAME') });
    expect(attr(TYPES.TF_ATTR_INT, 3)).toEqual({ i: 3 });
    expect(attr(TYPES.TF_ATTR_INT, [1, 2])).toEqual({ list: { i: [1, 2] } });
    expect(attr(TYPES.TF_ATTR_FLOAT, 0.2)).toEqual({ f: 0.2 });
    expect(attr(TYPES.TF_ATTR_BOOL, true)).toEqual({ b: true });
    expect(attr(TYPES.TF_ATTR_TYPE, FLOAT)).toEqual({ type: FLOAT });
    expect(attr(TYPES.TF_ATTR_SHAPE, [4])).toEqual({ shape: { dim: [{ size: 4 }] } });
    expect(() => attr(6, {})).toThrow("Add's attribute a has a type");
  });

  it('is a SavedModel that reads back', () => {
    const message = protobuf.loadSync('proto/tensorflow/saved_model.proto').lookupType('tensorflow.SavedModel');
    const model = message.toObject(message.decode(encodeSavedModel(graph.nodes)), { longs: Number });
    expect(model.savedModelSchemaVersion).toBe(1);
    expect(model.metaGraphs).toHaveLength(1);
    expect(model.metaGraphs[0].metaInfoDef.tags).toEqual(['serve']);
    const nodes: { name: string; attr: Record<string, unknown> }[] = model.metaGraphs[0].graphDef.node;
    expect(nodes.map(({ name }) => name)).toEqual(graph.nodes.map(({ name }) => name));
    expect(nodes.find(({ name }) => name === 'constants_0')?.attr).toEqual({
      dtype: { type: FLOAT },
      value: { tensor: { dtype: FLOAT, tensorShape: {}, tensorContent: Buffer.from([0, 0, 0, 63]) } },
    });
  });
});
