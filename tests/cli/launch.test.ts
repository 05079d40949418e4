/** Proves that a launch with an id may be repeated, that its config is held to it, and that a dry run asks whom it says. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { SMALL_YAML } from '../config/configs.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';
import { ganglion } from './fakeConsole.ts';

let folder: string;
let coordinator: RunningCoordinator;
const start = async () => {
  coordinator = await localCoordinator(folder);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-launch-'));
  await start();
});
afterAll(async () => {
  await coordinator.close();
  await rm(folder, { recursive: true });
});

const on = (argv: string, stdin = SMALL_YAML) =>
  ganglion(argv.split(' '), { stdin, environment: { coordinator: coordinator.address } });
const names = async () => (await on('runs list -o name')).out.split('\n').filter((name) => name !== '');

async function fileIn(there: string, name: string, text: string): Promise<void> {
  await mkdir(there);
  await writeFile(join(there, name), text);
}

/** Names and bytes. */
async function contentOf(there: string): Promise<unknown> {
  if ((await stat(there)).isFile()) return readFile(there, 'utf8');
  const entries = await readdir(there, { recursive: true, withFileTypes: true });
  const files = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, entry.isFile() ? await readFile(path, 'base64') : 'folder'];
  });
  return (await Promise.all(files)).sort();
}

describe('launch --run-id', () => {
  it('gives one run however often it is asked for, also at once and after a restart', async () => {
    const launch = () => on('launch -f - --run-id nightly-41 -o name');
    const all = await Promise.all([launch(), launch(), launch()]);
    expect(all).toEqual(Array(3).fill({ code: 0, out: 'nightly-41\n', err: '' }));
    await coordinator.close();
    await start();
    expect((await launch()).out).toBe('nightly-41\n');
    expect(await names()).toEqual(['nightly-41']);
  });

  it('refuses another config, and says what differs', async () => {
    for (const dry of ['', ' --dry-run=server']) {
      const { code, err } = await on(`launch -f - --run-id nightly-41 --set seed=3 --set batchSize=50${dry}`);
      expect(code).toBe(1);
      expect(err).toMatch(
        /^ganglion: Run 'nightly-41' is there with another config; what differs: .*\.\n.*\n {2}already-exists: /,
      );
      for (const field of ['seed', 'batchSize']) expect(err).toContain(field);
    }
  });

  it.each(['../x', 'A', 'a.b', '-a', 'a-', 'a'.repeat(64), '.journal'])('refuses %s', async (id) => {
    expect(await on(`launch -f - --run-id=${id}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`run id: found '${id}'; lower-case letters`),
    });
  });

  it('takes over a folder in which nothing has happened', async () => {
    await on('launch -f - --run-id begun');
    await cp(join(folder, 'begun'), join(folder, 'again'), { recursive: true });
    await writeFile(join(folder, 'again', 'events.jsonl'), '');
    await mkdir(join(folder, 'empty'));
    for (const id of ['again', 'empty']) expect(await on(`launch -f - --run-id ${id}`)).toMatchObject({ code: 0 });
  });

  it.each([
    ['a run that the journal does not know', (there: string) => cp(join(folder, 'begun'), there, { recursive: true })],
    ['somebody’s files', (there: string) => fileIn(there, 'notes.txt', 'mine')],
    ['a config alone', (there: string) => fileIn(there, 'config.yaml', 'mine: true')],
    ['a history', (there: string) => fileIn(there, 'events.jsonl', 'none of ours\n')],
    ['a file of that name', (there: string) => writeFile(there, 'mine')],
  ])('refuses before anything is written: %s', async (_what, make) => {
    const there = join(folder, 'foreign');
    await make(there);
    const before = await contentOf(there);
    for (const flags of ['', ' --dry-run=server']) {
      const { code, err } = await on(`launch -f - --run-id foreign${flags}`);
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/foreign is there already, .*\.\n.*\n {2}already-exists: /),
      ]);
    }
    expect(await contentOf(there)).toEqual(before);
    expect(await names()).not.toContain('foreign');
    await rm(there, { recursive: true });
  });
});

describe('launch --dry-run', () => {
  const elsewhere = `${SMALL_YAML}data: { dataset: mnist, path: /nowhere/at/all }\n`;

  it('=client checks the config alone; =server has the coordinator look at its data', async () => {
    const before = await names();
    for (const flag of ['--dry-run', '--dry-run=client', '--dry-run client']) {
      expect(await on(`launch -f - ${flag} -o name`, elsewhere)).toEqual({ code: 0, out: 'run\n', err: '' });
    }
    expect(await on('launch -f - --dry-run=server', elsewhere)).toMatchObject({
      ...{ code: 1, out: '' },
      err: expect.stringContaining('/nowhere/at/all'),
    });
    expect(await names()).toEqual(before);
  });

  it('=server prints what the coordinator made of it, as =client does', async () => {
    const [server, client] = [await on('launch -f - --dry-run=server'), await on('launch -f - --dry-run=client')];
    expect(parse(server.out)).toEqual(parse(client.out));
    expect(parse(server.out)).toMatchObject({ phases: 100, shards: 2 });
    expect(JSON.parse((await on('launch -f - --dry-run=server -o json')).out)).toEqual(parse(server.out));
  });

  it('asks nobody else', async () => {
    expect((await on('launch -f - --dry-run=nobody')).err).toContain('Allowed choices are client, server.');
  });
});
