/**
 * Proves that a recording becomes the graph that it stands for: names, edges, order, attributes of every kind; and that the
 * bytes are what the public protos say.
 */
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../services/compile/graph.ts';
import { encodeGraph, runAsWritten } from '../../services/compile/messages.ts';
import type { Recording } from '../../services/compile/recording.ts';
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

/** w ← w − x·0.5, and then w + x, twice given. */
const recording: Recording = {
  inputs: [{ name: 'x', ...matrix }],
  variables: [{ handle: 7, isChanged: true }],
  constants: [{ shape: [], dtype: FLOAT, bytes: new Uint8Array(Float32Array.of(0.5).buffer) }],
  ops: [
    {
      name: 'ResourceApplyGradientDescent',
      attributes: [float],
      inputs: [
        { from: 'variables', index: 0 },
        { from: 'constants', index: 0 },
        { from: 'inputs', index: 0 },
      ],
      outputs: [],
      after: [],
    },
    {
      name: 'ReadVariableOp',
      attributes: [{ ...float, name: 'dtype' }],
      inputs: [{ from: 'variables', index: 0 }],
      outputs: [matrix],
      after: [0],
    },
    {
      name: 'Add',
      attributes: [float],
      inputs: [
        { from: 'ops', index: 1, output: 0 },
        { from: 'inputs', index: 0 },
      ],
      outputs: [matrix],
      after: [],
    },
  ],
  outputs: [
    { from: 'ops', index: 2, output: 0 },
    { from: 'ops', index: 2, output: 0 },
  ],
};

describe('graphOf', () => {
  const graph = graphOf(recording, TYPES as unknown as Binding);

  it('is given inputs, then variables, and has a node of its own for each result', () => {
    expect(graph.given).toEqual(['inputs_0', 'variables_0']);
    expect(graph.results).toEqual(['outputs_0', 'outputs_1']);
    expect(graph.changes).toEqual(['ops_0']);
  });

  it('has every op, behind those that it must come after', () => {
    expect(graph.nodes.map(({ name, op, input }) => `${name} = ${op}(${input.join(', ')})`)).toEqual([
      'inputs_0 = Placeholder()',
      'variables_0 = Placeholder()',
      'constants_0 = Const()',
      'ops_0 = ResourceApplyGradientDescent(variables_0, constants_0, inputs_0)',
      'ops_1 = ReadVariableOp(variables_0, ^ops_0)',
      'ops_2 = Add(ops_1:0, inputs_0)',
      'outputs_0 = Identity(ops_2:0)',
      'outputs_1 = Identity(ops_2:0)',
    ]);
  });

  it('takes attributes of every kind, and names the op whose attribute it does not know', () => {
    const op = recording.ops.at(-1);
    const withAttribute = (attribute: OpAttribute) =>
      graphOf(
        {
          ...recording,
          ops: recording.ops.map((other) => (other === op ? { ...op, attributes: [attribute] } : other)),
        },
        TYPES as unknown as Binding,
      );
    const attr = (type: number, value: unknown) =>
      withAttribute({ name: 'a', type, value }).nodes.find(({ name }) => name === 'ops_2')?.attr.a;
    expect(attr(TYPES.TF_ATTR_STRING, 'SAME')).toEqual({ s: new TextEncoder().encode('SAME') });
    expect(attr(TYPES.TF_ATTR_INT, 3)).toEqual({ i: 3 });
    expect(attr(TYPES.TF_ATTR_INT, [1, 2])).toEqual({ list: { i: [1, 2] } });
    expect(attr(TYPES.TF_ATTR_FLOAT, 0.2)).toEqual({ f: 0.2 });
    expect(attr(TYPES.TF_ATTR_BOOL, true)).toEqual({ b: true });
    expect(attr(TYPES.TF_ATTR_TYPE, FLOAT)).toEqual({ type: FLOAT });
    expect(attr(TYPES.TF_ATTR_SHAPE, [4])).toEqual({ shape: { dim: [{ size: 4 }] } });
    expect(() => attr(6, {})).toThrow("Add's attribute a has a type");
  });

  const protos = protobuf.loadSync('proto/tensorflow/graph.proto');

  it('reads back', () => {
    const message = protos.lookupType('tensorflow.GraphDef');
    const { node: nodes } = message.toObject(message.decode(encodeGraph(graph.nodes)), { longs: Number });
    expect(nodes.map(({ name }: { name: string }) => name)).toEqual(graph.nodes.map(({ name }) => name));
    expect(nodes.find(({ name }: { name: string }) => name === 'constants_0')?.attr).toEqual({
      dtype: { type: FLOAT },
      value: { tensor: { dtype: FLOAT, tensorShape: {}, tensorContent: Buffer.from([0, 0, 0, 63]) } },
    });
  });

  it('is run without rewrites', () => {
    const message = protos.lookupType('tensorflow.ConfigProto');
    expect(message.toObject(message.decode(runAsWritten()), { enums: String })).toEqual({
      graphOptions: { optimizerOptions: { optLevel: 'L0' }, rewriteOptions: { disableMetaOptimizer: true } },
    });
  });
});
