/** A copy of a run's config and one checkpoint in a temporary folder, as `ganglion evaluate` reads a run. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunCheckpoints } from '../checkpoint/runCheckpoints.ts';
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { EvaluationOrder } from '../control/messages.ts';

/** Names the process that it is of: one that was killed leaves it behind. */
const PREFIX = 'ganglion-borrowed-';

export interface BorrowedRun {
  readonly folder: string;
  readonly config: RunConfig;
  /** Removes it. */
  giveBack(): Promise<void>;
}

/** Throws `disk`. */
export async function borrowRun(
  { runId, phase, totalPhases, sampleSize, configJson }: EvaluationOrder,
  state: Uint8Array,
): Promise<BorrowedRun> {
  const config = JSON.parse(configJson) as RunConfig;
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const giveBack = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(join(folder, 'config.yaml'), toYaml(config));
    const checkpoints = await openRunCheckpoints(folder, { runId, config, sampleSize });
    await checkpoints.save(phase, totalPhases, state);
    return { folder, config, giveBack };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** Removes what killed workers left: the folders of processes that are no more, and of this one, which has none yet. */
export async function removeLeftBorrowed(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined);
    if (!Number.isInteger(pid) || (pid !== process.pid && isAlive(pid))) continue;
    // One of another user's is theirs to remove, and no reason not to work.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
