/** Follows a run on the terminal, to its end or to Ctrl-C. */
import type { RunState } from '../report/runEvent.ts';
import { type Console, note } from './console.ts';
import { exitCodeOfState } from './exitCode.ts';
import { type Follower, followRun, type RunSource } from './followRun.ts';
import { untilLeft } from './leaving.ts';
import { type Format, isForPeople, renderNext } from './output.ts';
import { createProgress } from './progress.ts';
import { AWAY } from './redial.ts';

const away = (name: string) => `${name} ${AWAY}`;

export interface WatchOptions {
  readonly fromSequence?: number;
  /** What the source is called. */
  readonly name?: string;
}

/** Shows a run's progress; resolves to the final state that it ended in. `signal` takes the progress bar away. */
export async function watchRun(
  console: Console,
  source: RunSource,
  runId: string,
  signal: AbortSignal,
  { name = 'The coordinator', ...from }: WatchOptions = {},
): Promise<RunState> {
  const progress = createProgress(console);
  signal.addEventListener('abort', () => progress.stop(), { once: true });
  try {
    const follower: Follower = {
      event: (event) => progress.show(event),
      away: () => void (signal.aborted || progress.note(away(name))),
    };
    return await followRun(source, runId, follower, from);
  } finally {
    progress.stop();
  }
}

/**
 * Watches with the exit code of the run; Ctrl-C ends the watching, never the run. Undefined where it was interrupted.
 * `as` json, jsonl or yaml prints every event on stdout instead of showing progress; `again` is the command that follows it again.
 */
export async function watchToEnd(
  console: Console,
  source: RunSource,
  runId: string,
  { as, again, ...options }: { readonly as: Format; readonly again: string } & WatchOptions,
): Promise<RunState | undefined> {
  const state = await untilLeft(console, `${runId} goes on; \`${again}\` follows it again.`, (signal) =>
    isForPeople(as) || as === 'name'
      ? watchRun(console, source, runId, signal, options)
      : followRun(source, runId, documents(console, as, options.name), options),
  );
  if (state !== undefined) console.exitCode = exitCodeOfState(state);
  return state;
}

function documents(console: Console, as: Parameters<typeof renderNext>[0], name = 'The coordinator'): Follower {
  return {
    event: (event) => void console.stdout.write(renderNext(as, event)),
    away: () => note(console, away(name)),
  };
}
