/** Proves that a trace is what viewers read, whatever was recorded, and that spans of all processes are on one clock. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chromeTrace } from '../../services/trace/chromeTrace.ts';
import type { RecordedTrace } from '../../services/trace/recordedTrace.ts';
import type { Span } from '../../services/trace/span.ts';
import { readTrace } from './strictTrace.ts';

const NOW = 1_790_000_000_000;
const COORDINATOR = {
  process: 0,
  name: 'coordinator',
  clock: { offsetMs: 0, uncertaintyMs: 0 },
  missing: '',
  dropped: 0,
} as const;

function traceOf(own: readonly Span[], ...workers: { offsetMs?: number; spans: readonly Span[] }[]): RecordedTrace {
  const processes = workers.map(({ offsetMs }, index) => ({
    ...{ process: index + 1, name: `worker w${index + 1}`, missing: '', dropped: 0 },
    clock: offsetMs === undefined ? undefined : { offsetMs, uncertaintyMs: 0.25 },
  }));
  const spans = new Map([own, ...workers.map((worker) => worker.spans)].map((all, index) => [index, all]));
  return { runId: 'r', firstPhase: 3, phaseCount: 2, processes: [COORDINATOR, ...processes], spans };
}

const at = (track: string, name: string, beginMs: number, endMs: number): Span => {
  return { track, name, beginMs: NOW + beginMs, endMs: NOW + endMs };
};

describe('a trace', () => {
  it('is on the coordinator’s clock, however wrong the workers’ are', () => {
    const trace = traceOf(
      [at('effects', 'persist', 2, 3)],
      { offsetMs: 7_500, spans: [at('exchange', 'round 3', 7_500, 7_504)] },
      { offsetMs: -60_000, spans: [at('exchange', 'round 3', -60_000 + 1, -60_000 + 4)] },
    );
    const { spans, about } = readTrace(chromeTrace(trace));
    expect(spans.map(({ process, lane, begin, end }) => [process, lane, begin, end])).toEqual([
      ['coordinator', 'effects', 2_000, 3_000],
      ['worker w1', 'exchange', 0, 4_000],
      ['worker w2', 'exchange', 1_000, 4_000],
    ]);
    expect(about).toMatchObject({ run: 'r', phases: '3-4', began: new Date(NOW).toISOString() });
    expect(about.processes[2]).toMatchObject({ clockOffsetMs: -60_000, clockUncertaintyMs: 0.25 });
  });

  it('leaves out what the coordinator did before and after, and what is on a clock that nobody knows', () => {
    const trace = traceOf(
      [at('effects', 'before', -9, -8), at('generation', 'around', -9, 99), at('effects', 'after', 50, 60)],
      { offsetMs: 0, spans: [at('phases', 'phase 3', 0, 10)] },
      { spans: [at('phases', 'phase 3', 0, 10)] },
    );
    expect(readTrace(chromeTrace(trace)).spans.map(({ process, name }) => `${process}: ${name}`)).toEqual([
      'coordinator: around',
      'worker w1: phase 3',
    ]);
  });

  it('draws spans of a track that cross each other in lanes of their own, in a fixed order', () => {
    const spans = [
      at('compute', 'c', 0, 1),
      at('x', 'a', 0, 5),
      at('x', 'b', 3, 8),
      at('x', 'in a', 1, 2),
      at('phases', 'p', 0, 9),
    ];
    const read = readTrace(chromeTrace(traceOf([], { offsetMs: 0, spans }))).spans;
    expect(read.map(({ lane, name }) => `${lane}: ${name}`)).toEqual([
      'phases: p',
      'compute: c',
      'x: a',
      'x: in a',
      'x (2): b',
    ]);
  });

  it('is valid where nothing was recorded', () => {
    expect(readTrace(chromeTrace(traceOf([at('effects', 'x', 0, 1)], { spans: [] }))).spans).toEqual([]);
  });

  it('is valid whatever was recorded', () => {
    const ms = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    const any = fc.record({
      track: fc.constantFrom('phases', 'x'),
      name: fc.constantFrom('a', 'b"\n'),
      beginMs: ms,
      endMs: ms,
    });
    const trace = fc.record({ own: fc.array(any), one: fc.array(any, { maxLength: 60 }), offsetMs: ms });
    fc.assert(
      fc.property(trace, ({ own, one, offsetMs }) => {
        const { spans } = readTrace(chromeTrace(traceOf(own, { offsetMs, spans: one })));
        const whole = one.filter(({ beginMs, endMs }) => endMs >= beginMs);
        expect(spans.filter(({ process }) => process === 'worker w1')).toHaveLength(whole.length);
      }),
    );
  });
});
