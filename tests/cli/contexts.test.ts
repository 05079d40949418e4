/** Proves that a context stands for a coordinator and what is shown to it, that flags and environment win, and what a broken file says. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../services/config/environment.ts';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';
import { ganglion } from './fakeConsole.ts';

let folder: string;
let coordinator: RunningCoordinator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-contexts-'));
  coordinator = await localCoordinator(join(folder, 'runs'));
});
afterAll(async () => {
  await coordinator.close();
  await rm(folder, { recursive: true });
});

const file = () => join(folder, 'ganglion', 'contexts.yaml');
const on = (argv: string, environment: Partial<Environment> = {}) =>
  ganglion(argv.split(' '), { environment: { configFolder: folder, ...environment } });

describe('contexts', () => {
  it('are added, used, listed and removed; the file is its user’s alone', async () => {
    expect((await on('context list')).err).toContain('There are no contexts yet');
    expect((await on(`context add here --coordinator ${coordinator.address}`)).code).toBe(0);
    expect((await on('context add there --coordinator there:1 --tls-dir tls --token-file t')).code).toBe(0);
    expect((await on('context use here')).code).toBe(0);
    expect(JSON.parse((await on('context list -o json')).out)).toEqual([
      { name: 'here', current: true, coordinator: coordinator.address },
      {
        ...{ name: 'there', current: false, coordinator: 'there:1' },
        ...{ tlsDir: resolve('tls'), tokenFile: resolve('t') },
      },
    ]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'ganglion'))).mode & 0o777).toBe(0o700);
    await on('context add there --coordinator there:2');
    expect((await on('context list')).out).toMatch(/^there {2,}there:2 {2,}– {2,}–$/m);
    expect((await on('context remove there')).code).toBe(0);
    expect((await on('context list -o name')).out).toBe('here\n');
  });

  it('the current one counts where no coordinator is named', async () => {
    expect(await on('runs list')).toMatchObject({ code: 0, err: 'There are no runs yet.\n' });
    expect((await on('--coordinator 127.0.0.1:1 --timeout 1 runs list')).code).toBe(4);
    expect((await on('runs list --timeout 1', { coordinator: '127.0.0.1:1' })).code).toBe(4);
  });

  it('what one shows is lent to no other coordinator, unless the context is named', async () => {
    await on(`context add secret --coordinator 127.0.0.1:1 --tls-dir ${join(folder, 'nowhere')}`);
    await on('context use secret');
    expect((await on('runs list')).err).toContain('nowhere');
    expect((await on(`runs list --coordinator ${coordinator.address}`)).code).toBe(0);
    expect((await on(`runs list --coordinator ${coordinator.address} --context secret`)).err).toContain('nowhere');
    expect((await on('runs list', { context: 'here' })).code).toBe(0);
    expect((await on('runs list --context here', { context: 'secret' })).code).toBe(0);
  });

  it('one that is not there is told with the nearest', async () => {
    const { code, err } = await on('runs list --context hree');
    expect(code).toBe(1);
    expect(err).toMatch(/There is no context 'hree' in .*contexts\.yaml\.\n {2}Did you mean 'here'\?/);
    expect((await on('context use constructor')).err).toContain("There is no context 'constructor'");
    expect((await on('context add a/b --coordinator x:1')).err).toContain("context: found 'a/b'");
  });

  it('is nothing for a service, and is not passed over in silence', async () => {
    const { code, err } = await on('worker --context here');
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('--context: a context is for who asks a coordinator; `ganglion worker`'),
    ]);
  });

  it.each([
    ['contexts:\n  a: { coordinator: x:1 }\n  b: [\n', /contexts\.yaml, line 4: /],
    ['contexts:\n  a:\n    coordinator: x:1\n    tlsdir: /x\n', /contexts\.yaml, line 3: contexts\.a: .*tlsdir/],
    ['current: a\ncontexts:\n  a:\n    coordinator: 7\n', /contexts\.yaml, line 4: contexts\.a\.coordinator: /],
    ['- a\n', /contexts\.yaml, line 1: the file: /],
  ])('a broken file is named with its line, and left as it is: %j', async (text, sentence) => {
    await writeFile(file(), text);
    for (const argv of ['runs list', 'context list', 'context add x --coordinator y:1']) {
      expect(await on(argv)).toMatchObject({ code: 2, err: expect.stringMatching(sentence) });
    }
    expect(await readFile(file(), 'utf8')).toBe(text);
  });
});
