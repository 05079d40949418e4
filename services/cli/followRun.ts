/** A run's events from its first to its last, over as many streams as it takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GanglionError } from '../errors/ganglionError.ts';
import { isFinal, type RunEvent, type RunState } from '../report/runEvent.ts';
import type { RunsClient } from '../wire/client.ts';

export interface Follower {
  event(event: RunEvent): void;
  /** The coordinator went away and is dialled again. Told once for each time that it does. */
  away(): void;
}

export interface FollowOptions {
  readonly redialsMax?: number;
  readonly redialMs?: number;
}

/** A coordinator that restarts is back within seconds; one that is gone is reported after 60 dials, a second apart. */
const REDIALS_MAX = 60;
const REDIAL_MS = 1_000;

/**
 * Resolves to the final state that the run ended in. Dials again, and goes on after the last event seen, when a
 * coordinator that answered before goes away; one that never answered is `unreachable` at once.
 */
export async function followRun(
  client: Pick<RunsClient, 'watchRun' | 'getRun'>,
  runId: string,
  follower: Follower,
  { redialsMax = REDIALS_MAX, redialMs = REDIAL_MS }: FollowOptions = {},
): Promise<RunState> {
  let next = 0;
  let answered = false;
  let failures = 0;
  for (;;) {
    try {
      for await (const event of client.watchRun(runId, next)) {
        answered = true;
        failures = 0;
        next = event.sequence + 1;
        follower.event(event);
      }
      const { state } = await client.getRun(runId);
      if (isFinal(state)) return state;
      // A coordinator that is told to stop ends its streams in good order: the run goes on when it is back.
      throw new GanglionError({
        code: 'unreachable',
        message: `The coordinator ended the stream of ${runId}, which is ${state}.`,
        remedy: `Follow it again with \`ganglion runs watch ${runId}\`.`,
      });
    } catch (error) {
      if (!answered || !isAway(error) || failures >= redialsMax) throw error;
      failures += 1;
      if (failures === 1) follower.away();
      await sleep(redialMs);
    }
  }
}

/** A coordinator that stops aborts its open calls; after that nobody answers. */
function isAway(error: unknown): boolean {
  return error instanceof GanglionError && (error.code === 'unreachable' || error.code === 'aborted');
}
