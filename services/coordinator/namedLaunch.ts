/** A launch that names its run: asked for again, it gives the run that is there, and never a second one. */
import { isDeepStrictEqual } from 'node:util';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { RunStore } from './storage.ts';

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

/**
 * A folder of this name was there, and no run of the journal has it. One that a coordinator made and died before it could say so
 * is taken over: nothing has happened in it. Throws `already-exists` for any other.
 */
export async function requireUnbegun({ runId, folder, checkpoints, history }: RunStore): Promise<void> {
  const trained = (await checkpoints.phases()).some((phase) => phase > 0);
  if (!trained && !(await hasEvents(history))) return;
  await history.close();
  throw new GanglionError({
    code: 'already-exists',
    message: `${folder} is the folder of a run that this coordinator’s journal does not know.`,
    remedy: `Choose another --run-id than '${runId}', or move the folder away.`,
  });
}

async function hasEvents(history: RunStore['history']): Promise<boolean> {
  for await (const _event of history.read(0)) return true;
  return false;
}
