/** A trained G and D out of a checkpoint. */
import { type BackendKind, selectBackend } from '../backend/select.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import { checkpointPhases, corrupt, noCheckpoint, readOwnCheckpoint } from '../checkpoint/verify.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { openTrainingSet } from '../data/dataset.ts';
import { stateLayout } from '../gan/layout.ts';
import { resolveLayers, type Shape, valuesIn } from '../gan/shapes.ts';
import { validateNetworks } from '../gan/validateNetworks.ts';
import { createGan, type Gan } from './gan.ts';
import { openRunFolder, type RunFolder } from './runFolder.ts';

export interface LoadedGan extends Gan {
  readonly runId: string;
  /** Phases applied to the weights. */
  readonly phase: number;
  readonly totalPhases: number;
  /** Of G's and D's weights. */
  readonly weightsSha256: string;
}

export interface LoadOptions {
  readonly backend: BackendKind | 'any';
  /** G's trained weights, where the run has their moving average too. */
  readonly live?: boolean;
  /** The newest checkpoint where it is left out. */
  readonly phase?: number | undefined;
}

/**
 * @param where a run folder, or a checkpoint's folder in one. G's moving average where the run has one, unless `live`.
 * Throws `not-found` for what is neither, `corrupt` for a checkpoint that is not whole or another run's.
 */
export async function loadGan(where: string, { backend, live = false, phase }: LoadOptions): Promise<LoadedGan> {
  const run = await openRunFolder(where);
  const { config } = run;
  const shape = sampleShape(config);
  validateNetworks(config, valuesIn(shape));
  const { state, manifest } = await readRunCheckpoint(run, phase ?? run.phase, valuesIn(shape));
  const selected = await selectBackend({ require: backend, intraOpThreads: config.backend.intraOpThreads });
  const { runId, totalPhases, weightsSha256 } = manifest;
  const gan = createGan({ runId, config, shape, state: valuesOf(state), backend: selected, live });
  return { ...gan, runId, phase: manifest.phase, totalPhases, weightsSha256 };
}

/** An image where G's last layer gives one; else as the data set says. */
function sampleShape(config: RunConfig): Shape {
  const given = resolveLayers(config, 'generator', 1).at(-1)?.outputShape;
  if (given?.length === 3) return given;
  return openTrainingSet(config).shape;
}

async function readRunCheckpoint(
  { folder, config, configSha256 }: RunFolder,
  phase: number | undefined,
  sampleSize: number,
): Promise<{ state: Uint8Array; manifest: Manifest }> {
  const phases = await checkpointPhases(folder);
  const chosen = phase ?? phases.at(-1);
  if (chosen === undefined || !phases.includes(chosen)) {
    const remedy = 'Name a phase that `ganglion checkpoints list` shows; checkpoints.keep says how many a run keeps.';
    throw noCheckpoint(folder, phases, chosen, remedy);
  }
  const read = await readOwnCheckpoint(folder, chosen, stateLayout(config, sampleSize));
  if (read.manifest.configSha256 === configSha256) return read;
  throw corrupt(`${folder}: the checkpoint of phase ${chosen} is of another config than config.yaml beside it`);
}

/** The state's values; copied, since a file's header leaves them where no float32 may begin. */
function valuesOf(state: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(state).buffer);
}
