/** What coordinator and workers hold in memory after few phases and after many: a leak of bytes a phase shows. */
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { RunEvent } from '../report/runEvent.ts';
import { startWorkers, withCluster } from './cluster.ts';
import { endOfAny } from './leftovers.ts';
import { median } from './median.ts';
import { benchConfig, type Shape } from './networks.ts';
import { stopped } from './phaseRates.ts';
import { residentMegabytes } from './residentMemory.ts';

export interface MemoryBench {
  /** Phases after which memory was read: few, many. */
  readonly phases: readonly [number, number];
  readonly processes: readonly ProcessMemory[];
}

export interface ProcessMemory {
  /** `coordinator`, `worker-1`, `worker-2`. */
  readonly name: string;
  /** Resident, after few phases and after many; 1 MB = 10⁶ bytes. */
  readonly megabytes: readonly [number, number];
}

export const FEW_PHASES = 1_000;
/** Small, so that many phases take a minute: what is kept by a phase does not depend on the widths. */
const SMALL: Shape = { generatorUnits: [16, 32, 784], discriminatorUnits: [784, 32, 1], batchSize: 32 };
const WORKERS = 2;
/** Before each of the two points; their median is free of what the next collection of garbage takes away. */
const READING_PHASES = 400;

/** @param phases more than `FEW_PHASES`. */
export async function benchMemory(backend: RunConfig['backend'], phases: number): Promise<MemoryBench> {
  return withCluster(async (cluster) => {
    const { client, coordinator } = cluster;
    const { children } = await startWorkers(cluster, WORKERS, backend);
    const { runId } = await client.createRun(toYaml(benchConfig({ workers: WORKERS, backend, shape: SMALL })), false);
    const pids = [coordinator, ...children].map(({ pid }) => must(pid, 'pid'));
    const read = () => Promise.all(pids.map(residentMegabytes));
    const points = [FEW_PHASES, phases] as const;
    const [few, many] = await Promise.race([readAt(client.watchRun(runId, 0), points, read), endOfAny(children)]);
    const names = ['coordinator', ...children.map((_, i) => `worker-${i + 1}`)];
    const processes = names.map((name, i): ProcessMemory => {
      return { name, megabytes: [must(few[i], 'reading'), must(many[i], 'reading')] };
    });
    return { phases: points, processes };
  });
}

/** The medians of what was read in the phases before each of the two points. */
export async function readAt(
  events: AsyncIterable<RunEvent>,
  [few, many]: readonly [number, number],
  read: () => Promise<readonly number[]>,
): Promise<[number[], number[]]> {
  const readings: Record<'few' | 'many', (readonly number[])[]> = { few: [], many: [] };
  for await (const event of events) {
    if (event.kind !== 'phase') continue;
    if (isBefore(few, event.phase)) readings.few.push(await read());
    if (isBefore(many, event.phase)) readings.many.push(await read());
    if (event.phase + 1 >= many) return [medians(readings.few), medians(readings.many)];
  }
  throw stopped('Its events ended.');
}

function isBefore(point: number, phase: number): boolean {
  return phase < point && phase >= point - READING_PHASES;
}

function medians(readings: readonly (readonly number[])[]): number[] {
  return must(readings[0], 'reading').map((_, i) => median(readings.map((one) => must(one[i], 'reading'))));
}
