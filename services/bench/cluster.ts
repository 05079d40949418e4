/** A coordinator on free ports of loopback and in a folder of its own, and processes beside it, each as in a real cluster. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '../config/environment.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { WorkerView } from '../report/runView.ts';
import { connect, type RunsClient } from '../wire/client.ts';
import { endOfAny, Leftovers } from './leftovers.ts';

export interface Cluster {
  /** HOST:PORT of the coordinator's gRPC. */
  readonly address: string;
  /** HOST:PORT of the live page. */
  readonly pageAddress: string;
  readonly client: RunsClient;
  readonly coordinator: ChildProcess;
  readonly leftovers: Leftovers;
  /** For its programs: a bench is told of errors only, unless GANGLION_LOG_LEVEL says more or less. */
  readonly env: NodeJS.ProcessEnv;
}

const CALL_MS = 30_000;
/** A worker loads its backend in 1–3 s; WASM on a slow machine needs longer. */
const WORKERS_MS_MAX = 60_000;
const POLL_MS = 100;

/** Gives `use` a cluster, and takes it away again. @param dataDir stays; without one it is a folder that goes as well. */
export async function withCluster<Value>(use: (cluster: Cluster) => Promise<Value>, dataDir?: string): Promise<Value> {
  const { logLevel } = readEnvironment();
  const env = { ...process.env, GANGLION_LOG_LEVEL: logLevel === 'info' ? 'error' : logLevel };
  const leftovers = new Leftovers();
  let client: RunsClient | undefined;
  try {
    // Not in this process, whose heap is full of tfjs: it would have to be searched at every collection of garbage.
    const ports = ['--port', '0', '--http-port', '0', '--page-port', '0'];
    const coordinator = leftovers.ganglion(['coordinator', ...ports, '--data-dir', dataDir ?? leftovers.folder()], env);
    const { address, pageAddress } = await Promise.race([addressesOf(coordinator), endOfAny([coordinator])]);
    client = connect(address, { timeoutMs: CALL_MS });
    return await Promise.race([
      use({ address, pageAddress, client, coordinator, leftovers, env }),
      endOfAny([coordinator]),
    ]);
  } finally {
    client?.close();
    await leftovers.clear();
  }
}

/** A coordinator that listens prints its addresses: gRPC, HTTP, the live page. */
async function addressesOf(coordinator: ChildProcess): Promise<{ address: string; pageAddress: string }> {
  const lines = createInterface({ input: must(coordinator.stdout, 'stdout') });
  const [line] = (await once(lines, 'line')) as [string];
  const [address, , pageAddress] = line.trim().split(' ');
  return { address: must(address, 'address'), pageAddress: must(pageAddress, 'page address') };
}

/** Starts `worker-1`, `worker-2`, … as `ganglion worker` does; resolves once all have registered. */
export async function startWorkers(cluster: Cluster, count: number, backend: RunConfig['backend']) {
  const { address, env, leftovers } = cluster;
  const device = ['--backend', backend.require, '--threads', `${backend.intraOpThreads}`];
  const children = Array.from({ length: count }, (_, i) =>
    leftovers.ganglion(['worker', '--coordinator', address, '--id', `worker-${i + 1}`, ...device], env),
  );
  return { children, views: await workersArrive(cluster, children) };
}

/** The workers, once all have registered. */
export async function workersArrive({ client }: Cluster, children: readonly ChildProcess[]): Promise<WorkerView[]> {
  const arrival = async () => {
    const deadline = Date.now() + WORKERS_MS_MAX;
    for (;;) {
      const here = await client.listWorkers();
      if (here.length === children.length) return here;
      if (Date.now() > deadline) throw late(here.length, children.length);
      await sleep(POLL_MS);
    }
  };
  return Promise.race([arrival(), endOfAny(children)]);
}

function late(here: number, wanted: number): GanglionError {
  return new GanglionError({
    code: 'backend',
    message: `Only ${here} of ${wanted} workers registered within ${WORKERS_MS_MAX / 1000} s.`,
    remedy: 'Run `ganglion doctor`; GANGLION_LOG_LEVEL=debug shows what the workers say.',
  });
}
