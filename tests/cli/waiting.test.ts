/** Proves what is waited for, how a wait ends, and that a list that is watched tells what changes. */
import { describe, expect, it } from 'vitest';
import { watchList } from '../../services/cli/listWatch.ts';
import { looks } from '../../services/cli/looks.ts';
import type { Format } from '../../services/cli/output.ts';
import { createProgram } from '../../services/cli/program.ts';
import { isReached, parseGoal } from '../../services/cli/waiting.ts';
import { workerColumns } from '../../services/cli/workerFields.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { WorkerView } from '../../services/report/runView.ts';
import { fakeConsole } from './fakeConsole.ts';
import { workerView } from './views.ts';

const NOBODY_LEAVES = new AbortController().signal;
const away = () => new GanglionError({ code: 'unreachable', message: 'gone', remedy: 'wait' });

/** Answers in turn, then `refused`. */
function answering<Answer>(answers: readonly (Answer | GanglionError)[]): () => Promise<Answer> {
  const left = [...answers];
  return async () => {
    const next = left.shift() ?? new GanglionError({ code: 'refused', message: 'the end', remedy: '' });
    if (next instanceof GanglionError) throw next;
    return next;
  };
}

describe('a goal', () => {
  it.each([
    ['paused', 'paused'],
    ['phase=500', 500],
  ])('%s is read', (text, goal) => {
    expect(parseGoal(text)).toBe(goal);
  });

  it.each(['pause', 'phase=', 'phase=-1', 'phase=x', ''])("'%s' is refused with all that are", (text) => {
    expect(() => parseGoal(text)).toThrow(/--for: found '.*'; allowed: queued, .*, cancelled, phase=N\./);
  });

  it('is reached by its state, by its phase, and running also by a run that ran', () => {
    const run = { state: 'completed', phase: 100 } as const;
    expect(['completed', 'running', 100, 99].map((goal) => isReached(run, goal as 'running'))).toEqual(
      Array(4).fill(true),
    );
    expect([101, 'paused'].map((goal) => isReached(run, goal as 'paused'))).toEqual([false, false]);
  });
});

describe('looks', () => {
  it('go on over a coordinator that is away, and tell it once', async () => {
    const console = fakeConsole();
    const seen: unknown[] = [];
    const all = looks(console, answering([1, away(), 2]), 1, NOBODY_LEAVES);
    await expect(async () => {
      for await (const one of all) seen.push(one);
    }).rejects.toThrow('the end');
    expect(seen).toEqual([1, undefined, 2]);
    expect(console.err()).toBe('The coordinator went away: it is dialled again for up to a minute.\n');
  });

  it('end at once where nobody ever answered', async () => {
    await expect(looks(fakeConsole(), answering([away()]), 1, NOBODY_LEAVES).next()).rejects.toThrow('gone');
  });
});

describe('--watch of a list', () => {
  const watched = async (format: Format, rows: readonly (readonly WorkerView[])[]) => {
    const console = fakeConsole();
    const list = { look: answering(rows), columns: workerColumns, name: ({ workerId }: WorkerView) => workerId };
    const program = createProgram(console).setOptionValue('output', format);
    const command = program.command('list');
    await expect(watchList(console, command, list, 1)).rejects.toThrow('the end');
    return { out: console.out(), err: console.err() };
  };
  const idle = workerView({ workerId: 'one' });
  const busy = workerView({ workerId: 'one', runId: 'r-1', phase: 3 });
  const other = workerView({ workerId: 'another-one' });

  it('prints the table, then the rows that changed but for their age, in its columns', async () => {
    const { out, err } = await watched('table', [[idle], [idle, other], [busy, other], [busy]]);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/ +/)[0])).toEqual(['NAME', 'one', 'another-one', 'one']);
    expect(lines.at(-1)?.indexOf('tensorflow')).toBe(lines.at(-2)?.indexOf('tensorflow'));
    expect(err).toBe('another-one is gone.\n');
  });

  it('prints an object a change for programs', async () => {
    const { out } = await watched('json', [[idle], [idle], [busy]]);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([idle, busy]);
    expect((await watched('yaml', [[idle]])).out).toMatch(/^---\nworkerId: one\n/);
    expect((await watched('name', [[idle], [busy]])).out).toBe('one\none\n');
  });
});
