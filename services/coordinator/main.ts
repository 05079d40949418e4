/** The coordinator program: journal, gRPC, HTTP, NATS, put together. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { makeFolder } from '../checkpoint/durableFile.ts';
import { isLoopback } from '../config/loopback.ts';
import { packageRoot } from '../config/packageRoot.ts';
import { FAILURE_DETECTION_MS } from '../control/failureDetection.ts';
import { describeError, type GanglionError } from '../errors/ganglionError.ts';
import { ChildEvaluator } from '../evaluate/childEvaluator.ts';
import { Journal } from '../journal/journal.ts';
import { MlflowClient } from '../mlflow/mlflowClient.ts';
import { trackRuns } from '../mlflow/trackRun.ts';
import { servePage } from '../page/live/pageServer.ts';
import { letHeapGrow } from '../process/roomyHeap.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { TlsFolder } from '../security/tlsFolder.ts';
import { serveHttp } from '../telemetry/httpServer.ts';
import { CoordinatorMetrics } from '../telemetry/metrics.ts';
import type { NatsAccess } from '../telemetry/natsAccess.ts';
import { NatsOutbox } from '../telemetry/natsOutbox.ts';
import { RunFollowers } from '../telemetry/runFollowers.ts';
import { chartRun } from '../tensorboard/chartRun.ts';
import { type Access, serve } from '../wire/server.ts';
import { REAL_CLOCK } from './clock.ts';
import { Coordinator } from './coordinator.ts';
import { FolderStorage } from './folderStorage.ts';
import { journalRecordSchema } from './journalRecord.ts';
import { newestSamples } from './newestSamples.ts';
import { restoreRuns } from './restore.ts';

export interface CoordinatorOptions {
  readonly host: string;
  readonly port: number;
  readonly httpHost: string;
  readonly httpPort: number;
  /** Of the live page; undefined: there is none. */
  readonly page?: { readonly host: string; readonly port: number };
  /** Run folders and the journal. */
  readonly dataDir: string;
  /** Undefined: progress stays in the run folders. */
  readonly natsUrl: string | undefined;
  readonly natsAccess?: NatsAccess | undefined;
  /** How callers are known; default: everybody may do everything. Closed with the coordinator. */
  readonly access?: Access;
  /** `http://HOST:PORT` of an MLflow server; undefined for none. */
  readonly mlflowUri?: string | undefined;
  readonly log: Logger;
  /** Default: 5 s. See `control/failureDetection.ts`. */
  readonly failureDetectionMs?: number;
  /** Take faults on purpose: for tests and staging. */
  readonly allowChaos?: boolean;
  /** Another coordinator has taken the data folder over. Whoever lives on after this call may write into the other's runs. */
  readonly superseded: () => void;
}

export interface RunningCoordinator {
  /** HOST:PORT of gRPC. */
  readonly address: string;
  /** HOST:PORT of /metrics. */
  readonly httpAddress: string;
  /** HOST:PORT of the live page, where there is one. */
  readonly pageAddress: string | undefined;
  close(): Promise<void>;
}

/** What NATS has not confirmed by then is sent after the next start. */
const LAST_FLUSH_MS = 2_000;

/** Throws `port-in-use`, `already-exists` (another coordinator on the data folder), `corrupt` or `disk`. */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  letHeapGrow();
  const { log } = options;
  const { failureDetectionMs = FAILURE_DETECTION_MS } = options;
  const dataDir = resolve(options.dataDir);
  await makeFolder(dataDir);
  const superseded = (why: GanglionError) => {
    log.fatal(`${why.message} This coordinator stood still meanwhile, and ends: its runs are the other's.`);
    options.superseded();
  };
  const folder = join(dataDir, '.journal');
  const { journal, records, tornBytes } = await Journal.open(folder, journalRecordSchema, superseded);
  if (tornBytes > 0) log.warn(`the journal's last record was torn: ${tornBytes} bytes cut off`);
  const opened: { close(): Promise<unknown> }[] = [];
  try {
    const metrics = new CoordinatorMetrics({ version: version() });
    const { natsUrl, natsAccess: access, mlflowUri } = options;
    const outbox = natsUrl === undefined ? undefined : new NatsOutbox({ servers: natsUrl, access, log, metrics });
    const storage = new FolderStorage(dataDir);
    const clock = REAL_CLOCK;
    const restored = await restoreRuns(records, { storage, failureDetectionMs, nowMs: clock.nowMs(), log });
    const goesOnWithout = (what: string) => (runId: string, error: unknown) =>
      log.warn(`${runId} goes on without ${what}: ${describeError(error)}`);
    const boards = new RunFollowers(chartRun, goesOnWithout('TensorBoard'));
    const tracked =
      mlflowUri === undefined
        ? undefined
        : new RunFollowers(trackRuns(new MlflowClient(mlflowUri), log), goesOnWithout('MLflow'));
    const addRun = async (runId: string) => {
      const run = storage.runOf(runId);
      if (run.config.tensorboard !== false) boards.addRun(run);
      tracked?.addRun(run);
      await outbox?.addRun(runId, run.history);
    };
    const offer = (event: RunEvent) => {
      boards.offer(event);
      tracked?.offer(event);
      outbox?.offer(event);
    };
    const coordinator = new Coordinator(
      {
        coordinatorId: randomUUID(),
        secret: randomBytes(32).toString('hex'),
        failureDetectionMs,
        clock,
        journal,
        storage,
        outbox: { addRun, offer },
        chaos: options.allowChaos ? { kill: () => void process.kill(process.pid, 'SIGKILL') } : undefined,
        metrics,
        evaluator: new ChildEvaluator(),
        log,
      },
      restored,
    );
    opened.push(coordinator, boards, ...(tracked ? [tracked] : []));
    for (const { run } of restored) await addRun(run.runId);
    const http = await serveHttp(
      { host: options.httpHost, port: options.httpPort },
      {
        metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text(coordinator.liveRuns()) }),
        ready: () => ({ ready: true, why: 'ready' }),
        samples: newestSamples(coordinator),
      },
    );
    opened.unshift(http);
    const page = options.page && (await servePage(options.page, coordinator, pageTls(options)));
    if (page) opened.unshift(page);
    const wire = await serve(coordinator, { host: options.host, port: options.port }, options.access);
    opened.unshift(wire);
    if (outbox) {
      outbox.start();
      opened.push({ close: () => outbox.close({ flushMs: LAST_FLUSH_MS }) });
    }
    log.info({ address: wire.address, http: http.address, page: page?.address, dataDir }, 'coordinator listens');
    return {
      address: wire.address,
      httpAddress: http.address,
      pageAddress: page?.address,
      async close() {
        for (const part of opened) await part.close();
      },
    };
  } catch (error) {
    for (const part of opened) await part.close();
    if (opened.length === 0) await journal.close();
    throw error;
  }
}

/** Who reaches loopback is on this machine, or was let in there: a port that is forwarded ends there. */
function pageTls({ page, access }: CoordinatorOptions): TlsFolder | undefined {
  return page === undefined || isLoopback(page.host) ? undefined : access?.tls;
}

function version(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
