/** Proves what a person sees in a real terminal: one line that is rewritten, no wrapping, plain lines where asked, and Ctrl-C. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';
import { type Line, openTerminal, type Terminal } from './terminal.ts';

const CTRL_C = '\u0003';
const ESCAPE = '\u001b';

/** Types Ctrl-C; resolves to all that is on the terminal in the end. */
async function left(terminal: Terminal): Promise<string> {
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(130);
  return terminal.said();
}

const bars = (lines: Line[]) => lines.filter(({ text }) => /\d+% /.test(text));
const percentageOf = (lines: Line[]) => bars(lines).at(-1)?.text;

describe('runs watch', () => {
  let cluster: Cluster;
  let run: string;
  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['one']);
    run = await cluster.launch(smallRun({ name: 'endless', phases: 1_000_000, workers: 1, everyPhases: 10_000 }));
    await cluster.until(run, ({ phase }) => phase > 5);
  });
  afterAll(() => cluster.stop());

  const watch = (columns: number, env: NodeJS.ProcessEnv = {}) =>
    openTerminal(columns, ['runs', 'watch', run, '--coordinator', cluster.address], env);

  it.each([30, 80, 120])(
    'rewrites one line of %i columns; Ctrl-C leaves the run going, and says how to come back',
    async (columns) => {
      const terminal = watch(columns);
      const first = percentageOf(await terminal.until((lines) => bars(lines).length > 0));
      const lines = await terminal.until((now) => percentageOf(now) !== first);
      expect(bars(lines)).toHaveLength(1);
      expect(bars(lines)[0]?.wrapped).toBe(false);
      expect(lines.at(-1)).toEqual(bars(lines)[0]);
      // What has no room is left out, and nothing of it shows in the last column.
      if (columns === 30) expect(bars(lines)[0]?.text).toMatch(/\d+% \d+\/1000000 {2}V -?[\d.]*$/);
      const again = `\`ganglion runs watch ${run} --coordinator ${cluster.address}\``;
      expect(await left(terminal)).toContain(`\n${run} goes on; ${again} follows it again.`);
      expect(bars(terminal.lines())).toHaveLength(1);
      expect(terminal.isAsFound()).toBe(true);
      expect((await cluster.client.getRun(run)).state).toBe('running');
    },
  );

  it('writes plain lines on a dumb terminal', async () => {
    const terminal = watch(80, { TERM: 'dumb' });
    await terminal.until((lines) => lines.some(({ text }) => text.startsWith('phase ')));
    await left(terminal);
    expect(terminal.bytes()).not.toContain(ESCAPE);
  });

  it.each([
    ['runs wait RUN', 'waiting for RUN to be completed', 'RUN goes on; `AGAIN` waits for it again.'],
    ['runs wait RUN --for=phase=999999', 'waiting for RUN to be at', 'RUN goes on; `AGAIN` waits for it again.'],
    ['runs list --watch', 'RUN ', '`AGAIN` goes on with it.'],
    ['workers list --watch -o json', '"workerId":"one"', '`AGAIN` goes on with it.'],
  ])('Ctrl-C ends `%s`, which leaves all as it is, and says how to come back', async (words, shown, end) => {
    const given = (text: string) => text.replace('RUN', run);
    // Global flags are told in the order of their declaration, with their long names.
    const [command = '', format] = given(words).split(' -o ');
    const place = `--coordinator ${cluster.address}${format ? ` --output ${format}` : ''}`;
    const terminal = openTerminal(200, [...command.split(' '), ...place.split(' ')]);
    await terminal.until(() => terminal.said().includes(given(shown)));
    expect(await left(terminal)).toContain(`\n${given(end).replace('AGAIN', `ganglion ${command} ${place}`)}`);
    expect(terminal.said()).not.toContain('went away');
    expect((await cluster.client.getRun(run)).state).toBe('running');
    expect(await cluster.client.listWorkers()).toHaveLength(1);
  });

  it('Ctrl-C on `launch --wait` leaves the run that was launched, and a second wait is for the same', async () => {
    const file = join(cluster.dataDir, 'later.yaml');
    await writeFile(file, smallRun({ name: 'later', phases: 1_000_000, workers: 1 }));
    const terminal = openTerminal(200, ['launch', '-f', file, '--wait', '--coordinator', cluster.address]);
    await terminal.until(() => terminal.said().includes('waiting for later-1 to be completed'));
    const said = await left(terminal);
    const [, again = ''] = /later-1 goes on; `ganglion (.*)` waits for it again\./.exec(said) ?? [];
    expect(await cluster.client.getRun('later-1')).toMatchObject({ state: expect.stringMatching(/queued|waiting/) });
    const second = openTerminal(200, again.split(' '));
    await second.until(() => second.said().includes('waiting for later-1 to be completed'));
    await left(second);
  });

  it('Ctrl-C on `workers drain --wait` takes nothing back', async () => {
    await cluster.addWorkers(['two']);
    cluster.worker('two').child.kill('SIGSTOP');
    const terminal = openTerminal(200, ['workers', 'drain', 'two', '--wait', '--coordinator', cluster.address]);
    await terminal.until(() => terminal.said().includes('waiting for worker two to be gone'));
    const list = `ganglion workers list --watch --coordinator ${cluster.address}`;
    expect(await left(terminal)).toContain(`\ntwo goes on leaving; \`${list}\` shows when it is gone.`);
    await cluster.killWorker('two', 'SIGKILL');
  });
});

describe('quickstart', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-terminal-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const quickstart = (phases: number, env: NodeJS.ProcessEnv = {}) =>
    openTerminal(80, ['quickstart', '--data-dir', folder, '--workers', '1', '--set', `phases=${phases}`], env);

  it('ends with its pictures, without a colour where NO_COLOR says so', async () => {
    const terminal = quickstart(40, { NO_COLOR: '1' });
    expect(await terminal.ended).toBe(0);
    expect(terminal.lines().map(({ text }) => text)).toContain('done: All 40 phases are committed.');
    expect(terminal.bytes()).not.toMatch(new RegExp(`${ESCAPE}\\[[0-9;]*m`));
  });

  it('Ctrl-C, which reaches its workers too, stops it and says how the run goes on', async () => {
    const terminal = quickstart(100_000);
    await terminal.until((lines) => bars(lines).length > 0);
    expect(await left(terminal)).toContain('stopped by SIGINT (once more skips the clean-up): unfinished runs go on');
    expect(terminal.isAsFound()).toBe(true);
  });
});

describe('simulate', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-terminal-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('Ctrl-C tells what was found until then and how to go on, and leaves nothing behind', async () => {
    const place = { TMPDIR: folder, HOME: folder, GANGLION_DATA_DIR: folder };
    const seeds = ['--seed', '3', '--seeds', '1000000', '--workers', '2'];
    const terminal = openTerminal(200, ['simulate', ...seeds], place);
    await terminal.until(() => terminal.said().includes(' of 1000000 seeds, 0 broken'));
    const said = await left(terminal);
    const [, done, first, others] =
      /\nstopped after (\d+) of 1000000 seeds; `ganglion simulate --seed (\d+) --seeds (\d+) --workers 2` goes on/.exec(
        said,
      ) ?? [];
    expect(Number(done)).toBeGreaterThan(0);
    expect([first, others]).toEqual([`${3 + Number(done)}`, `${1_000_000 - Number(done)}`]);
    expect(said).toContain(`\nSeeds     3 to ${2 + Number(done)}: all held`);
    expect(terminal.isAsFound()).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });
});
