/** Proves that what a test of the cluster forwards ports with ends with it, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const SCRIPT = join(packageRoot(), 'tests', 'cluster', 'whileParentLives.sh');

/** Starts the script as a test would; tells the program's pid. */
const PARENT = `
const child = require('node:child_process').spawn(process.argv[1], ['sh', '-c', 'echo $$; exec sleep 300'], {
  stdio: ['pipe', 'inherit', 'inherit'],
});
process.on('message', () => child.stdin.end());
child.on('exit', (code) => process.send({ code }));
`;

let parent: ChildProcess;
let pid: number;
beforeEach(async () => {
  parent = spawn(process.execPath, ['-e', PARENT, SCRIPT], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [line] = await once(parent.stdout ?? parent, 'data');
  pid = Number(String(line).trim());
  expect(lives(pid)).toBe(true);
});
afterEach(() => void parent.kill('SIGKILL'));

/** One that nobody has waited for yet is dead too. */
function lives(one: number): boolean {
  return existsSync(`/proc/${one}/stat`) && !readFileSync(`/proc/${one}/stat`, 'utf8').includes(') Z ');
}
const isGone = () => vi.waitFor(() => expect(lives(pid)).toBe(false), { timeout: 5_000 });

it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s of the test', async (signal) => {
  parent.kill(signal);
  await isGone();
});

it('its own wish', async () => {
  parent.send('close');
  expect(await once(parent, 'message')).toMatchObject([{ code: 143 }, undefined]);
  await isGone();
});

it('the end of the program is seen at once', async () => {
  process.kill(pid, 'SIGKILL');
  expect(await once(parent, 'message')).toMatchObject([{ code: 137 }, undefined]);
});
