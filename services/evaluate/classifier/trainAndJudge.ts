/** The whole of `ganglion classifier train`. */
import { z } from 'zod';
import { prepareBackendEnvironment, selectBackend } from '../../backend/select.ts';
import { accuracyOf } from './accuracy.ts';
import { createClassifier } from './classifier.ts';
import { labelledMnist } from './labelledImages.ts';
import { trainClassifier } from './training.ts';
import { readWeights, sha256OfWeights, writeWeights } from './weightsFile.ts';

export const trainedClassifierSchema = z
  .strictObject({
    testAccuracy: z.number(),
    weightsSha256: z.string(),
    deviceClass: z.string(),
    shipped: z
      .strictObject({ same: z.boolean(), weightsSha256: z.string(), deviceClass: z.string() })
      .readonly()
      .describe('The weights that Ganglion ships. Other device classes round otherwise, and get other bits.'),
  })
  .readonly();
export type TrainedClassifier = z.output<typeof trainedClassifierSchema>;

/** On libtensorflow, one thread: about two minutes. @param to a folder that keeps the weights. */
export async function trainAndJudge(options: {
  readonly to: string | undefined;
  readonly log: (line: string) => void;
}): Promise<TrainedClassifier> {
  prepareBackendEnvironment(1);
  const backend = await selectBackend({ require: 'tensorflow', intraOpThreads: 1 });
  const weights = trainClassifier(backend, labelledMnist('train'), { log: options.log });
  const classifier = createClassifier(backend.tf, weights, sha256OfWeights(weights));
  const testAccuracy = accuracyOf(classifier, labelledMnist('test'));
  const { deviceClass } = backend;
  if (options.to !== undefined) await writeWeights(options.to, weights, { testAccuracy, deviceClass });
  const { manifest } = await readWeights();
  const { weightsSha256 } = classifier;
  classifier.dispose();
  const same = manifest.weightsSha256 === weightsSha256;
  return {
    ...{ testAccuracy, weightsSha256, deviceClass },
    shipped: { same, weightsSha256: manifest.weightsSha256, deviceClass: manifest.deviceClass },
  };
}
