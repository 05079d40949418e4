/** A trained G as files that other tools read, with a card that says what it is and how to load it. */
import { packageVersion } from '../config/packageRoot.ts';
import { type ExportedGenerator, loadGenerator } from './generator.ts';
import { type ExportFormat, modelCard } from './modelCard.ts';
import { encodeGenerator } from './safetensorsFile.ts';

export type ExportedFiles = ReadonlyMap<string, Uint8Array>;

export interface ExportRequest {
  readonly format: ExportFormat;
  /** G's trained weights, where the run has their moving average too. */
  readonly live: boolean;
  /** Default: the newest checkpoint. */
  readonly phase: number | undefined;
}

/** By file name. @param where a run folder, or a checkpoint's folder in one. Throws `refused` for a layer that the format lacks. */
export async function exportFiles(where: string, { format, live, phase }: ExportRequest): Promise<ExportedFiles> {
  const generator = await loadGenerator(where, { live, phase });
  const metadata = metadataOf(generator);
  const files = await filesOf(format, generator, metadata);
  return new Map([...files, ['README.md', Buffer.from(modelCard(format, generator, metadata, files))]]);
}

async function filesOf(
  format: ExportFormat,
  generator: ExportedGenerator,
  metadata: Readonly<Record<string, string>>,
): Promise<ExportedFiles> {
  switch (format) {
    case 'safetensors':
      return new Map([['generator.safetensors', encodeGenerator(generator, metadata)]]);
    case 'onnx': {
      const { encodeOnnx } = await import('./onnx/onnxModel.ts');
      return new Map([['generator.onnx', encodeOnnx(generator, metadata)]]);
    }
    case 'tfjs': {
      const { tfjsFiles } = await import('./tfjs/tfjsFiles.ts');
      return tfjsFiles(generator, metadata);
    }
  }
}

/** In each format's own place for it. */
function metadataOf({ config, manifest, weights }: ExportedGenerator): Record<string, string> {
  return {
    producer: `ganglion ${packageVersion()}`,
    runId: manifest.runId,
    phase: String(manifest.phase),
    weightsSha256: manifest.weightsSha256,
    configSha256: manifest.configSha256,
    generatorWeights: weights,
    config: JSON.stringify(config),
  };
}
