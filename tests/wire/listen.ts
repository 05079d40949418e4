/** A real server with a fake coordinator behind it, and real clients, closed after the test. */
import { onTestFinished } from 'vitest';
import { connect, type RunsClient } from '../../services/wire/client.ts';
import { type CoordinatorLink, dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import type { CoordinatorHandlers } from '../../services/wire/handlers.ts';
import { type Access, serve, type WireServer } from '../../services/wire/server.ts';

export interface Listening {
  readonly server: WireServer;
  readonly address: string;
  readonly port: number;
  /** A person's program. */
  readonly client: RunsClient;
  /** A worker. */
  readonly link: CoordinatorLink;
}

/** What the test does not answer must not be asked. */
export async function listen(answers: Partial<CoordinatorHandlers>, port = 0, access: Access = {}): Promise<Listening> {
  const unasked = () => {
    throw new Error('the test has no answer to this');
  };
  const handlers: CoordinatorHandlers = {
    createRun: unasked,
    getRun: unasked,
    listRuns: unasked,
    watchRun: unasked,
    pauseRun: unasked,
    resumeRun: unasked,
    cancelRun: unasked,
    listArtifacts: unasked,
    fetchArtifact: unasked,
    traceRun: unasked,
    listWorkers: unasked,
    drainWorker: unasked,
    inject: unasked,
    openSession: unasked,
    minibatches: unasked,
    downloadState: unasked,
    downloadMeasured: unasked,
    uploadState: unasked,
    joinReduce: unasked,
    ...answers,
  };
  const server = await serve(handlers, { host: '127.0.0.1', port }, access);
  const { address } = server;
  const client = connect(address, { timeoutMs: 5_000 });
  const link = dialCoordinator(address);
  onTestFinished(async () => {
    client.close();
    link.close();
    await server.close();
  });
  return { server, address, port: Number(address.split(':')[1]), client, link };
}

/** Waits until it holds, for what happens on the other side of a socket. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('waited 10 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
