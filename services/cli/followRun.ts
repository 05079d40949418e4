/** A run's events from its first to its last, over as many streams as it takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GanglionError } from '../errors/ganglionError.ts';
import { isFinal, type RunEvent, type RunState } from '../report/runEvent.ts';
import { isAway, REDIAL_MS, REDIALS_MAX } from './redial.ts';

/** Who tells a run's events: the coordinator, or NATS. */
export interface RunSource {
  /** From this sequence to the run's end. */
  watchRun(runId: string, fromSequence: number): AsyncIterable<RunEvent>;
  getRun(runId: string): Promise<{ readonly state: RunState }>;
}

export interface Follower {
  event(event: RunEvent): void;
  /** The source went away and is dialled again. Told once for each time that it does. */
  away(): void;
}

export interface FollowOptions {
  readonly redialsMax?: number;
  readonly redialMs?: number;
  readonly fromSequence?: number;
}

/**
 * Resolves to the final state that the run ended in. Dials again, and goes on after the last event seen, when a
 * source that answered before goes away; one that never answered is `unreachable` at once.
 */
export async function followRun(
  source: RunSource,
  runId: string,
  follower: Follower,
  { redialsMax = REDIALS_MAX, redialMs = REDIAL_MS, fromSequence = 0 }: FollowOptions = {},
): Promise<RunState> {
  let next = fromSequence;
  let answered = false;
  let failures = 0;
  for (;;) {
    try {
      for await (const event of source.watchRun(runId, next)) {
        answered = true;
        failures = 0;
        next = event.sequence + 1;
        follower.event(event);
      }
      const { state } = await source.getRun(runId);
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
