/** Proves what `ganglion trace` asks for, writes and says, against a coordinator that tells a trace over real gRPC. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { AskedTrace, TracePart } from '../../services/trace/tracePart.ts';
import { readTrace } from '../trace/strictTrace.ts';
import { listen } from '../wire/listen.ts';
import { expectDocument } from './documents.ts';
import { ganglion } from './fakeConsole.ts';
import { runView } from './views.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganglion-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const begun = (workerIds: readonly string[] = ['one']): TracePart => {
  return { type: 'begun', firstPhase: 7, phaseCount: 2, phase: 4, workerIds };
};
const spans = (process: number, ...names: readonly string[]): TracePart => {
  return { type: 'spans', process, spans: names.map((name) => ({ track: 'compute', name, beginMs: 1, endMs: 2 })) };
};
const ends = (process: number, name: string, missing = '', dropped = 0): TracePart => {
  return { type: 'process', process, name, clock: { offsetMs: 0, uncertaintyMs: 0 }, missing, dropped };
};
const WHOLE = [begun(), spans(1, 'a', 'b'), ends(1, 'worker one'), spans(0, 'c'), ends(0, 'coordinator')];

async function trace(parts: readonly TracePart[], argv: readonly string[] = [], why?: GanglionError) {
  const asked: AskedTrace[] = [];
  const { address } = await listen({
    getRun: (runId) => runView({ runId }),
    async *traceRun(what) {
      asked.push(what);
      yield* parts;
      if (why) throw why;
    },
  });
  const to = join(folder, `${asked.length}.json`);
  const place = argv.includes('--to') ? [] : ['--to', to];
  const done = await ganglion(['trace', 'r', ...place, ...argv], { environment: { coordinator: address } });
  return { ...done, asked, to };
}

describe('what is asked for', () => {
  it.each([
    [[], undefined, 20],
    [['--phases', '7'], undefined, 7],
    [['--phases', '7-9'], 7, 3],
    [['--phases', '7-7'], 7, 1],
  ] as const)('%s', async (argv, firstPhase, phaseCount) => {
    expect((await trace(WHOLE, argv)).asked).toEqual([{ runId: 'r', firstPhase, phaseCount }]);
  });

  it.each(['0', '9-7', '-3', '1.5', '7-', 'all', '100001'])('not --phases %s', async (text) => {
    const { code, err, asked } = await trace(WHOLE, [`--phases=${text}`]);
    expect([code, asked]).toEqual([2, []]);
    expect(err).toContain(`--phases: found '${text}'; A-B, or how many of the next`);
  });
});

describe('a trace', () => {
  it('is a file that says whose it is, and how to open it', async () => {
    const { code, err, out, to } = await trace(WHOLE);
    expect([code, out]).toEqual([0, '']);
    expect(err.split('\n')).toEqual([
      'Records the phases 7-8 of r, which is at 4: by one.',
      `wrote ${to}`,
      'It shows coordinator, worker one. Open it at https://ui.perfetto.dev (it stays in your browser), or in chrome://tracing.',
      '',
    ]);
    const read = readTrace(readFileSync(to, 'utf8'));
    expect(read.spans.map(({ process, name }) => `${process}: ${name}`)).toEqual([
      'coordinator: c',
      'worker one: a',
      'worker one: b',
    ]);
  });

  it('is named to programs', async () => {
    const { out, to } = await trace(WHOLE, ['-o', 'name']);
    expect(out).toBe(`${to}\n`);
    const files: unknown = JSON.parse((await trace(WHOLE, ['-o', 'json'])).out);
    expectDocument('trace', files);
    expect(files).toEqual([{ name: to, sizeBytes: expect.any(Number) }]);
  });

  it('counts nothing of what was recorded before its last beginning', async () => {
    const { to, err } = await trace([begun([]), spans(1, 'void'), ...WHOLE]);
    expect(err).toContain('which is at 4: it waits for workers.');
    expect(readFileSync(to, 'utf8')).not.toContain('void');
  });

  it('says who is missing and what was dropped', async () => {
    const parts = [begun(), spans(1, 'a'), ends(1, 'worker one', 'Worker one was lost.', 3), ends(0, 'coordinator')];
    const { code, err, to } = await trace(parts);
    expect(code).toBe(0);
    expect(err).toContain('Worker one was lost.\n3 spans of worker one found no room.\nwrote ');
    expect(readTrace(readFileSync(to, 'utf8')).about.processes[1]).toMatchObject({ missing: 'Worker one was lost.' });
  });

  it('is not written where the coordinator ends in the midst of it, however it does', async () => {
    const before = readdirSync(folder);
    const to = join(folder, 'none.json');
    const gone = new GanglionError({ code: 'unreachable', message: 'It is gone.', remedy: '' });
    for (const why of [undefined, gone]) {
      const { code, err } = await trace([begun(), spans(1, 'a')], ['--to', to], why);
      expect([code, err]).toEqual([4, expect.stringContaining('The coordinator went away while r was traced')]);
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  it('is refused as the coordinator says', async () => {
    const why = new GanglionError({
      code: 'wrong-state',
      message: 'Phase 7 of r is over.',
      remedy: 'Ask for later ones.',
    });
    const { code, err } = await trace([], ['--phases', '7-8'], why);
    expect([code, err]).toEqual([1, expect.stringContaining('Phase 7 of r is over.')]);
  });
});
