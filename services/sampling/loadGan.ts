/** A trained G and D out of a checkpoint. */
import { type BackendKind, selectBackend } from '../backend/select.ts';
import { createGan, type Gan } from './gan.ts';
import { loadState } from './loadState.ts';

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
  const { config, shape, state, manifest } = await loadState(where, phase);
  const selected = await selectBackend({ require: backend, intraOpThreads: config.backend.intraOpThreads });
  const { runId, totalPhases, weightsSha256 } = manifest;
  const gan = createGan({ runId, config, shape, state, backend: selected, live });
  return { ...gan, runId, phase: manifest.phase, totalPhases, weightsSha256 };
}
