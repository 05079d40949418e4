/** `--wait`, and `runs wait`: until a run is where it was wanted, until a worker is gone. */
import type { Command } from 'commander';
import { GanglionError } from '../errors/ganglionError.ts';
import { isFinal, RUN_STATES, type RunState } from '../report/runEvent.ts';
import type { RunView, WorkerView } from '../report/runView.ts';
import type { RunsClient } from '../wire/client.ts';
import { type Console, note } from './console.ts';
import { looks } from './looks.ts';

const POLL_MS = 250;

/** A state, or a number of committed phases. */
export type Goal = RunState | number;

/** Throws `invalid-argument`. */
export function parseGoal(text: string): Goal {
  const phase = /^phase=(\d{1,15})$/.exec(text)?.[1];
  if (phase !== undefined) return Number(phase);
  const state = RUN_STATES.find((one) => one === text);
  if (state !== undefined) return state;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--for: found '${text}'; allowed: ${RUN_STATES.join(', ')}, phase=N.`,
    remedy: 'Write --for=phase=500, say.',
  });
}

/** Resolves to the run where it is. Throws `run-failed` where it fails or is cancelled before, `wrong-state` where it is completed. */
export async function waitForRun(
  console: Console,
  command: Command,
  client: RunsClient,
  runId: string,
  goal: Goal,
): Promise<RunView> {
  const what = `${runId} to be ${typeof goal === 'number' ? `at phase ${goal}` : goal}`;
  return until(console, command, what, async () => {
    const run = await client.getRun(runId);
    if (isReached(run, goal)) return { met: run };
    if (isFinal(run.state)) throw endedElsewhere(run, what);
    return { met: undefined };
  });
}

/** A run may have ended before it was seen to be running. */
export function isReached({ state, phase }: Pick<RunView, 'state' | 'phase'>, goal: Goal): boolean {
  if (typeof goal === 'number') return phase >= goal;
  return state === goal || (goal === 'running' && state === 'completed');
}

/** Another process may come by its name. */
export async function waitUntilGone(console: Console, command: Command, client: RunsClient, worker: WorkerView) {
  await until(console, command, `worker ${worker.workerId} to be gone`, async () => {
    const here = await client.listWorkers();
    const stays = here.some(({ workerId, pid, connectedAtMs }) => {
      return workerId === worker.workerId && pid === worker.pid && connectedAtMs === worker.connectedAtMs;
    });
    return { met: stays ? undefined : true };
  });
}

/** Without end, unless --timeout was given. */
async function until<Met>(
  console: Console,
  command: Command,
  what: string,
  look: () => Promise<{ readonly met: Met | undefined }>,
): Promise<Met> {
  const isBounded = command.getOptionValueSourceWithGlobals('timeout') === 'cli';
  const seconds = isBounded ? command.optsWithGlobals<{ timeout: number }>().timeout : Number.POSITIVE_INFINITY;
  const deadlineMs = Date.now() + seconds * 1000;
  let isTold = false;
  for await (const seen of looks(console, look, POLL_MS)) {
    if (seen?.met !== undefined) return seen.met;
    if (!isTold) note(console, `waiting for ${what}`);
    isTold = true;
    if (Date.now() >= deadlineMs) throw tooLate(what, seconds);
  }
  throw new Error('looks never end');
}

function endedElsewhere({ runId, state, why }: RunView, what: string): GanglionError {
  return new GanglionError({
    code: state === 'completed' ? 'wrong-state' : 'run-failed',
    message: `Waited for ${what}; it is ${state}: ${why}`,
    remedy: `See \`ganglion runs get ${runId}\`.`,
  });
}

function tooLate(what: string, seconds: number): GanglionError {
  return new GanglionError({
    code: 'aborted',
    message: `Waited ${seconds} s for ${what}, in vain.`,
    remedy: 'Wait longer with --timeout SECONDS, or without end where it is left out.',
  });
}
