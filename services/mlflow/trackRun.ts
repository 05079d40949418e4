/**
 * A run's events become a run of MLflow's. An outage is told once, and what it held up is sent when it is over: it waits in the
 * run's history. What the server has already is not sent again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { configSha256 } from '../config/configHash.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { RunEvent } from '../report/runEvent.ts';
import { Chart } from '../telemetry/chart.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Follow, FollowedRun } from '../telemetry/runFollowers.ts';
import type { Metric, MlflowClient, MlflowRun, Status } from './mlflowClient.ts';
import { parametersOf } from './parameters.ts';

/** Between two batches. */
const PAUSE_MS = 1_000;
/** Between two tries while the server is away. */
const RETRY_MS = 5_000;
/** A report has 15 metrics, and a batch at most 1,000. */
const EVENTS_MAX = 60;
const PARAMETERS_MAX = 100;
/** The run id and what tells two coordinators' runs of that name apart: a retry finds what was made already. */
const TAG = 'ganglion.run';

const STATUSES: Readonly<Partial<Record<string, Status>>> = {
  running: 'RUNNING',
  completed: 'FINISHED',
  failed: 'FAILED',
  cancelled: 'KILLED',
};

/** @param retryMs for tests. */
export function trackRuns(client: MlflowClient, log: Pick<Logger, 'warn' | 'info'>, retryMs = RETRY_MS): Follow {
  let isAway = false;

  /** Tries until the server took it; false where the coordinator ends before. Throws what no further try would mend. */
  async function deliver(send: () => Promise<void>, closing: AbortSignal): Promise<boolean> {
    for (;;) {
      try {
        await send();
        if (isAway) log.info('MLflow answers again');
        isAway = false;
        return true;
      } catch (error) {
        if (!(error instanceof GanglionError && error.code === 'unreachable')) throw error;
        if (!isAway) log.warn(`${error.message} Runs go on; what it misses is sent later.`);
        isAway = true;
        if (closing.aborted) return false;
        await sleep(retryMs, undefined, { signal: closing }).catch(() => undefined);
      }
    }
  }

  return async (run, follower, closing) => {
    let tracked: MlflowRun | undefined;
    const register = async () => {
      tracked = await registered(client, run);
    };
    if (!(await deliver(register, closing)) || tracked === undefined) return;
    const { run_id: id } = tracked.info;
    const sent = new Map(tracked.data.metrics.map(({ key, step }) => [key, step]));
    const chart = new Chart();
    let status: Status | undefined;
    for await (const events of follower.batches(EVENTS_MAX)) {
      const metrics = events
        .flatMap((event) => metricsOf(chart, event))
        .filter(({ key, step }) => step > (sent.get(key) ?? -1));
      for (const { key, step } of metrics) sent.set(key, step);
      if (metrics.length > 0 && !(await deliver(() => client.log(id, { metrics }), closing))) return;
      const next = events.reduce((known, event) => statusOf(event) ?? known, status);
      if (next !== undefined && next !== status && !(await deliver(() => client.setStatus(id, next), closing))) return;
      status = next;
      await sleep(PAUSE_MS, undefined, { signal: closing }).catch(() => undefined);
    }
  };
}

/** The run on the server, with its parameters: as an earlier coordinator, or an earlier try, left it. */
async function registered(client: MlflowClient, { runId, config, history }: FollowedRun): Promise<MlflowRun> {
  const experiment = await client.experiment();
  const tag = { key: TAG, value: `${runId} in ${history.folder}` };
  const tags = [tag, { key: 'ganglion.configSha256', value: configSha256(config) }];
  const found = (await client.findRun(experiment, tag)) ?? (await client.createRun(experiment, runId, tags));
  const parameters = parametersOf(config);
  for (let first = 0; first < parameters.length; first += PARAMETERS_MAX) {
    await client.log(found.info.run_id, { params: parameters.slice(first, first + PARAMETERS_MAX) });
  }
  return found;
}

function metricsOf(chart: Chart, event: RunEvent): Metric[] {
  const { step = 0, timeMs: timestamp = 0, values = [] } = chart.show(event) ?? {};
  return values.flatMap((value) =>
    'simpleValue' in value ? [{ key: value.tag, value: value.simpleValue, timestamp, step }] : [],
  );
}

function statusOf(event: RunEvent): Status | undefined {
  return event.kind === 'state' ? STATUSES[event.state] : undefined;
}
