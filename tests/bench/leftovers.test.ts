/** Proves that no child process and no temporary folder outlives the bench, whichever way it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const MODULE = pathToFileURL(join(packageRoot(), 'dist/services/bench/leftovers.js')).href;
let bench: ChildProcess | undefined;

afterEach(() => void bench?.kill('SIGKILL'));

/** A process with a folder and a child that would live for long; then `end` happens in it. */
async function started(end: string): Promise<{ bench: ChildProcess; folder: string; childPid: number }> {
  const script = `
    import { Leftovers } from '${MODULE}';
    const leftovers = new Leftovers();
    const folder = leftovers.folder();
    // A worker without a coordinator: it dials for ever.
    const args = ['worker', '--coordinator', '127.0.0.1:9', '--backend', 'cpu'];
    const child = leftovers.ganglion(args, { ...process.env, GANGLION_LOG_LEVEL: 'silent' });
    process.send({ folder, childPid: child.pid });
    const idle = setInterval(() => undefined, 1000);
    process.once('message', async () => { ${end} });`;
  bench = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [message] = await once(bench, 'message');
  return { bench, ...(message as { folder: string; childPid: number }) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A killed child whose parent is gone counts as alive until init has reaped it, in some containers only after seconds. */
async function nothingIsLeft({ folder, childPid }: { folder: string; childPid: number }): Promise<void> {
  await expect.poll(() => isAlive(childPid), { timeout: 10_000 }).toBe(false);
  expect(existsSync(folder)).toBe(false);
}

describe('what is left', () => {
  it.each([
    ['clear()', 'await leftovers.clear(); clearInterval(idle); process.disconnect();', 0],
    ['an exit', 'process.exit(7);', 7],
    ['an error that nobody catches', "throw new Error('stop');", 1],
  ])('is nothing after %s', async (_, end, code) => {
    const scene = await started(end);
    expect(existsSync(scene.folder) && isAlive(scene.childPid)).toBe(true);
    scene.bench.send('end');
    expect((await once(scene.bench, 'exit'))[0]).toBe(code);
    await nothingIsLeft(scene);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is nothing after %s', async (signal, code) => {
    const scene = await started('');
    scene.bench.kill(signal);
    expect((await once(scene.bench, 'exit'))[0]).toBe(code);
    await nothingIsLeft(scene);
  });
});
