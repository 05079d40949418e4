/** Events that a run tells of itself, as the bench reads them. */
import type { RunEvent, RunState } from '../../services/report/runEvent.ts';

const head = { schema: 'ganglion.v1', runId: 'bench-1', sequence: 0 } as const;
export function stateEvent(timeMs: number, name: RunState, why = ''): RunEvent {
  return { ...head, kind: 'state', timeMs, state: name, why, phase: 0, totalPhases: 100, weightsSha256: '' };
}

/** Ten phases, five of them D's, took until `timeMs`. */
export function phaseEvent(timeMs: number, samples: number, computeMs: number): RunEvent {
  const timings = { computeMs, exchangeMs: 2, waitMs: 0, applyMs: 1 };
  const rates = { samplesPerSecond: 0, phasesPerSecond: 0 };
  return {
    ...head,
    ...rates,
    kind: 'phase',
    timeMs,
    phase: 9,
    totalPhases: 100,
    epoch: 0,
    statistics: {},
    timings,
    samples,
  };
}

export async function* told(...events: RunEvent[]): AsyncIterable<RunEvent> {
  yield* events;
}
