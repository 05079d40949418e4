/** The coordinator program: journal, gRPC, HTTP, NATS, put together. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { diskError } from '../checkpoint/durableFile.ts';
import { packageRoot } from '../config/packageRoot.ts';
import { describeError } from '../errors/ganglionError.ts';
import { Journal } from '../journal/journal.ts';
import { serveHttp } from '../telemetry/httpServer.ts';
import { CoordinatorMetrics } from '../telemetry/metrics.ts';
import { NatsOutbox } from '../telemetry/natsOutbox.ts';
import { serve } from '../wire/server.ts';
import { Coordinator, standing } from './coordinator.ts';
import type { RunRecord } from './core/state.ts';
import { fromJournal, type JournalRecord, journalRecordSchema } from './journalRecord.ts';
import { RunFiles } from './runFiles.ts';

export interface CoordinatorOptions {
  readonly host: string;
  readonly port: number;
  readonly httpHost: string;
  readonly httpPort: number;
  /** Run folders and the journal. */
  readonly dataDir: string;
  /** Undefined: progress stays in the run folders. */
  readonly natsUrl: string | undefined;
  readonly log: Logger;
  readonly heartbeatIntervalMs?: number;
}

export interface RunningCoordinator {
  /** HOST:PORT of gRPC. */
  readonly address: string;
  /** HOST:PORT of /metrics. */
  readonly httpAddress: string;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 1_000;
/** What NATS has not confirmed by then is sent after the next start. */
const LAST_FLUSH_MS = 2_000;

/** Throws `port-in-use`, `already-exists` (another coordinator on the data folder), `corrupt` or `disk`. */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  const { log } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true }).catch((error) => {
    throw diskError(dataDir, error);
  });
  const { journal, records, tornBytes } = await Journal.open(join(dataDir, '.journal'), journalRecordSchema);
  if (tornBytes > 0) log.warn(`the journal's last record was torn: ${tornBytes} bytes cut off`);
  const opened: { close(): Promise<unknown> }[] = [];
  try {
    const metrics = new CoordinatorMetrics({ version: version() });
    const { natsUrl } = options;
    const outbox = natsUrl === undefined ? undefined : new NatsOutbox({ servers: natsUrl, log, metrics });
    const restored = await restore(records, log);
    const coordinator = new Coordinator(
      {
        coordinatorId: randomUUID(),
        dataDir,
        heartbeatIntervalMs: options.heartbeatIntervalMs ?? HEARTBEAT_MS,
        journal,
        outbox,
        metrics,
        log,
      },
      {
        state: { workers: new Map(), runs: new Map(restored.map(({ run }) => [run.runId, run])) },
        files: restored.map(({ files }) => files),
      },
    );
    opened.push(coordinator);
    for (const { run, files } of restored) {
      metrics.runOpened(run.runId, standing(run));
      await outbox?.addRun(run.runId, files.history);
    }
    const http = await serveHttp(
      { host: options.httpHost, port: options.httpPort },
      {
        metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
        ready: () => ({ ready: true, why: 'ready' }),
      },
    );
    opened.unshift(http);
    const wire = await serve(coordinator, { host: options.host, port: options.port });
    opened.unshift(wire);
    if (outbox) {
      outbox.start();
      opened.push({ close: () => outbox.close({ flushMs: LAST_FLUSH_MS }) });
    }
    log.info({ address: wire.address, http: http.address, dataDir }, 'coordinator listens');
    return {
      address: wire.address,
      httpAddress: http.address,
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

/** Runs as the journal left them. A run whose folder cannot be opened is told of, and left out. */
async function restore(records: readonly JournalRecord[], log: Logger): Promise<{ run: RunRecord; files: RunFiles }[]> {
  const newest = new Map(records.map((record) => [record.runId, record]));
  const restored: { run: RunRecord; files: RunFiles }[] = [];
  for (const record of newest.values()) {
    try {
      const run = fromJournal(record, record.checkpoints);
      const files = await RunFiles.open(run.runId, run.folder, run.config);
      const { valid, broken } = await files.checkpoints.inspect();
      for (const why of broken) log.warn(why);
      if (valid.length === 0) throw new Error(`no checkpoint of ${run.runId} verifies`);
      const checkpoints = valid.map(({ phase, weightsSha256 }) => ({ phase, weightsSha256 }));
      restored.push({ run: fromJournal(record, checkpoints), files });
    } catch (error) {
      log.error({ err: error }, `run ${record.runId} cannot be taken up again: ${describeError(error)}`);
    }
  }
  return restored;
}

function version(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
