/** What a coordinator answers, asked again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Console, note } from './console.ts';
import { AWAY, isAway, REDIAL_MS, REDIALS_MAX } from './redial.ts';

/** Ends never by itself. One that answered before and goes away is dialled again, as `runs watch` does; undefined meanwhile. `signal`: nobody looks any more. */
export async function* looks<Seen>(
  console: Console,
  look: () => Promise<Seen>,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<Seen | undefined, never> {
  let answered = false;
  let failures = 0;
  for (;;) {
    const seen = await look().catch((error: unknown) => {
      if (signal.aborted || !answered || !isAway(error) || failures >= REDIALS_MAX) throw error;
      failures += 1;
      if (failures === 1) note(console, `The coordinator ${AWAY}`);
      return undefined;
    });
    if (seen !== undefined) {
      answered = true;
      failures = 0;
    }
    yield seen;
    await sleep(failures > 0 ? REDIAL_MS : everyMs);
  }
}
