/** Two workers on this machine: how long their iterations take, beside the model, and what they cost the coordinator. */
import { toYaml } from '../../config/resolve.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { must } from '../../errors/invariant.ts';
import type { RunEvent } from '../../report/runEvent.ts';
import type { Timings } from '../../report/statistics.ts';
import { startWorkers, withCluster } from '../cluster.ts';
import { endOfAny } from '../leftovers.ts';
import { measureRates } from '../phaseRates.ts';
import { processCpuMs } from '../processCpu.ts';
import { dataPhasesOf, phasesOf } from './iteration.ts';

/** Of an iteration, in ms. */
export interface PairBench {
  readonly iterationMs: number;
  /** On the worker that works longest. */
  readonly parts: Timings;
  /** The coordinator's CPU. */
  readonly coordinatorMs: number;
}

/** What /proc counts in 10 ms must add up. */
const TIME = { warmUpMs: 2_000, measureMs: 6_000 } as const;

/** @param config of two workers. */
export async function benchPair(config: RunConfig): Promise<PairBench> {
  const phases = phasesOf(config);
  const images = config.batchSize * dataPhasesOf(config);
  return withCluster(async (cluster) => {
    const { client, coordinator } = cluster;
    const { children } = await startWorkers(cluster, config.workers.max, config.backend);
    const { runId } = await client.createRun(toYaml(config), false);
    const readings: Reading[] = [];
    const pid = must(coordinator.pid, 'pid');
    const events = withReadings(client.watchRun(runId, 0), readings, () => processCpuMs(pid, 'scaling'));
    const { iterationMs, parts } = await Promise.race([
      measureRates(events, TIME, { images, phases }),
      endOfAny(children),
    ]);
    return { iterationMs, parts, coordinatorMs: phases * cpuMsAPhase(readings) };
  });
}

export interface Reading {
  readonly phase: number;
  readonly cpuMs: number;
}

async function* withReadings(
  events: AsyncIterable<RunEvent>,
  into: Reading[],
  read: () => Promise<number>,
): AsyncIterable<RunEvent> {
  for await (const event of events) {
    if (event.kind === 'phase') into.push({ phase: event.phase, cpuMs: await read() });
    yield event;
  }
}

/** Over the second half of the readings: in the first one the compiler is at work. */
export function cpuMsAPhase(readings: readonly Reading[]): number {
  const [begin, end] = [must(readings[readings.length >> 1], 'reading'), must(readings.at(-1), 'reading')];
  return (end.cpuMs - begin.cpuMs) / Math.max(1, end.phase - begin.phase);
}
