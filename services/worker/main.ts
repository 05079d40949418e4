/** The worker program: one process per device. Registers, works, and dials again for as long as it lives. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RunConfig } from '../config/runConfig.ts';
import { describeError } from '../errors/ganglionError.ts';
import { dialCoordinator } from '../wire/coordinatorLink.ts';
import { ComputeThread } from './compute/computeThread.ts';
import { Session } from './session.ts';

export interface WorkerOptions {
  /** HOST:PORT of the coordinator. */
  readonly coordinator: string;
  readonly workerId: string;
  readonly backend: RunConfig['backend']['require'];
  readonly intraOpThreads: number;
  readonly log: Logger;
}

export interface RunningWorker {
  /** Resolves after a drain; rejects where the coordinator refuses this worker. */
  readonly finished: Promise<void>;
  /** Leaves the run at a phase boundary, then the coordinator. */
  drain(why: string): Promise<void>;
}

/** Between two dials: doubles from the first to the last, with jitter, so that workers do not come back in step. */
const BACKOFF_MS = { first: 200, last: 5_000 };
/** A drain that the coordinator does not answer ends by itself. */
const DRAIN_MS_MAX = 20_000;

/** Loads the backend, then registers. Throws `backend` where the required one is not there. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { log, workerId } = options;
  const compute = await ComputeThread.start({ require: options.backend, intraOpThreads: options.intraOpThreads });
  const { backend, deviceClass, intraOpThreads } = compute.device;
  log.info({ workerId, backend, deviceClass, intraOpThreads }, 'backend loaded');
  for (const why of compute.whyNot) log.info(why);

  const leaving = new AbortController();
  let session: Session | undefined;

  async function live(): Promise<void> {
    let backoffMs = BACKOFF_MS.first;
    while (!leaving.signal.aborted) {
      const link = dialCoordinator(options.coordinator);
      session = new Session({ workerId, link, compute, log });
      try {
        const why = await session.ended;
        if (session.welcomed) backoffMs = BACKOFF_MS.first;
        if (!leaving.signal.aborted)
          log.warn(`lost the coordinator: ${why ? describeError(why) : 'it ended the session.'}`);
      } finally {
        await session.close();
        link.close();
      }
      await pause(backoffMs * (0.5 + Math.random()), leaving.signal);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.last);
    }
  }

  const finished = live().finally(() => compute.close());
  return {
    finished,
    async drain(why) {
      leaving.abort();
      session?.drain(why);
      await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, DRAIN_MS_MAX).unref())]);
    },
  };
}

/** Cut short by the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
