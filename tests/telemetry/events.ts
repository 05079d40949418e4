/** Run events for the tests of this room. */
import type { AlarmEvent, PhaseEvent, RunEvent, StateEvent } from '../../services/report/runEvent.ts';

const stamp = (runId: string, sequence: number) => ({
  schema: 'ganglion.v1' as const,
  runId,
  sequence,
  timeMs: 1_700_000_000_000 + sequence,
});

export function stateEvent(sequence: number, runId = 'run-1'): StateEvent {
  return {
    ...stamp(runId, sequence),
    kind: 'state',
    state: 'running',
    why: `Event ${sequence}.`,
    phase: sequence,
    totalPhases: 1_000,
    weightsSha256: '',
  };
}

export function phaseEvent(sequence: number, phase = sequence, runId = 'run-1'): PhaseEvent {
  return {
    ...stamp(runId, sequence),
    kind: 'phase',
    phase,
    totalPhases: 1_000,
    epoch: 0,
    statistics: { discriminatorLoss: 0.7, generatorLoss: 0.6, value: -1.4, dReal: 0.6, dFake: 0.4 },
    timings: { computeMs: 20, exchangeMs: 3, waitMs: 1, applyMs: 2 },
    samples: (phase + 1) * 100,
    samplesPerSecond: 1_000,
    phasesPerSecond: 10,
  };
}

export function snapshotEvent(sequence: number, runId = 'run-1'): RunEvent {
  return { ...stamp(runId, sequence), kind: 'snapshot', phase: sequence, artifact: `fakes_${sequence}.png` };
}

export function membershipEvent(sequence: number, runId = 'run-1'): RunEvent {
  const members = [{ workerId: 'worker-1', rank: 0, shards: [0, 1] }];
  return { ...stamp(runId, sequence), kind: 'membership', generation: 1, phase: 0, members, why: 'worker-1 joined.' };
}

export function alarmEvent(sequence: number, fields: Partial<AlarmEvent> = {}): AlarmEvent {
  return {
    ...{ ...stamp('run-1', sequence), kind: 'alarm', name: 'modeCollapse', active: true, phase: sequence },
    ...{ value: 0.1, threshold: 0.4, message: 'All pictures are one.', advice: 'Lower the learning rates.' },
    ...fields,
  };
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}
