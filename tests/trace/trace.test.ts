/** Proves that a trace is what Chrome's viewers read, also before it is closed, and that a bad path is told at once. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENTS_MAX, nowMs, TraceFile } from '../../services/trace/trace.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganglion-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

function eventsIn(path: string): Record<string, unknown>[] {
  return JSON.parse(`${readFileSync(path, 'utf8').trimEnd().replace(/,$/, '')}]`);
}

describe('a trace', () => {
  it('has a name for the process and each track, and its spans in microseconds', () => {
    const path = join(folder, 'some.json');
    const trace = new TraceFile(path, 'worker one', 7);
    trace.span('compute', 'gradient', 1000, 1001.5);
    trace.span('exchange', 'round 0', 1001, 1003);
    trace.span('compute', 'apply', 1003, 1004);
    trace.close();
    expect(eventsIn(path)).toEqual([
      { name: 'process_name', ph: 'M', args: { name: 'worker one' }, pid: 7 },
      { name: 'thread_name', ph: 'M', tid: 1, args: { name: 'compute' }, pid: 7 },
      { name: 'gradient', ph: 'X', tid: 1, ts: 1_000_000, dur: 1500, pid: 7 },
      { name: 'thread_name', ph: 'M', tid: 2, args: { name: 'exchange' }, pid: 7 },
      { name: 'round 0', ph: 'X', tid: 2, ts: 1_001_000, dur: 2000, pid: 7 },
      { name: 'apply', ph: 'X', tid: 1, ts: 1_003_000, dur: 1000, pid: 7 },
    ]);
  });

  it('is on disk while it grows', () => {
    const path = join(folder, 'long.json');
    const trace = new TraceFile(path, 'worker', 1);
    for (let i = 0; i < 300; i++) trace.span('compute', 'apply', i, i + 1);
    expect(eventsIn(path).length).toBeGreaterThan(200);
    trace.close();
    expect(eventsIn(path)).toHaveLength(302);
  });

  it('cannot be where no file can', () => {
    expect(() => new TraceFile(join(folder, 'none', 'x.json'), 'worker', 1)).toThrow(
      'The trace cannot be written: ENOENT',
    );
  });

  it('ends where nothing more can be written, says so once, and lets the traced go on', () => {
    const inner = mkdtempSync(join(folder, 'gone-'));
    const said: string[] = [];
    const trace = new TraceFile(join(inner, 'x.json'), 'worker', 1, (why) => said.push(why));
    rmSync(inner, { recursive: true });
    for (let i = 0; i < 600; i++) trace.span('compute', 'apply', i, i + 1);
    trace.close();
    expect(said).toEqual([expect.stringMatching(/^The trace .*x\.json ends here: it cannot be written: ENOENT/)]);
  });

  it('ends at so many events, whole', () => {
    const path = join(folder, 'full.json');
    const said: string[] = [];
    const trace = new TraceFile(path, 'worker', 1, (why) => said.push(why));
    for (let i = 0; i < EVENTS_MAX + 1000; i++) trace.span('compute', 'apply', i, i + 1);
    trace.close();
    expect(said).toEqual([`The trace ${path} ends here: it has ${EVENTS_MAX} events.`]);
    expect(eventsIn(path)).toHaveLength(EVENTS_MAX);
  });

  it('has the wall clock', () => {
    expect(Math.abs(nowMs() - Date.now())).toBeLessThan(1000);
  });
});
