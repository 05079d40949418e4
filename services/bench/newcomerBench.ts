/** What a newcomer meets: how long it is from a clone to the first pictures, what lies on the disk then, how quick the CLI is. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageRoot } from '../config/packageRoot.ts';
import { endOfAny, Leftovers } from './leftovers.ts';
import { median } from './median.ts';

export interface NewcomerBench {
  /** From `git clone` into an empty HOME to the first picture of a G that has trained, by `npm run quickstart`. */
  readonly firstGridSeconds: number;
  /** In node_modules, libtensorflow in it, and what the build wrote. */
  readonly bytes: { readonly packages: number; readonly backend: number; readonly dist: number };
  /** Medians, of the whole process. */
  readonly helpMs: number;
  readonly runsListMs: number;
}

const CLI_TURNS = 15;
const LOOK_MS = 50;
const BACKEND = join('@tensorflow', 'tfjs-node-gpu', 'deps');

/** @param address HOST:PORT of a coordinator, for `runs list`. Rejects where this is no git checkout, or nothing is drawn. */
export async function benchNewcomer(address: string): Promise<NewcomerBench> {
  const leftovers = new Leftovers();
  try {
    const home = leftovers.folder();
    const clone = join(home, 'ganglion');
    const beganMs = performance.now();
    await promisify(execFile)('git', ['clone', '--quiet', '--depth', '1', `file://${packageRoot()}`, clone]);
    const env = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, '.cache'), GANGLION_LOG_LEVEL: 'error' };
    const child = leftovers.program(process.execPath, ['services/cli/bootstrap.mjs', 'quickstart'], {
      cwd: clone,
      env,
    });
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    await Promise.race([firstGrid(join(clone, 'runs')), endOfAny([child])]);
    const firstGridSeconds = (performance.now() - beganMs) / 1000;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
    const bytes = {
      packages: await bytesIn(join(clone, 'node_modules')),
      backend: await bytesIn(join(clone, 'node_modules', BACKEND)),
      dist: await bytesIn(join(clone, 'dist')),
    };
    const helpMs = await medianMs(['--help']);
    return { firstGridSeconds, bytes, helpMs, runsListMs: await medianMs(['--coordinator', address, 'runs', 'list']) };
  } finally {
    await leftovers.clear();
  }
}

/** Resolves when a run in the folder has drawn something after its beginning. */
async function firstGrid(runs: string): Promise<void> {
  for (;;) {
    const files = await readdir(runs, { recursive: true }).catch(() => []);
    if (files.some((file) => /fakes_\d+\.png$/.test(file))) return;
    await sleep(LOOK_MS);
  }
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function medianMs(args: readonly string[]): Promise<number> {
  const program = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');
  const times: number[] = [];
  for (let turn = 0; turn < CLI_TURNS; turn += 1) {
    const beganMs = performance.now();
    await promisify(execFile)(process.execPath, [program, ...args]);
    times.push(performance.now() - beganMs);
  }
  return median(times);
}
