/** `--wait`, and `runs wait`: until a run is where it was wanted, until a worker is gone. */
import type { Command } from 'commander';
import { GanglionError } from '../errors/ganglionError.ts';
import { isFinal, RUN_STATES, type RunState } from '../report/runEvent.ts';
import type { RunView, WorkerView } from '../report/runView.ts';
import type { RunsClient } from '../wire/client.ts';
import { type Console, note } from './console.ts';
import { pasteable, untilLeft } from './leaving.ts';
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

/** Resolves to the run where it is; undefined after Ctrl-C. Throws `run-failed` where it fails or is cancelled before, `wrong-state` where it is completed. */
export async function waitForRun(
  console: Console,
  command: Command,
  client: RunsClient,
  runId: string,
  goal: Goal,
): Promise<RunView | undefined> {
  const isPhase = typeof goal === 'number';
  const what = `${runId} to be ${isPhase ? `at phase ${goal}` : goal}`;
  const words = goal === 'completed' ? [] : [`--for=${isPhase ? `phase=${goal}` : goal}`];
  const again = `\`${pasteable(command, 'runs', 'wait', runId, ...words)}\` waits for it again.`;
  const isStopping = goal === 'paused' || goal === 'cancelled';
  const comeBack = `${runId} ${isStopping ? 'is left to itself' : 'goes on'}; ${again}`;
  return until(console, command, { what, comeBack }, async () => {
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

/** False after Ctrl-C. Another process may come by its name. */
export async function waitUntilGone(
  console: Console,
  command: Command,
  client: RunsClient,
  worker: WorkerView,
): Promise<boolean> {
  const what = `worker ${worker.workerId} to be gone`;
  const list = pasteable(command, 'workers', 'list', '--watch');
  const comeBack = `${worker.workerId} goes on leaving; \`${list}\` shows when it is gone.`;
  const met = await until(console, command, { what, comeBack }, async () => {
    const here = await client.listWorkers();
    const stays = here.some(({ workerId, pid, connectedAtMs }) => {
      return workerId === worker.workerId && pid === worker.pid && connectedAtMs === worker.connectedAtMs;
    });
    return { met: stays ? undefined : true };
  });
  return met !== undefined;
}

interface Wait {
  readonly what: string;
  /** Said after Ctrl-C. */
  readonly comeBack: string;
}

/** Without end, unless --timeout was given. Undefined after Ctrl-C. */
async function until<Met>(
  console: Console,
  command: Command,
  { what, comeBack }: Wait,
  look: () => Promise<{ readonly met: Met | undefined }>,
): Promise<Met | undefined> {
  const isBounded = command.getOptionValueSourceWithGlobals('timeout') === 'cli';
  const seconds = isBounded ? command.optsWithGlobals<{ timeout: number }>().timeout : Number.POSITIVE_INFINITY;
  const deadlineMs = Date.now() + seconds * 1000;
  return untilLeft(console, comeBack, async (signal) => {
    let isTold = false;
    for await (const seen of looks(console, look, POLL_MS, signal)) {
      if (seen?.met !== undefined) return seen.met;
      if (!isTold) note(console, `waiting for ${what}`);
      isTold = true;
      if (Date.now() >= deadlineMs) throw tooLate(what, seconds);
    }
    throw new Error('looks never end');
  });
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
