/** A LayersModel as `tf.loadLayersModel` reads it: the layers as JSON, the weights beside it; and a page that draws with it. */
import type { io } from '@tensorflow/tfjs';
import { selectBackend } from '../../backend/select.ts';
import { invariant, must } from '../../errors/invariant.ts';
import type { ExportedGenerator } from '../generator.ts';
import { drawingPage } from './drawingPage.ts';
import { layersModelOf } from './layersModel.ts';

export async function tfjsFiles(
  generator: ExportedGenerator,
  metadata: Readonly<Record<string, string>>,
): Promise<Map<string, Uint8Array>> {
  const { tf } = await selectBackend({ require: 'cpu', intraOpThreads: 1 });
  // A scope and no tidy, which takes no model for a result: what was given to the layers goes, their variables stay.
  tf.engine().startScope();
  const model = layersModelOf(tf, generator);
  tf.engine().endScope();
  let saved: io.ModelArtifacts | undefined;
  try {
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
  } finally {
    model.dispose();
  }
  const { modelTopology, weightSpecs, weightData } = must(saved, 'the saved model');
  const bytes = tf.io.CompositeArrayBuffer.join(weightData);
  invariant(Array.isArray(weightSpecs), 'weights have specs');
  const json = {
    format: 'layers-model',
    generatedBy: metadata.producer,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
    userDefinedMetadata: metadata,
  };
  return new Map([
    ['model.json', Buffer.from(`${JSON.stringify(json)}\n`)],
    ['weights.bin', new Uint8Array(bytes)],
    ...drawingPage(generator),
  ]);
}
