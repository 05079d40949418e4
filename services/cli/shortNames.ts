/** Names may be shortened for as long as one thing alone is meant. A name in full always means itself. */
import { nearestName } from '../config/nearest.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { RunView, WorkerView } from '../report/runView.ts';
import type { RunsClient } from '../wire/client.ts';

/** The name itself, or all that begin with what was written. */
export function fitting(written: string, names: readonly string[]): readonly string[] {
  return names.includes(written) ? [written] : names.filter((name) => name.startsWith(written));
}

export function ambiguous(written: string, names: readonly string[]): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `'${written}' may be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`,
    remedy: 'Write more of the name.',
  });
}

/** Throws `not-found` with the nearest name, `invalid-argument` where several fit. */
export async function namedRun(client: RunsClient, written: string): Promise<RunView> {
  // Of a name in full nothing but its run is asked: a coordinator may have thousands.
  const exact = await client.getRun(written).catch(orNotFound);
  return exact ?? theOne('run', written, await client.listRuns(), ({ runId }) => runId);
}

/** As `namedRun`. */
export async function namedWorker(client: RunsClient, written: string): Promise<WorkerView> {
  return theOne('worker', written, await client.listWorkers(), ({ workerId }) => workerId);
}

function theOne<Thing>(
  what: string,
  written: string,
  things: readonly Thing[],
  nameOf: (thing: Thing) => string,
): Thing {
  const names = things.map(nameOf);
  const fits = fitting(written, names);
  if (fits.length > 1) throw ambiguous(written, fits);
  const one = things.find((thing) => nameOf(thing) === fits[0]);
  if (one !== undefined) return one;
  const nearest = nearestName(written, names);
  throw new GanglionError({
    code: 'not-found',
    message: `There is no ${what} '${written.slice(0, 80)}'.`,
    remedy: nearest ? `Did you mean '${nearest}'?` : `See \`ganglion ${what}s list\`.`,
  });
}

function orNotFound(error: unknown): undefined {
  if (error instanceof GanglionError && error.code === 'not-found') return undefined;
  throw error;
}
