/** A copy of a run's config and one checkpoint in a temporary folder, as `ganglion evaluate` reads a run. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunCheckpoints } from '../checkpoint/runCheckpoints.ts';
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { EvaluationOrder } from '../control/messages.ts';

/** Names the process that it is of: one that was killed leaves it behind. */
const PREFIX = 'ganglion-borrowed-';

/** Calls `use` with the folder, and removes it. Throws `disk`. */
export async function withBorrowedRun<Value>(
  { runId, phase, totalPhases, sampleSize, configJson }: EvaluationOrder,
  state: Uint8Array,
  use: (runFolder: string, config: RunConfig) => Promise<Value>,
): Promise<Value> {
  const config = JSON.parse(configJson) as RunConfig;
  await mkdir(tmpdir(), { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  try {
    await writeFile(join(folder, 'config.yaml'), toYaml(config));
    const checkpoints = await openRunCheckpoints(folder, { runId, config, sampleSize });
    await checkpoints.save(phase, totalPhases, state);
    return await use(folder, config);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what killed workers left: the folders of processes that are no more, and of this one, which has none yet. */
export async function removeLeftBorrowed(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined);
    if (!Number.isInteger(pid) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true });
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
