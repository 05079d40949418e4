/** Runs a Python script of ours beside, where a Python with torch is given: `--peer-python PATH`. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GanglionError } from '../errors/ganglionError.ts';
import { Leftovers } from './leftovers.ts';
import { PeerProcess } from './peers/peerProcess.ts';

const PYTHON_MS_MAX = 180_000;

/** The ms of each round, as the script prints them as JSON. It gets `args`, then the path of a file for its store. */
export async function roundsOfPython(python: string, what: string, script: string, args: readonly number[]) {
  const leftovers = new Leftovers();
  try {
    const { file, store } = await scriptFile(leftovers, script);
    const all = [file, ...args.map(String), store];
    const { stdout } = await promisify(execFile)(python, all, { timeout: PYTHON_MS_MAX });
    return JSON.parse(stdout) as number[];
  } catch (error) {
    throw cannotRun(python, what, error);
  } finally {
    await leftovers.clear();
  }
}

/** A script that serves times when it is asked (`serveScript.ts`). It gets `task` as JSON, then the path of its store. */
export async function startPython(leftovers: Leftovers, python: string, script: string, task: object) {
  const { file, store } = await scriptFile(leftovers, script);
  return PeerProcess.start(leftovers.program(python, [file, JSON.stringify(task), store]));
}

export function cannotRun(python: string, what: string, error: unknown): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `--peer-python: ${python} could not run ${what}: ${lastLine(error)}.`,
    remedy: 'Name a Python that has torch (`pip install torch`), or leave --peer-python out.',
    cause: error,
  });
}

async function scriptFile(leftovers: Leftovers, script: string) {
  const folder = leftovers.folder();
  const file = join(folder, 'peer.py');
  await writeFile(file, script);
  return { file, store: join(folder, 'store') };
}

function lastLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
}
