/**
 * The committed weights: `mnist/weights.safetensors`, and `mnist/manifest.json`, which says how they were trained, what they
 * are worth and their SHA-256. `ganglion classifier train` makes both.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, replaceFile } from '../../checkpoint/durableFile.ts';
import { decodeSafetensors, encodeHeader } from '../../checkpoint/safetensors.ts';
import { packageRoot } from '../../config/packageRoot.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { PARAMETERS } from './network.ts';

const manifestSchema = z.strictObject({
  schema: z.literal('ganglion.classifier.v1'),
  data: z.literal('mnist'),
  /** Of the tensors' bytes in the file's order. */
  weightsSha256: z.string(),
  /** Share of the 10,000 test images, 0 … 1. */
  testAccuracy: z.number(),
  /** Where these bits come out again. */
  deviceClass: z.string(),
  command: z.string(),
});
type ClassifierManifest = z.output<typeof manifestSchema>;

const WEIGHTS = 'weights.safetensors';
const MANIFEST = 'manifest.json';

export function committedFolder(): string {
  return join(packageRoot(), 'services', 'evaluate', 'classifier', 'mnist');
}

/** Throws `corrupt` where the weights are not those of the manifest beside them. */
export async function readWeights(
  folder = committedFolder(),
): Promise<{ weights: Float32Array; manifest: ClassifierManifest }> {
  const file = join(folder, WEIGHTS);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  const { data, tensors } = decodeSafetensors(file, await readFile(file));
  const found = sha256OfWeights(data);
  if (found !== manifest.weightsSha256 || JSON.stringify(tensors) !== JSON.stringify(PARAMETERS)) {
    throw new GanglionError({
      code: 'corrupt',
      message: `${file} has weights of SHA-256 ${found}; its manifest says ${manifest.weightsSha256}.`,
      remedy: `Get the file again with Ganglion, or run \`ganglion classifier train --to ${folder}\`.`,
    });
  }
  return { weights: new Float32Array(new Uint8Array(data).buffer), manifest };
}

export async function writeWeights(
  folder: string,
  weights: Float32Array,
  facts: Pick<ClassifierManifest, 'testAccuracy' | 'deviceClass'>,
): Promise<ClassifierManifest> {
  const bytes = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  const manifest: ClassifierManifest = {
    schema: 'ganglion.classifier.v1',
    data: 'mnist',
    weightsSha256: sha256OfWeights(bytes),
    ...facts,
    command: 'ganglion classifier train',
  };
  await makeFolder(folder);
  const header = encodeHeader(PARAMETERS, { format: 'ganglion.classifier', weightsSha256: manifest.weightsSha256 });
  await replaceFile(join(folder, WEIGHTS), Buffer.concat([header, bytes]));
  await replaceFile(join(folder, MANIFEST), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return manifest;
}

/** Of the values, float32 little-endian; hex. */
export function sha256OfWeights(weights: Float32Array | Uint8Array): string {
  const { buffer, byteOffset, byteLength } = weights;
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}
