/** A Node program that computes with what training leaves over: the lowest priority of the machine, and no GPU. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { guard } from './guard.ts';

export interface QuietLimits {
  /** It is killed after so long. */
  readonly msMax: number;
  /** What it says on stdout beyond this is cut off. */
  readonly resultCharsMax: number;
}

export interface QuietEnd {
  readonly exitCode: number | null;
  readonly signalCode: NodeJS.Signals | null;
  /** What it said on stdout. */
  readonly result: string;
  /** Its last words on stderr, for the sentence that tells why there is no result. */
  readonly words: string;
}

const WORDS_CHARS_MAX = 1024;

/** Resolves when it has ended, which it does at once where the signal comes. Throws where it does not start. */
export async function runQuietly(
  args: readonly string[],
  { msMax, resultCharsMax }: QuietLimits,
  signal: AbortSignal,
): Promise<QuietEnd> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1' },
  });
  const callOff = guard(child);
  const kill = () => void child.kill('SIGKILL');
  const late = setTimeout(kill, msMax);
  signal.addEventListener('abort', kill);
  let [result, words] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    result = (result + text).slice(0, resultCharsMax);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-WORDS_CHARS_MAX);
  });
  try {
    if (signal.aborted) kill();
    lowerPriority(child);
    await once(child, 'close');
    return { exitCode: child.exitCode, signalCode: child.signalCode, result, words };
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', kill);
    callOff();
  }
}

/** In one sentence, where it did not end with 0. */
export function describeEnd({ exitCode, signalCode, words }: QuietEnd): string {
  const end = signalCode === null ? `exit code ${exitCode}` : signalCode;
  const said = words.trim().replaceAll(/\s*\n\s*/g, ' ');
  return `its process ended with ${end}${said ? `: ${said}` : '.'}`;
}

/** Before it has threads that compute, for they have the priority of the one that starts them. */
function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch (error) {
    // It ended already: how is told by its exit code.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
  }
}
