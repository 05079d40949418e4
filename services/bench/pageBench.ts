/** What the live page costs: what a browser loads, and how fast a run goes while many look at it. */
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { readAssets } from '../page/live/assets.ts';
import { type Cluster, startWorkers, withCluster } from './cluster.ts';
import { endOfAny } from './leftovers.ts';
import { median } from './median.ts';
import { benchConfig } from './networks.ts';
import { processCpuMs } from './processCpu.ts';

export interface PageBench {
  /** All that a browser loads before it shows a run, as it is and as it travels. */
  readonly bytes: number;
  readonly gzippedBytes: number;
  readonly viewers: number;
  /** Of a run of one worker: the medians of turns without and with viewers. */
  readonly phasesPerSecond: { readonly alone: number; readonly viewed: number };
  /** Of one core, that the coordinator takes meanwhile: a figure that other programs on the machine change less. */
  readonly coordinatorCpu: { readonly alone: number; readonly viewed: number };
  /** What all viewers together were told. */
  readonly toldBytesPerSecond: number;
}

const VIEWERS = 50;
/** In turns, so that what else the machine does is in both. */
const TURNS = 5;
const TURN_MS = 4_000;
const SETTLE_MS = 1_000;
const WARM_UP_PHASES = 40;

export async function benchPage(backend: RunConfig['backend']): Promise<PageBench> {
  const assets = [...(await readAssets()).values()];
  const sum = (of: (asset: (typeof assets)[number]) => number) => assets.reduce((total, one) => total + of(one), 0);
  const rates = await withCluster(async (cluster) => {
    const { children } = await startWorkers(cluster, 1, backend);
    const { runId } = await cluster.client.createRun(toYaml(benchConfig({ workers: 1, backend })), false);
    return Promise.race([measure(cluster, runId), endOfAny(children)]);
  });
  return {
    ...{ bytes: sum(({ bytes }) => bytes.length), gzippedBytes: sum(({ gzipped }) => gzipped.length) },
    ...{ viewers: VIEWERS, ...rates },
  };
}

async function measure({ client, pageAddress, coordinator }: Cluster, runId: string) {
  const phase = async () => (await client.getRun(runId)).phase;
  const cpuMs = () => processCpuMs(must(coordinator.pid, 'pid'), 'page');
  while ((await phase()) < WARM_UP_PHASES) await sleep(100);
  const rates = async () => {
    await sleep(SETTLE_MS);
    const [begin, cpuBegin, beginMs] = [await phase(), await cpuMs(), performance.now()];
    await sleep(TURN_MS);
    const [end, cpuEnd, elapsedMs] = [await phase(), await cpuMs(), performance.now() - beginMs];
    return { phases: ((end - begin) / elapsedMs) * 1000, cpu: (cpuEnd - cpuBegin) / elapsedMs };
  };
  const [alone, viewed]: [Rates[], Rates[]] = [[], []];
  const told: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    alone.push(await rates());
    const viewers = Array.from({ length: VIEWERS }, () => openViewer(`http://${pageAddress}/events?run=${runId}`));
    viewed.push(await rates());
    told.push(viewers.reduce((total, viewer) => total + viewer.close(), 0) / ((SETTLE_MS + TURN_MS) / 1000));
  }
  const medians = (of: keyof Rates) => {
    return { alone: median(alone.map((one) => one[of])), viewed: median(viewed.map((one) => one[of])) };
  };
  return { phasesPerSecond: medians('phases'), coordinatorCpu: medians('cpu'), toldBytesPerSecond: median(told) };
}

interface Rates {
  readonly phases: number;
  readonly cpu: number;
}

/** Reads whatever it is told; `close` says how many bytes that were. */
function openViewer(url: string): { close(): number } {
  let bytes = 0;
  const request = get(url, { agent: false }, (response: IncomingMessage) => {
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    response.on('error', () => undefined);
  });
  request.on('error', () => undefined);
  return {
    close: () => {
      request.destroy();
      return bytes;
    },
  };
}
