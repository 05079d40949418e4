/**
 * Proves that an experiment that was killed goes on: what is done is not run again, what was begun goes on from its checkpoint, and
 * the result is that of one which nobody disturbed; and that parts of other code are left out.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import type { Result } from '../../services/reproduce/resultFile.ts';

const LAYERS = ['generator', 'discriminator'].flatMap((name) => [0, 1, 2].map((i) => `${name}.layers.${i}.units=16`));
/** Ten runs of a second each. */
const SMALL = ['batchSize=32', 'phases=240', 'checkpoints.everyPhases=40', 'workers=1', ...LAYERS];
const CHECKOUT = ['dist', 'package.json', 'package-lock.json', 'proto', 'services'];

/** A checkout of its own: an experiment writes into it, and what is committed counts. */
let root: string;
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
  });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ganglion-reproduce-'));
  for (const name of CHECKOUT) await cp(join(packageRoot(), name), join(root, name), { recursive: true });
  symlinkSync(join(packageRoot(), 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, '.gitignore'), 'node_modules\n/dist/\n/runs/\n');
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
});
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

function reproduce() {
  const words = ['ring8', ...SMALL.flatMap((setting) => ['--set', setting])];
  const program = join(root, 'dist', 'services', 'reproduce', 'main.js');
  const child = spawn(process.execPath, [program, ...words], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close');
  return { child, ended, said: () => said };
}

async function done() {
  const { ended, said } = reproduce();
  expect([(await ended)[0], said()]).toEqual([0, expect.any(String)]);
  const text = readFileSync(join(root, '.github', 'reproduction', 'ring8', 'result.json'), 'utf8');
  return { said: said(), result: JSON.parse(text) as Result };
}

const PARTS = () => join(root, 'runs', 'reproduce', 'ring8');
const partsThere = () => (existsSync(PARTS()) ? readdirSync(PARTS()) : []);

/** Begins anew, and kills it once so many phases of a run are on disk. Gives what it said. */
async function broken(run: string, phase: number): Promise<string> {
  const before = partsThere();
  const { child, ended, said } = reproduce();
  const checkpoint = join(run, 'checkpoints', `phase-${String(phase).padStart(9, '0')}`);
  const own = () => partsThere().filter((name) => !before.includes(name));
  while (!own().some((name) => existsSync(join(PARTS(), name, checkpoint)))) {
    expect(child.exitCode, said()).toBe(null);
    await sleep(20);
  }
  child.kill('SIGKILL');
  await ended;
  return said();
}

const trained = (said: string) => [...said.matchAll(/^(\S+): 240 phases$/gm)].map(([, run]) => run);
const weights = ({ runs }: Result) => runs.map(({ arm, seed, weightsSha256 }) => [arm, seed, weightsSha256]);

it('goes on where it was killed, and comes to what nobody disturbed', async () => {
  expect(trained(await broken('ring8-seed-2', 80))).toEqual(['ring8-seed-0', 'ring8-seed-1', 'ring8-seed-2']);
  const { said, result } = await done();
  expect(said).toMatch(
    /^ring8: 2 of 10 runs done, ring8-seed-2 goes on from phase (80|120|160|200); remove runs\S+ to start over\.$/m,
  );
  // The one that was begun may be done before it is asked for.
  expect(trained(said).filter((run) => run !== 'ring8-seed-2')).toEqual([
    ...['ring8-seed-3', 'ring8-seed-4'],
    ...[0, 1, 2, 3, 4].map((seed) => `plain-gan-seed-${seed}`),
  ]);
  const undisturbed = await done();
  expect(undisturbed.said).not.toContain('goes on');
  expect(trained(undisturbed.said)).toHaveLength(10);
  expect(weights(result)).toEqual(weights(undisturbed.result));
  expect(result.commit).toBe(git('rev-parse', '--short=12', 'HEAD').trim());
  expect(partsThere()).toEqual([]);
  // A run that was broken off counts its training alone.
  for (const { minutes } of result.runs) expect(minutes * 60).toBeLessThan(30);
});

it('leaves out parts of another commit, and says where they are', async () => {
  await broken('ring8-seed-0', 40);
  git('commit', '-q', '--allow-empty', '-m', 'two');
  const said = await broken('ring8-seed-0', 40);
  expect(said).toMatch(
    /^ring8: parts of other code or settings are left out: runs\/reproduce\/ring8\/[0-9a-f]{12}-[0-9a-f]{8}\.$/m,
  );
  // So are those of code that has no commit yet.
  writeFileSync(join(root, 'services', 'more.ts'), '');
  expect(await broken('ring8-seed-0', 40)).toMatch(/are left out: \S+, \S+\.$/m);
});
