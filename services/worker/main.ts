/** The worker program: one process per device, with real sockets and a real clock around a `WorkerLife`. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { defaultSite } from '../backend/site.ts';
import { readStamp } from '../backend/stamp.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { CoresWish } from '../cores/cores.ts';
import { Pinning } from '../cores/pinning.ts';
import { describeError } from '../errors/ganglionError.ts';
import { ChildEvaluator } from '../evaluate/childEvaluator.ts';
import { placeAmongNeighbours } from '../mesh/address.ts';
import { PeerListener } from '../mesh/listener.ts';
import { Mesh } from '../mesh/mesh.ts';
import { fetchState } from '../mesh/stateTransfer.ts';
import { letHeapGrow } from '../process/roomyHeap.ts';
import { serveHttp } from '../telemetry/httpServer.ts';
import { sparingly } from '../telemetry/sparingly.ts';
import { SpanRecorder } from '../trace/recorder.ts';
import { nowMs } from '../trace/span.ts';
import type { Badge } from '../wire/channel.ts';
import { dialCoordinator } from '../wire/coordinatorLink.ts';
import { removeLeftBorrowed } from './borrowedRun.ts';
import { ComputeThread } from './compute/computeThread.ts';
import { Faults } from './faults.ts';
import { type Clock, WorkerLife } from './life.ts';
import type { MeshOpener } from './meshPort.ts';

export interface WorkerOptions {
  /** HOST:PORT of the coordinator. */
  readonly coordinator: string;
  /** What this worker shows the coordinator, and, where it has TLS, the other workers. */
  readonly badge: Badge;
  readonly workerId: string;
  readonly backend: RunConfig['backend']['require'];
  readonly intraOpThreads: number;
  /** Address that other workers dial. */
  readonly peerHost: string;
  readonly cores: CoresWish;
  /** Where /healthz and /readyz answer; undefined: nowhere. */
  readonly http: { readonly host: string; readonly port: number } | undefined;
  /** Obey `ganglion chaos`. */
  readonly allowChaos: boolean;
  readonly log: Logger;
}

export interface RunningWorker {
  /** Resolves after a drain; rejects where the coordinator refuses this worker. */
  readonly finished: Promise<void>;
  /** Leaves the run at a phase boundary, then the coordinator. */
  drain(why: string): Promise<void>;
}

/** A drain that the coordinator does not answer ends by itself. */
const DRAIN_MS_MAX = 20_000;

/** Loads the backend, then registers. Throws `backend` where the required one is not there. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  letHeapGrow();
  const { log, workerId, peerHost, badge } = options;
  const pinning = new Pinning(options.cores, (what) => log.info(what));
  // Cores that a person named hold from the start; a share does once there are others to share with.
  await pinning.place(0, 1);
  await removeLeftBorrowed();
  const trace = new SpanRecorder(nowMs);
  const compute = await ComputeThread.start(
    { require: options.backend, intraOpThreads: options.intraOpThreads },
    {
      fellBack: (computation, why) =>
        log.warn({ computation }, `not compiled, and so slower, with the same bits: ${why}`),
      byXla: (computation) => log.info({ computation }, 'XLA compiles it'),
      trace,
    },
  );
  const { backend, deviceClass, intraOpThreads } = compute.device;
  log.info({ workerId, backend, deviceClass, intraOpThreads }, 'backend loaded');
  // Whoever installed the CUDA build counts on a GPU: that there is none is worth more than a remark.
  const missesGpu = backend !== 'cuda' && readStamp(defaultSite().packageFolder)?.gpu === true;
  for (const why of compute.whyNot) log[missesGpu ? 'warn' : 'info'](why);

  const { tls } = badge;
  const refused = sparingly((why) => log.warn(why));
  const listener = await PeerListener.open({ host: peerHost, tls, refused: (why) => refused(describeError(why)) });
  const faults = new Faults((ms) => life.sever(ms));
  const life: WorkerLife = new WorkerLife({
    identity: { workerId, hostname: hostname(), pid: process.pid },
    peer: listener.address,
    compute: options.allowChaos ? faults.compute(compute) : compute,
    clock: REAL_CLOCK,
    trace,
    log,
    evaluator: () => new ChildEvaluator(),
    dial: () => dialCoordinator(options.coordinator, badge),
    placed: (peers, rank) => {
      const { index, count } = placeAmongNeighbours(peers, rank);
      return pinning.place(index, count);
    },
    openMesh: (connectMs) => {
      const open: MeshOpener = (request, signal) => Mesh.open({ ...request, listener, connectMs, signal });
      return options.allowChaos ? faults.openMesh(open) : open;
    },
    ...(options.allowChaos ? { fault: (kind, ms) => faults.meet(kind, ms) } : {}),
    fetchState: (connectMs) => async (from, of, signal) =>
      (await fetchState({ from, ...of, tls, connectMs, signal })).state,
  });
  listener.serveState((runId, phase) => life.duty.stateFor(runId, phase));

  const http = options.http && (await serveHttp(options.http, { ready: () => life.readiness }));
  if (http) log.info({ http: http.address }, 'health is told');

  const finished = life.live().finally(async () => {
    await http?.close();
    await listener.close();
    tls?.close();
    badge.token?.close();
    await compute.close();
  });
  return {
    finished,
    async drain(why) {
      life.drain(why);
      await Promise.race([finished, sleep(DRAIN_MS_MAX, undefined, { ref: false })]);
    },
  };
}

const REAL_CLOCK: Clock = {
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  every(ms, then) {
    const timer = setInterval(then, ms);
    return () => clearInterval(timer);
  },
  random: Math.random,
};
