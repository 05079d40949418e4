/** Runs and workers as the coordinator tells of them. */
import type { RunEvent, RunState } from '../../services/report/runEvent.ts';
import type { RunView, WorkerView } from '../../services/report/runView.ts';

export const NOW_MS = 1_800_000_000_000;

export function runView(fields: Partial<RunView> = {}): RunView {
  return {
    runId: 'mnist-quick-1',
    state: 'running',
    why: '2 of 2 workers train.',
    configYaml: '',
    phase: 1200,
    totalPhases: 6000,
    generation: 1,
    workerIds: ['w1', 'w2'],
    workersWanted: 2,
    workersNeeded: 2,
    createdAtMs: NOW_MS - 600_000,
    updatedAtMs: NOW_MS,
    folder: '/srv/runs/mnist-quick-1',
    checkpointPhases: [500, 1000],
    weightsSha256: 'ab'.repeat(32),
    statistics: { value: -1.234, dReal: 0.5, dFake: 0.25 },
    alarms: [],
    evaluation: undefined,
    best: undefined,
    ...fields,
  };
}

export function workerView(fields: Partial<WorkerView> = {}): WorkerView {
  return {
    workerId: 'w1',
    hostname: 'box',
    pid: 42,
    device: {
      backend: 'tensorflow',
      backendVersion: '2.21.0',
      deviceClass: 'tensorflow/2.21.0/x64-avx512',
      intraOpThreads: 1,
      cores: 2,
      memoryBytes: 2 ** 33,
      runtime: 'v20.20.2',
    },
    runId: '',
    phase: 0,
    activity: 'idle',
    connectedAtMs: NOW_MS - 45_000,
    ...fields,
  };
}

export function stateEvent(sequence: number, state: RunState, why = 'because'): RunEvent {
  const head = { schema: 'ganglion.v1', runId: 'r-1', sequence, timeMs: NOW_MS } as const;
  return { ...head, kind: 'state', state, why, phase: 0, totalPhases: 100, weightsSha256: '' };
}

export function phaseEvent(sequence: number, phase: number, value?: number): RunEvent {
  return {
    ...{ schema: 'ganglion.v1', runId: 'r-1', sequence, timeMs: NOW_MS, kind: 'phase' },
    ...{ phase, totalPhases: 100, epoch: 0, samples: 100, samplesPerSecond: 5000, phasesPerSecond: 50 },
    statistics: value === undefined ? {} : { value, dReal: 0.75, dFake: 0.25 },
    timings: { computeMs: 1, exchangeMs: 1, waitMs: 1, applyMs: 1 },
  };
}

export function evaluationEvent(sequence: number, why: string): RunEvent {
  const head = { schema: 'ganglion.v1', runId: 'r-1', sequence, timeMs: NOW_MS } as const;
  return { ...head, kind: 'evaluation', phase: 40, of: 'ema', measures: [{ name: 'mmd2', value: 0.5 }], why };
}

export function alarmEvent(sequence: number, active: boolean): RunEvent {
  const head = { schema: 'ganglion.v1', runId: 'r-1', sequence, timeMs: NOW_MS } as const;
  const seen = { name: 'modeCollapse', active, phase: 900, value: 0.1, threshold: 0.4 };
  return { ...head, kind: 'alarm', ...seen, message: 'All pictures are one.', advice: 'Lower the learning rates.' };
}
