/** The coordinator at a glance: its runs, newest first, and its workers. */
import type { Device } from '../../report/runView.ts';
import { modesOf } from '../../sampling/modes.ts';
import type { Game, Overview } from './frame.ts';
import type { PageSource } from './pageSource.ts';

const RUNS_MAX = 100;
const WORKERS_MAX = 200;

export function overviewOf(source: PageSource): Overview {
  const glances = source.glances();
  const newest = glances.toSorted((a, b) => b.createdAtMs - a.createdAtMs).slice(0, RUNS_MAX);
  return {
    runs: newest.map(({ runId, state, phase, totalPhases, alarms }) => {
      return { runId, state, phase, totalPhases, alarms: alarms.length };
    }),
    runsLeft: glances.length - newest.length,
    workers: source
      .listWorkers()
      .slice(0, WORKERS_MAX)
      .map(({ workerId, runId, activity, device }) => ({ workerId, runId, activity, device: deviceText(device) })),
  };
}

function deviceText({ backend, backendVersion, cores }: Device): string {
  return `${backend} ${backendVersion}, ${cores} core${cores === 1 ? '' : 's'}`;
}

export function gameOf(source: PageSource, runId: string): Game {
  const { config, shape } = source.game(runId);
  const { objective, data, batchSize, shards, seed } = config;
  const values = shape.length === 1 ? shape[0] : undefined;
  // D is a function of x alone: see figure 1's own rule.
  const isLine = values === 1 && !data.labels && config.discriminator.packing === 1;
  return {
    ...{ loss: objective.loss, dataset: data.dataset, batchSize, shards, seed, shape },
    look: isLine ? 'line' : values === 2 ? 'plane' : 'pictures',
    modes: values === 2 ? (modesOf(config) ?? []) : [],
  };
}
