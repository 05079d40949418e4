/** Runs, workers and events between their wire form and plain values. Exhaustive: a new proto value breaks the build. */
import { must } from '../errors/invariant.ts';
import { EVALUATED, type Evaluation, type Measured } from '../report/evaluation.ts';
import type { RunEvent, RunState } from '../report/runEvent.ts';
import type { Device, RunView, WorkerView } from '../report/runView.ts';
import type { Statistics } from '../report/statistics.ts';
import type { Device__Output } from './generated/ganglion/v1/Device.ts';
import type { Evaluation__Output } from './generated/ganglion/v1/Evaluation.ts';
import type { Measure } from './generated/ganglion/v1/Measure.ts';
import type { Run, Run__Output } from './generated/ganglion/v1/Run.ts';
import type { RunEvent__Output, RunEvent as WireEvent } from './generated/ganglion/v1/RunEvent.ts';
import type { RunState__Output } from './generated/ganglion/v1/RunState.ts';
import type { Statistics__Output } from './generated/ganglion/v1/Statistics.ts';
import type { Worker__Output } from './generated/ganglion/v1/Worker.ts';

const STATE_TO_WIRE = {
  queued: 'RUN_STATE_QUEUED',
  starting: 'RUN_STATE_STARTING',
  running: 'RUN_STATE_RUNNING',
  waiting: 'RUN_STATE_WAITING',
  pausing: 'RUN_STATE_PAUSING',
  paused: 'RUN_STATE_PAUSED',
  completed: 'RUN_STATE_COMPLETED',
  failed: 'RUN_STATE_FAILED',
  cancelled: 'RUN_STATE_CANCELLED',
} as const satisfies Record<RunState, RunState__Output>;

/** A newer server may know more states; the nearest harmless one is the one that nothing is waited for in. */
const STATE_UNKNOWN: RunState = 'queued';

const STATE_FROM_WIRE: Record<RunState__Output, RunState> = {
  RUN_STATE_UNSPECIFIED: STATE_UNKNOWN,
  RUN_STATE_QUEUED: 'queued',
  RUN_STATE_STARTING: 'starting',
  RUN_STATE_RUNNING: 'running',
  RUN_STATE_WAITING: 'waiting',
  RUN_STATE_PAUSING: 'pausing',
  RUN_STATE_PAUSED: 'paused',
  RUN_STATE_COMPLETED: 'completed',
  RUN_STATE_FAILED: 'failed',
  RUN_STATE_CANCELLED: 'cancelled',
};

function stateFromWire(state: RunState__Output): RunState {
  // protobuf gives a value that has no name here as its number.
  return Object.hasOwn(STATE_FROM_WIRE, state) ? STATE_FROM_WIRE[state] : STATE_UNKNOWN;
}

export function runToWire(run: RunView): Run {
  return {
    ...run,
    state: STATE_TO_WIRE[run.state],
    workerIds: [...run.workerIds],
    checkpointPhases: [...run.checkpointPhases],
    alarms: [...run.alarms],
    statistics: statisticsToWire(run.statistics),
    evaluation: run.evaluation ? evaluationToWire(run.evaluation) : null,
    best: run.best ?? null,
  };
}

export function runFromWire(run: Run__Output | null): RunView {
  const wire = must(run, 'run');
  return {
    ...wire,
    state: stateFromWire(wire.state),
    statistics: statisticsFromWire(wire.statistics),
    evaluation: wire.evaluation ? evaluationFromWire(wire.evaluation) : undefined,
    best: wire.best ?? undefined,
  };
}

function evaluationToWire({ phase, of, measures }: Evaluation) {
  return { phase, of, measures: measures.map(measureToWire) };
}

function evaluationFromWire({ phase, ...found }: Evaluation__Output) {
  return { phase, ...measuresFromWire(found) };
}

/** A newer program's words for what G's weights were mean those of the training. */
export function measuresFromWire({ of, measures }: Pick<Evaluation__Output, 'of' | 'measures'>) {
  return {
    of: EVALUATED.find((known) => known === of) ?? 'live',
    measures: measures.map(({ name, value, standardError }) => {
      return standardError === undefined ? { name, value } : { name, value, standardError };
    }),
  };
}

/** The wire knows absence by a missing key. */
export function measureToWire({ name, value, standardError }: Measured): Measure {
  return standardError === undefined ? { name, value } : { name, value, standardError };
}

/** The wire knows absence by a missing key. */
export function statisticsToWire(statistics: Statistics): Record<string, number> {
  return Object.fromEntries(Object.entries(statistics).filter(([, value]) => value !== undefined)) as Record<
    string,
    number
  >;
}

export function statisticsFromWire(wire: Statistics__Output | null | undefined): Statistics {
  if (!wire) return {};
  const { discriminatorLoss, generatorLoss, value, dReal, dFake, penalty } = wire;
  const { discriminatorGradientNorm, generatorGradientNorm, emaGap } = wire;
  const all = {
    discriminatorLoss,
    generatorLoss,
    value,
    dReal,
    dFake,
    penalty,
    discriminatorGradientNorm,
    generatorGradientNorm,
    emaGap,
  };
  return Object.fromEntries(Object.entries(all).filter(([, entry]) => entry !== undefined));
}

export function eventToWire(event: RunEvent): WireEvent {
  const { runId, sequence, timeMs } = event;
  switch (event.kind) {
    case 'state':
      return { runId, sequence, timeMs, state: { ...event, state: STATE_TO_WIRE[event.state] } };
    case 'phase':
      return { runId, sequence, timeMs, phase: { ...event, statistics: statisticsToWire(event.statistics) } };
    case 'snapshot':
      return { runId, sequence, timeMs, snapshot: event };
    case 'membership':
      return { runId, sequence, timeMs, membership: event };
    case 'alarm':
      return { runId, sequence, timeMs, alarm: event };
    case 'evaluation':
      return { runId, sequence, timeMs, evaluation: { ...evaluationToWire(event), why: event.why } };
  }
}

/** Undefined for a kind that a newer coordinator has, and this program does not know. */
export function eventFromWire(wire: RunEvent__Output): RunEvent | undefined {
  if (wire.event === undefined) return undefined;
  const head = { schema: 'ganglion.v1', runId: wire.runId, sequence: wire.sequence, timeMs: wire.timeMs } as const;
  switch (wire.event) {
    case 'state': {
      const event = must(wire.state, 'state event');
      return { ...head, kind: 'state', ...event, state: stateFromWire(event.state) };
    }
    case 'phase': {
      const event = must(wire.phase, 'phase event');
      const timings = must(event.timings, 'timings');
      return { ...head, kind: 'phase', ...event, timings, statistics: statisticsFromWire(event.statistics) };
    }
    case 'snapshot':
      return { ...head, kind: 'snapshot', ...must(wire.snapshot, 'snapshot event') };
    case 'membership':
      return { ...head, kind: 'membership', ...must(wire.membership, 'membership event') };
    case 'alarm':
      return { ...head, kind: 'alarm', ...must(wire.alarm, 'alarm event') };
    case 'evaluation': {
      const event = must(wire.evaluation, 'evaluation event');
      return { ...head, kind: 'evaluation', ...evaluationFromWire(event), why: event.why };
    }
  }
}

export function deviceFromWire(wire: Device__Output | null): Device {
  const device = must(wire, 'device');
  return { ...device, backend: backendFromWire(device.backend) };
}

function backendFromWire(backend: string): Device['backend'] {
  return backend === 'cuda' || backend === 'tensorflow' || backend === 'wasm' ? backend : 'cpu';
}

export function workerFromWire(worker: Worker__Output): WorkerView {
  return { ...worker, device: deviceFromWire(worker.device) };
}
