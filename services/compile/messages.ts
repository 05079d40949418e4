/** What TensorFlow takes as bytes: graphs, and the options of a run. */
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { packageRoot } from '../config/packageRoot.ts';
import { invariant } from '../errors/invariant.ts';
import type { NodeDef } from './graph.ts';

/** A GraphDef version of TensorFlow 2: it says which ops are deprecated already, and a reader refuses none for being old. */
const GRAPH_PRODUCER = 1882;

const protos = protobuf.loadSync(join(packageRoot(), 'proto', 'tensorflow', 'graph.proto'));

export function encodeGraph(nodes: readonly NodeDef[]): Uint8Array {
  return encode('GraphDef', { node: nodes, versions: { producer: GRAPH_PRODUCER } });
}

/**
 * Runs a graph as it is written. Some of the rewrites that are on by default change bits: a sigmoid that is fused into its
 * product is another approximation (half of the values differ in the last bit), and a division by a constant becomes a
 * product.
 */
export function runAsWritten(): Uint8Array {
  return encode('ConfigProto', {
    graphOptions: { optimizerOptions: { optLevel: 'L0' }, rewriteOptions: { disableMetaOptimizer: true } },
  });
}

function encode(name: 'GraphDef' | 'ConfigProto', value: Record<string, unknown>): Uint8Array {
  const message = protos.lookupType(`tensorflow.${name}`);
  const object = message.fromObject(value);
  const wrong = message.verify(object);
  invariant(wrong === null, `a ${name}: ${wrong}`);
  return message.encode(object).finish();
}
