/** A run as people and metrics see it. */
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { samplesUsed } from '../plan/ledger.ts';
import { planPhase, totalPhases } from '../plan/phasePlan.ts';
import type { Member } from '../report/runEvent.ts';
import type { Lane, RunGlance, RunView, WorkerView } from '../report/runView.ts';
import type { LiveRun } from '../telemetry/liveRun.ts';
import type { RunStanding } from '../telemetry/metrics.ts';
import {
  type CoordinatorState,
  type EvaluationQueue,
  newestCheckpoint,
  type RunRecord,
  type WorkerRecord,
} from './core/state.ts';
import type { Sight } from './tracing/draft.ts';

/** What a run's earlier phases were, for counters that count on. */
export function standing(run: Readonly<RunRecord>, checkpointAtMs: number): RunStanding {
  return {
    phase: run.phase,
    samples: samplesUsed(run.config, run.datasetSize, run.phase),
    totalPhases: run.totalPhases,
    checkpointAtMs,
    alarms: run.illness.alarms.map(({ name }) => name),
    measures: run.evaluated.newest?.measures ?? [],
    updatesBefore: (phase) => planPhase(run.config, run.datasetSize, phase).updatesBefore,
  };
}

export function liveRun(run: Readonly<RunRecord>, workers: CoordinatorState['workers']): LiveRun {
  const { runId, state, config, members } = run;
  const computeSeconds = ({ workerId, shards }: Member) => {
    const msPerShard = workers.get(workerId)?.msPerShard;
    return msPerShard === undefined || shards.length === 0 ? undefined : (msPerShard * shards.length) / 1000;
  };
  const timed = members.map((member) => ({ workerId: member.workerId, computeSeconds: computeSeconds(member) }));
  return { runId, state, workersMin: config.workers.min, members: timed };
}

export function viewOf(run: Readonly<RunRecord>): RunView {
  return { ...glanceOf(run), configYaml: toYaml(run.config) };
}

export function glanceOf(run: Readonly<RunRecord>): RunGlance {
  const { runId, state, why, phase, generation, createdAtMs, updatedAtMs, folder, statistics } = run;
  return {
    ...{ runId, state, why, phase, generation, createdAtMs, updatedAtMs, folder, statistics },
    totalPhases: run.totalPhases,
    workerIds: run.members.map(({ workerId }) => workerId),
    workersWanted: run.config.workers.max,
    workersNeeded: run.config.workers.min,
    checkpointPhases: run.checkpoints.map((checkpoint) => checkpoint.phase),
    weightsSha256: newestCheckpoint(run).weightsSha256,
    alarms: run.illness.alarms,
    evaluation: run.evaluated.newest,
    best: run.evaluated.best,
  };
}

/** By rank; a member that is lost has none. */
export function lanesOf({ members }: Readonly<RunRecord>, { workers }: CoordinatorState): Lane[] {
  return members.flatMap(({ workerId, shards }) => {
    const worker = workers.get(workerId);
    return worker
      ? [{ workerId, shards, phase: worker.phase, activity: worker.activity, timings: worker.timings }]
      : [];
  });
}

export function workerView(worker: Readonly<WorkerRecord>, { running }: EvaluationQueue): WorkerView {
  const { workerId, hostname, pid, device, runId = '', phase, activity: trains, connectedAtMs } = worker;
  const part = running?.parts.find((one) => one.workerId === workerId);
  const measures = running && part && `measures ${part.metrics.join(', ')} of ${running.runId} at ${running.phase}`;
  const activity = measures === undefined ? trains : trains === 'idle' ? measures : `${trains}; ${measures}`;
  return { workerId, hostname, pid, device, runId, phase, activity, connectedAtMs };
}

export function dryView(config: RunConfig, datasetSize: number): RunView {
  return {
    runId: '',
    state: 'queued',
    why: 'A dry run: nothing was created.',
    configYaml: toYaml(config),
    phase: 0,
    totalPhases: totalPhases(config, datasetSize),
    generation: 0,
    workerIds: [],
    workersWanted: config.workers.max,
    workersNeeded: config.workers.min,
    createdAtMs: 0,
    updatedAtMs: 0,
    folder: '',
    checkpointPhases: [],
    weightsSha256: '',
    statistics: {},
    alarms: [],
    evaluation: undefined,
    best: undefined,
  };
}

/** As whoever traces it looks at it. Who is connected is listed only where it is asked for: there may be a thousand. */
export function sightOf(run: Readonly<RunRecord>, { workers }: CoordinatorState) {
  const { runId, state: runState, why, phase, totalPhases, generation, stage } = run;
  return {
    ...{ runState, why, phase, totalPhases, generation, stage },
    get workers(): Sight['workers'] {
      return [...workers.values()].map((worker) => {
        const { workerId, connectedAtMs } = worker;
        return { workerId, connectedAtMs, isMember: worker.runId === runId };
      });
    },
  };
}
