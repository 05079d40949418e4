/** Faults at a rate, for a time, on the workers of a run: chosen by a seed, injected through the coordinator. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { nearestName } from '../config/nearest.ts';
import { FAULT_KINDS } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { isFinal } from '../report/runEvent.ts';
import type { RunsClient } from '../wire/client.ts';
import { type Console, note } from './console.ts';
import { type Format, isForPeople, renderNext } from './output.ts';

const MENU = [...FAULT_KINDS, 'coordinator'] as const;
type MenuItem = (typeof MENU)[number];

export interface ChaosPlan {
  readonly menu: readonly MenuItem[];
  readonly intervalMs: number;
  readonly forMs: number;
  /** How long a fault with a length lasts. */
  readonly lastingMs: number;
  readonly seed: number;
}

/** Throws `invalid-argument` for a fault that there is not. */
export function menuOf(text: string): MenuItem[] {
  return text.split(',').map((word) => {
    const item = MENU.find((one) => one === word.trim());
    if (item) return item;
    const hint = nearestName(word, MENU);
    throw new GanglionError({
      code: 'invalid-argument',
      message: `--menu: found '${word}'; allowed: ${MENU.join(', ')}.`,
      remedy: hint ? `Did you mean '${hint}'?` : 'Name some of them, with commas between.',
    });
  });
}

/** One fault, as it was asked for. */
export const faultSchema = z.strictObject({
  timeMs: z.int().min(0).describe('Milliseconds since 1970.'),
  runId: z.string(),
  phase: z.int().min(0),
  kind: z.enum(MENU),
  victim: z.string().describe('A worker, or `coordinator`.'),
});
type AskedFault = Readonly<z.output<typeof faultSchema>>;

/** One line, or document, a fault on stdout. Ends with the time, or with the run. A coordinator that is away is waited for. */
export async function chaos(
  console: Console,
  format: Format,
  client: RunsClient,
  runId: string,
  plan: ChaosPlan,
): Promise<void> {
  const dice = diceOf(plan.seed);
  const deadlineMs = Date.now() + plan.forMs;
  let count = 0;
  let next = Date.now();
  while (Date.now() < deadlineMs) {
    next += plan.intervalMs;
    const run = await client.getRun(runId).catch(orAway);
    if (run && isFinal(run.state) && run.state !== 'failed') break;
    // A gradient that is not finite stops a run; its weights are those before it.
    if (run?.state === 'failed') await client.resumeRun(runId).catch(orAway);
    const kind = must(plan.menu[dice(plan.menu.length)], 'fault');
    const ids = run?.workerIds ?? [];
    const victim = kind === 'coordinator' ? '' : ids[dice(Math.max(ids.length, 1))];
    if (run && victim !== undefined) {
      const injected = client.inject(victim, kind === 'coordinator' ? 'kill' : kind, plan.lastingMs);
      // A coordinator that is killed cannot answer.
      await injected.catch(orAway);
      count += 1;
      const { phase } = run;
      const fault: AskedFault = {
        timeMs: Date.now(),
        runId,
        phase,
        kind,
        victim: victim === '' ? 'coordinator' : victim,
      };
      console.stdout.write(faultText(format, fault));
    }
    await sleep(Math.max(0, next - Date.now()));
  }
  note(console, `${count} faults.`);
}

function faultText(format: Format, fault: AskedFault): string {
  const { timeMs, phase, kind, victim } = fault;
  if (format === 'name') return `${victim}\n`;
  if (!isForPeople(format)) return renderNext(format, fault);
  const who = victim === 'coordinator' ? 'the coordinator' : victim;
  return `${new Date(timeMs).toISOString()} phase ${phase}: ${kind} ${who}\n`;
}

/** Away is what a coordinator is that was killed; whatever else goes wrong is told. */
function orAway(error: unknown): undefined {
  if (!(error instanceof GanglionError)) throw error;
  if (error.code === 'unreachable' || error.code === 'aborted' || error.code === 'not-found') return undefined;
  throw error;
}

/** Numbers below `sides` from a seed (Marsaglia's xorshift32): which fault comes next is no matter of weights. */
function diceOf(seed: number): (sides: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state % sides;
  };
}
