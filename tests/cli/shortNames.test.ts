/** Proves that a name may be shortened where one thing alone is meant, that one in full means itself, and what is said else. */
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../services/cli/commandLine.ts';
import { createProgram } from '../../services/cli/program.ts';
import { namedRun, namedWorker } from '../../services/cli/shortNames.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { RunsClient } from '../../services/wire/client.ts';
import { fakeConsole, ganglion } from './fakeConsole.ts';
import { runView, workerView } from './views.ts';

const full = (line: string) => readCommandLine(createProgram(fakeConsole()), line.split(' ')).words.join(' ');

describe('commands', () => {
  it.each([
    ['eval x', 'evaluate x'],
    ['ru l', 'runs list'],
    ['--timeout 5 ru g ru', '--timeout 5 runs get ru'],
    ['-o json ru l', '-o json runs list'],
    ['work list', 'workers list'],
    ['worker --id li', 'worker --id li'],
    ['help ru', 'runs --help'],
    ['lunch', 'lunch'],
    ['complete -- ru wa', 'complete -- ru wa'],
  ])('%s is %s', (line, meant) => {
    expect(full(line)).toBe(meant);
  });

  it('several that fit are named, and nothing is done', async () => {
    expect(await ganglion(['work'])).toEqual({
      code: 2,
      out: '',
      err: "ganglion: 'work' may be workers or worker.\n  Write more of the name.\n  invalid-argument: docs/errors/invalid-argument.md\n",
    });
  });

  it('help is of the command that it names, however deep; of none is a sentence', () => {
    expect(full('help ru li')).toBe('runs list --help');
    expect(full('runs help list')).toBe('runs list --help');
    expect(full('help')).toBe('--help');
    expect(() => full('help runz')).toThrow("There is no command 'runz'.");
    expect(() => full('runs help lst')).toThrow("There is no command 'lst'.");
  });

  it('completion goes on behind a short name', async () => {
    expect((await ganglion(['complete', '--', 'ru', 'wa'])).out).toContain('watch\n');
  });
});

/** What a coordinator that has these knows. */
function knowing(runIds: readonly string[], workerIds: readonly string[] = []) {
  const runs = runIds.map((runId) => runView({ runId }));
  return {
    getRun: async (runId: string) => {
      const run = runs.find((one) => one.runId === runId);
      if (run) return run;
      throw new GanglionError({ code: 'not-found', message: 'no', remedy: 'no' });
    },
    listRuns: async () => runs,
    listWorkers: async () => workerIds.map((workerId) => workerView({ workerId })),
  } as unknown as RunsClient;
}

describe('runs and workers', () => {
  const client = knowing(['drill-1', 'drill-10', 'mnist-1'], ['gpu-0', 'gpu-1', 'cpu']);

  it.each([
    ['mn', 'mnist-1'],
    ['drill-1', 'drill-1'],
    ['drill-10', 'drill-10'],
  ])('run %s is %s', async (written, meant) => {
    expect((await namedRun(client, written)).runId).toBe(meant);
  });

  it.each([
    ['drill', "'drill' may be drill-1 or drill-10.", 'Write more of the name.'],
    ['mnits-1', "There is no run 'mnits-1'.", "Did you mean 'mnist-1'?"],
    ['something', "There is no run 'something'.", 'See `ganglion runs list`.'],
  ])('run %s: %s', async (written, message, remedy) => {
    await expect(namedRun(client, written)).rejects.toMatchObject({ message, remedy });
  });

  it('a worker likewise', async () => {
    expect((await namedWorker(client, 'c')).workerId).toBe('cpu');
    await expect(namedWorker(client, 'gpu')).rejects.toThrow("'gpu' may be gpu-0 or gpu-1.");
  });
});
