/** A trained G as an ONNX model: the messages of proto/onnx/onnx.proto. */
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { packageRoot, packageVersion } from '../../config/packageRoot.ts';
import { invariant } from '../../errors/invariant.ts';
import type { ExportedGenerator } from '../generator.ts';
import { OnnxGraph, TENSOR_FLOAT, TENSOR_INT64 } from './onnxGraph.ts';
import { addLayer, reshape } from './onnxLayer.ts';

/** Of 2021: read by every ONNX Runtime since 1.11. */
const [IR_VERSION, OPSET] = [8, 17];

const message = protobuf.loadSync(join(packageRoot(), 'proto', 'onnx', 'onnx.proto')).lookupType('onnx.ModelProto');

/** Inputs: `latent` [n, size], and `label` [n] where G is told a class. Output: `sample` [n, …shape]. */
export function encodeOnnx(generator: ExportedGenerator, metadata: Readonly<Record<string, string>>): Uint8Array {
  const { config, layers, shape, classes } = generator;
  const graph = new OnnxGraph();
  let x = 'latent';
  for (const layer of layers) x = addLayer(graph, generator, layer, x);
  if (layers.at(-1)?.outputShape.join() !== shape.join()) x = reshape(graph, x, shape);
  graph.nodes.push({ name: 'sample', opType: 'Identity', input: [x], output: ['sample'], attribute: [] });
  const model = {
    ...{ irVersion: IR_VERSION, producerName: 'ganglion', producerVersion: packageVersion() },
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      ...{ name: 'generator', node: graph.nodes, initializer: graph.initializers },
      input: [
        valueInfo('latent', TENSOR_FLOAT, [config.latent.size]),
        ...(classes === 0 ? [] : [valueInfo('label', TENSOR_INT64, [])]),
      ],
      output: [valueInfo('sample', TENSOR_FLOAT, shape)],
    },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
  const wrong = message.verify(model);
  invariant(wrong === null, `an ONNX model: ${wrong}`);
  return message.encode(message.fromObject(model)).finish();
}

/** [n, …shape] */
function valueInfo(name: string, elemType: number, shape: readonly number[]) {
  const dim = [{ dimParam: 'n' }, ...shape.map((size) => ({ dimValue: size }))];
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
