/** G's tensors as one safetensors file, under their names in checkpoints. */
import { encodeHeader } from '../checkpoint/safetensors.ts';
import { parameterShapes, runningShapes } from '../gan/layerTensors.ts';
import { bytesOf } from '../picture/npy.ts';
import type { ExportedGenerator, LayerTensor } from './generator.ts';

export function encodeGenerator(generator: ExportedGenerator, metadata: Readonly<Record<string, string>>): Uint8Array {
  const tensors = generator.layers.flatMap((layer) =>
    [...parameterShapes('generator', layer), ...runningShapes('generator', layer)].map(({ name }) => {
      const what = name.slice(name.lastIndexOf('.') + 1) as LayerTensor;
      return { name, ...generator.tensor(layer, what) };
    }),
  );
  const header = encodeHeader(tensors, { format: 'ganglion.generator', ...metadata });
  return Buffer.concat([header, ...tensors.map(({ values }) => bytesOf(values))]);
}
