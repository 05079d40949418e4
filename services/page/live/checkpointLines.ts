/** The checkpoints of a run folder, as their manifests describe them. */
import { folderName, MANIFEST_FILE, type Manifest, STATE_FILE } from '../../checkpoint/manifest.ts';
import { checkpointPhases, readManifest } from '../../checkpoint/verify.ts';
import type { CheckpointLine } from './frame.ts';

const CHECKPOINTS_MAX = 50;

/** Newest first. One that is removed meanwhile, or is broken, is left out: `ganglion checkpoints verify` says why. */
export async function checkpointLines(folder: string): Promise<CheckpointLine[]> {
  const phases = (await checkpointPhases(folder)).slice(-CHECKPOINTS_MAX).reverse();
  const manifests = await Promise.all(phases.map((phase) => readManifest(folder, phase).catch(() => undefined)));
  return manifests.flatMap((manifest) => (manifest ? [lineOf(manifest)] : []));
}

function lineOf({ phase, savedAtMs, fileBytes, weightsSha256 }: Manifest): CheckpointLine {
  const folder = `checkpoints/${folderName(phase)}`;
  return {
    phase,
    savedAtMs,
    fileBytes,
    weightsSha256,
    manifest: `${folder}/${MANIFEST_FILE}`,
    state: `${folder}/${STATE_FILE}`,
  };
}
