/** A run's events become its event file. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Chart } from '../telemetry/chart.ts';
import type { Follow } from '../telemetry/runFollowers.ts';
import { EventFile } from './eventFile.ts';

/** Between two writes: what is told meanwhile goes into one. */
const PAUSE_MS = 1_000;
const BATCH_MAX = 1_024;

export const chartRun: Follow = async ({ runId, history }, follower, closing) => {
  const file = await EventFile.open(history.folder, runId);
  const chart = new Chart();
  for await (const events of follower.batches(BATCH_MAX)) {
    await file.append(events.flatMap((event) => chart.show(event) ?? []));
    await sleep(PAUSE_MS, undefined, { signal: closing }).catch(() => undefined);
  }
};
