/** A run's state after some phase, as its checkpoint has it: read without a backend. */
import type { Manifest } from '../checkpoint/manifest.ts';
import { checkpointPhases, corrupt, noCheckpoint, readOwnCheckpoint } from '../checkpoint/verify.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { openTrainingSet } from '../data/dataset.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { stateLayout } from '../gan/layout.ts';
import { resolveLayers, type Shape, valuesIn } from '../gan/shapes.ts';
import { validateNetworks } from '../gan/validateNetworks.ts';
import { openRunFolder, type RunFolder } from './runFolder.ts';

export interface LoadedState {
  readonly config: RunConfig;
  /** Of one sample: [values] or [height, width, channels]. */
  readonly shape: Shape;
  /** The flat state (see `stateLayout`). */
  readonly state: Float32Array;
  readonly manifest: Manifest;
}

/**
 * @param where a run folder, or a checkpoint's folder in one. @param phase the newest checkpoint where it is left out. Throws
 * `not-found` for what is neither, `corrupt` for a checkpoint that is not whole or another run's.
 */
export async function loadState(where: string, phase: number | undefined): Promise<LoadedState> {
  const run = await openRunFolder(where);
  if (phase !== undefined && run.phase !== undefined && phase !== run.phase) throw twoPhases(where, phase);
  const { config } = run;
  const shape = sampleShape(config);
  validateNetworks(config, valuesIn(shape));
  const { state, manifest } = await readRunCheckpoint(run, phase ?? run.phase, valuesIn(shape));
  return { config, shape, state: valuesOf(state), manifest };
}

function twoPhases(where: string, phase: number): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `${where} is a checkpoint of one phase, and phase ${phase} was asked for.`,
    remedy: 'Leave --phase out, or name the run folder.',
  });
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
