/** The checkpoints of a run, as its config says what is in them. */
import { configSha256 } from '../config/configHash.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { gradientLayout, NETWORKS, stateLayout } from '../gan/layout.ts';
import { CheckpointStore } from './store.ts';

/** @param sampleSize values in one sample. Makes the folder where it is not there yet. Throws `disk`. */
export function openRunCheckpoints(
  runFolder: string,
  { runId, config, sampleSize }: { readonly runId: string; readonly config: RunConfig; readonly sampleSize: number },
): Promise<CheckpointStore> {
  return CheckpointStore.open(runFolder, {
    runId,
    tensors: stateLayout(config, sampleSize),
    weightValues: gradientLayout(config, sampleSize, NETWORKS).statisticsOffset,
    keep: config.checkpoints.keep,
    configSha256: configSha256(config),
  });
}
