/** Proves what a person sees in a real terminal: one line that is rewritten, no wrapping, plain lines where asked, and Ctrl-C. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';
import { type Line, openTerminal } from './terminal.ts';

const CTRL_C = '\u0003';
const ESCAPE = '\u001b';

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
      terminal.type(CTRL_C);
      expect(await terminal.ended).toBe(130);
      const said = terminal
        .lines()
        .map(({ text }) => text)
        .join('');
      expect(said).toContain(`${run} goes on; \`ganglion runs watch ${run}\` follows it again.`);
      expect(bars(terminal.lines())).toHaveLength(1);
      expect(terminal.isAsFound()).toBe(true);
      expect((await cluster.client.getRun(run)).state).toBe('running');
    },
  );

  it('writes plain lines on a dumb terminal', async () => {
    const terminal = watch(80, { TERM: 'dumb' });
    await terminal.until((lines) => lines.some(({ text }) => text.startsWith('phase ')));
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
    expect(terminal.bytes()).not.toContain(ESCAPE);
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
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
    const said = terminal
      .lines()
      .map(({ text }) => text)
      .join('');
    expect(said).toContain('stopped by SIGINT (once more skips the clean-up): unfinished runs go on');
    expect(terminal.isAsFound()).toBe(true);
  });
});
