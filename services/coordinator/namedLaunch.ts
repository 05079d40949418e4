/** A launch that names its run: asked for again, it gives the run that is there, and never a second one. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { diskError } from '../checkpoint/durableFile.ts';
import { checkpointPhases } from '../checkpoint/verify.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';

/** As long as a name in Kubernetes may be; also a folder's name, and a word of a NATS subject. */
const RUN_ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Throws `invalid-argument`. */
export function requireRunId(runId: string): void {
  if (RUN_ID.test(runId)) return;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `run id: found '${runId.slice(0, 80)}'; lower-case letters, digits and inner hyphens are allowed, at most 63.`,
    remedy: 'Choose another --run-id.',
  });
}

/** Throws `already-exists` where a run of this id has another config. */
export function requireSameConfig(runId: string, there: RunConfig, asked: RunConfig): void {
  const fields = Object.keys({ ...there, ...asked }) as (keyof RunConfig)[];
  const other = fields.filter((field) => !isDeepStrictEqual(there[field], asked[field]));
  if (other.length === 0) return;
  throw new GanglionError({
    code: 'already-exists',
    message: `Run '${runId}' is there with another config; what differs: ${other.join(', ')}.`,
    remedy: `Choose another --run-id, or look at it with \`ganglion runs get ${runId}\`.`,
  });
}

/** What a run's folder may hold before its first event. The folder of checkpoints is the first thing that is made in it. */
const BEGINNING = /^(checkpoints|(events|metrics)\.jsonl|config\.yaml|reals\.(png|npy)|tensorboard)$/;

/**
 * No run of the journal has this folder. One that a coordinator made and died before it could say so is taken over: nothing has
 * happened in it. Throws `already-exists` for any other, and writes nothing.
 */
export async function requireUnbegun(runId: string, folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names?.length === 0) return;
  if (names?.includes('checkpoints') && names.every((name) => BEGINNING.test(name))) {
    const hasTrained = (await checkpointPhases(folder)).some((phase) => phase > 0);
    if (!hasTrained && !(await hasEvents(folder, names))) return;
  }
  throw new GanglionError({
    code: 'already-exists',
    message: `${folder} is there already, and is not of a run that this coordinator’s journal knows.`,
    remedy: `Choose another --run-id than '${runId}', or move it away.`,
  });
}

/** Undefined where it is no folder. */
async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') return undefined;
    throw diskError(folder, error);
  }
}

async function hasEvents(folder: string, names: readonly string[]): Promise<boolean> {
  const files = names.filter((name) => name.endsWith('.jsonl')).map((name) => stat(join(folder, name)));
  return (await Promise.all(files)).some((file) => !file.isFile() || file.size > 0);
}
