/** Follows a run on the terminal, to its end or to Ctrl-C. */
import type { RunState } from '../report/runEvent.ts';
import { type Console, note } from './console.ts';
import { EXIT, exitCodeOfState } from './exitCode.ts';
import { type Follower, followRun, type RunSource } from './followRun.ts';
import { createProgress } from './progress.ts';
import { AWAY } from './redial.ts';
import { listenForSignals } from './signals.ts';

const away = (name: string) => `${name} ${AWAY}`;

interface WatchOptions {
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
 * `json` prints every event as a line on stdout instead of showing progress.
 */
export async function watchToEnd(
  console: Console,
  source: RunSource,
  runId: string,
  { json, ...options }: { json?: boolean } & WatchOptions = {},
): Promise<RunState | undefined> {
  const interruption = listenForSignals();
  try {
    const watching = json
      ? followRun(source, runId, jsonLines(console, options.name), options)
      : watchRun(console, source, runId, interruption.signal, options);
    const state = await Promise.race([watching, interruption.asked.then(() => undefined)]);
    if (state === undefined) {
      note(console, `\n${runId} goes on; \`ganglion runs watch ${runId}\` follows it again.`);
      console.exitCode = EXIT.interrupted;
    } else {
      console.exitCode = exitCodeOfState(state);
    }
    return state;
  } finally {
    interruption.release();
  }
}

function jsonLines(console: Console, name = 'The coordinator'): Follower {
  return {
    event: (event) => void console.stdout.write(`${JSON.stringify(event)}\n`),
    away: () => note(console, away(name)),
  };
}
