/**
 * Proves the client commands against a real coordinator over real gRPC. No worker is there, so runs wait in the queue:
 * they can be listed, steered and watched, and their folder has files and the first checkpoint.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { SMALL_YAML } from '../config/configs.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';
import { ganglion } from './fakeConsole.ts';

let folder: string;
let coordinator: RunningCoordinator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-cli-'));
  coordinator = await localCoordinator(join(folder, 'runs'));
});
afterAll(async () => {
  await coordinator.close();
  await rm(folder, { recursive: true });
});

const on = (argv: string, stdin = '') =>
  ganglion(argv.split(' '), { stdin, environment: { coordinator: coordinator.address } });

async function launched(name: string): Promise<string> {
  const { code, out } = await on(`launch -f - --set name=${name} -o name`, SMALL_YAML);
  expect([code, out]).toEqual([0, `${name}-1\n`]);
  return out.trim();
}

describe('runs', () => {
  it('says on stderr that there are none, and gives programs an empty list', async () => {
    expect(await on('runs list')).toEqual({ code: 0, out: '', err: 'There are no runs yet.\n' });
    expect(await on('runs list -o json')).toEqual({ code: 0, out: '[]\n', err: '' });
    expect(await on('workers list')).toEqual({ code: 0, out: '', err: 'No worker is connected.\n' });
  });

  it('launch, list and get agree on the run', async () => {
    const run = await launched('listed');
    const { out } = await on('runs list');
    expect(out).toMatch(/^NAME {2,}STATE {2,}PHASE {2,}WORKERS {2,}V\(D,G\) {2,}AGE\n/);
    expect(out).toMatch(/^listed-1 {2}queued {2,}0\/100 {2,}0\/2 {2,}– {2,}\d+s$/m);
    const got = JSON.parse((await on(`runs get ${run} -o json`)).out) as { runId: string; configYaml: string };
    expect(got.runId).toBe(run);
    expect(got.configYaml).toContain('shards: 2');
  });

  it('--dry-run shows the run and leaves it alone; pause does not', async () => {
    const run = await launched('paused');
    const state = async () => (JSON.parse((await on(`runs get ${run} -o json`)).out) as { state: string }).state;
    expect((await on(`runs pause ${run} --dry-run -o name`)).out).toBe(`${run}\n`);
    expect(await state()).toBe('queued');
    expect((await on(`runs pause ${run} -o name`)).code).toBe(0);
    expect(await state()).toBe('paused');
    expect((await on(`runs resume ${run} -o name`)).code).toBe(0);
    expect(await state()).toBe('queued');
  });

  it('watch ends with exit code 3 for a cancelled run, and tells its story on stderr or as JSON lines', async () => {
    const run = await launched('cancelled');
    const watching = on(`runs watch ${run}`);
    expect((await on(`runs cancel ${run} -o name`)).code).toBe(0);
    const { code, out, err } = await watching;
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/^cancelled-1 is queued: .+\n(.+\n)*cancelled-1 is cancelled: .+\n$/);
    const json = await on(`runs watch ${run} --json`);
    expect([json.code, json.err]).toEqual([3, '']);
    const events = json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { sequence: number; state: string });
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i));
    expect(events.at(-1)?.state).toBe('cancelled');
  });

  it('--wait and `runs wait` end with the run, with the time, or at once where it is there', async () => {
    const run = await launched('waited');
    const wait = (goal: string) => on(`runs wait ${run} --for=${goal} --timeout 0.5 -o name`);
    expect(await wait('queued')).toEqual({ code: 0, out: 'waited-1\n', err: '' });
    expect(await wait('running')).toMatchObject({
      ...{ code: 1, out: '' },
      err: expect.stringMatching(
        /^waiting for waited-1 to be running\nganglion: Waited 0\.5 s for waited-1 to be running, in vain\.\n.*--timeout/,
      ),
    });
    expect(await on(`runs pause ${run} --wait -o name`)).toMatchObject({ code: 0, out: 'waited-1\n' });
    const waiting = on(`runs wait ${run}`);
    expect(await on(`runs cancel waited --wait -o name`)).toMatchObject({ code: 0, out: 'waited-1\n' });
    expect(await waiting).toMatchObject({
      ...{ code: 3, out: '' },
      err: expect.stringMatching(/Waited for waited-1 to be completed; it is cancelled: .*\n.*\n {2}run-failed: /),
    });
  });

  it('names that are far too long are told as such, and at once', async () => {
    const long = 'x'.repeat(100_000);
    const run = await launched('known');
    for (const argv of [
      `runs get ${long}`,
      `runs watch ${long}`,
      `workers drain ${long}`,
      `runs fetch ${run} ${long}`,
    ]) {
      const { code, out, err } = await on(argv);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(
        /^ganglion: (There is no (run|worker) 'x{80}'|Run 'known-1' has no file 'x|x{200} cannot be)/,
      );
      expect(err.length).toBeLessThan(2_000);
    }
  });

  it('a run that is not there is one sentence with a remedy', async () => {
    for (const argv of ['runs get no-1', 'runs watch no-1', 'runs cancel no-1', 'checkpoints list no-1']) {
      const { code, out, err } = await on(argv);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/^ganglion: There is no run 'no-1'\.\n {2}.+\n {2}not-found: docs\/errors\/not-found\.md\n$/);
    }
  });
});

describe('runs fetch', () => {
  it('lists the files of a run folder, and copies one byte for byte', async () => {
    const run = await launched('fetched');
    const names = (await on(`runs fetch ${run} -o name`)).out.trimEnd().split('\n');
    expect(names).toContain('config.yaml');
    const to = join(folder, 'copy.png');
    expect(await on(`runs fetch ${run} reals.png --to ${to}`)).toEqual({ code: 0, out: '', err: `wrote ${to}\n` });
    const sha256 = async (file: string) =>
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
    expect(await sha256(to)).toBe(await sha256(join(folder, 'runs', run, 'reals.png')));
    expect((await on(`runs fetch ${run} config.yaml --to -`)).out).toBe(
      await readFile(join(folder, 'runs', run, 'config.yaml'), 'utf8'),
    );
  });

  it('leaves what was there whole where the transfer fails', async () => {
    const run = await launched('unfetched');
    const to = join(folder, 'kept.png');
    await writeFile(to, 'mine');
    expect((await on(`runs fetch ${run} nothing.png --to ${to}`)).code).toBe(1);
    expect(await readFile(to, 'utf8')).toBe('mine');
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
    const { code, err } = await on(`runs fetch ${run} reals.png --to ${join(folder, 'nowhere', 'x.png')}`);
    expect(code).toBe(1);
    expect(err).toMatch(/^ganglion: .*x\.png cannot be written: ENOENT/);
  });
});

describe('a coordinator that is not there', () => {
  it.each([
    'runs list',
    'runs watch r-1',
    'workers list',
    'checkpoints verify r-1',
    'launch --preset mnist-quick --watch',
  ])('%s → exit code 4', async (argv) => {
    // Port 1 is the TCP port multiplexer's, which nobody runs.
    const { code, out, err } = await ganglion([...argv.split(' '), '--coordinator', '127.0.0.1:1']);
    expect([code, out]).toEqual([4, '']);
    expect(err).toMatch(
      /ganglion: No Ganglion coordinator answers at 127\.0\.0\.1:1 .*\n {2}Start one with `ganglion coordinator`/,
    );
  });
});
