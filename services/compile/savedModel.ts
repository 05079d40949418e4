/** A graph as TensorFlow's SavedModel, the one form in which the addon takes graphs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { packageRoot } from '../config/packageRoot.ts';
import { invariant } from '../errors/invariant.ts';
import type { NodeDef } from './graph.ts';
import type { Binding } from './seam.ts';

const TAG = 'serve';
/** A GraphDef version of TensorFlow 2: it says which ops are deprecated already, and a reader refuses none for being old. */
const GRAPH_PRODUCER = 1882;

const message = protobuf
  .loadSync(join(packageRoot(), 'proto', 'tensorflow', 'saved_model.proto'))
  .lookupType('tensorflow.SavedModel');

/** The bytes of `saved_model.pb`. */
export function encodeSavedModel(nodes: readonly NodeDef[]): Uint8Array {
  const model = {
    savedModelSchemaVersion: 1,
    metaGraphs: [{ metaInfoDef: { tags: [TAG] }, graphDef: { node: nodes, versions: { producer: GRAPH_PRODUCER } } }],
  };
  const wrong = message.verify(model);
  invariant(wrong === null, `a SavedModel: ${wrong}`);
  return message.encode(message.fromObject(model)).finish();
}

/** Loads the graph into a session of its own and returns the session's id. Throws what TensorFlow has against it. */
export function loadGraph(binding: Binding, nodes: readonly NodeDef[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'ganglion-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    return binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
