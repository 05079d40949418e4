/** Follows a run on the terminal, to its end or to Ctrl-C. */
import type { RunState } from '../report/runEvent.ts';
import type { RunsClient } from '../wire/client.ts';
import { type Console, note } from './console.ts';
import { EXIT, exitCodeOfState } from './exitCode.ts';
import { type Follower, followRun } from './followRun.ts';
import { createProgress } from './progress.ts';
import { listenForSignals } from './signals.ts';

const AWAY = 'The coordinator went away: it is dialled again for up to a minute.';

/** Shows a run's progress; resolves to the final state that it ended in. `signal` takes the progress bar away. */
export async function watchRun(
  console: Console,
  client: RunsClient,
  runId: string,
  signal: AbortSignal,
): Promise<RunState> {
  const progress = createProgress(console);
  signal.addEventListener('abort', () => progress.stop(), { once: true });
  try {
    return await followRun(client, runId, {
      event: (event) => progress.show(event),
      away: () => void (signal.aborted || progress.note(AWAY)),
    });
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
  client: RunsClient,
  runId: string,
  options: { json?: boolean } = {},
): Promise<RunState | undefined> {
  const interruption = listenForSignals();
  try {
    const watching = options.json
      ? followRun(client, runId, jsonLines(console))
      : watchRun(console, client, runId, interruption.signal);
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

function jsonLines(console: Console): Follower {
  return {
    event: (event) => void console.stdout.write(`${JSON.stringify(event)}\n`),
    away: () => note(console, AWAY),
  };
}
