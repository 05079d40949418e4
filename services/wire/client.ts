/** What a person's program can ask of a coordinator, in plain values. Errors are GanglionErrors with a remedy. */
import { type ClientReadableStream, connectivityState, type requestCallback, type ServiceError } from '@grpc/grpc-js';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { ArtifactView, RunView, WorkerView } from '../report/runView.ts';
import { type Badge, channelTo } from './channel.ts';
import { ganglionV1 } from './definition.ts';
import { eventFromWire, runFromWire, workerFromWire } from './runCodec.ts';
import { fromServiceError, unreachable } from './status.ts';

export interface RunsClient {
  /** Throws `invalid-config`. With `dryRun` nothing is created and the run has no id. */
  createRun(configYaml: string, dryRun: boolean): Promise<RunView>;
  getRun(runId: string): Promise<RunView>;
  listRuns(): Promise<RunView[]>;
  /** Events from `fromSequence` on; ends after a final state's event. */
  watchRun(runId: string, fromSequence: number): AsyncIterable<RunEvent>;
  pauseRun(runId: string): Promise<RunView>;
  resumeRun(runId: string, fromPhase?: number): Promise<RunView>;
  cancelRun(runId: string): Promise<RunView>;
  listArtifacts(runId: string): Promise<ArtifactView[]>;
  fetchArtifact(runId: string, name: string): AsyncIterable<Uint8Array>;
  listWorkers(): Promise<WorkerView[]>;
  /** Asks a worker to leave at a phase boundary, and to end. */
  drainWorker(workerId: string): Promise<void>;
  /** Lets a worker, or the coordinator (no id), meet a fault. Throws `refused` where chaos is not allowed. */
  inject(workerId: string, kind: string, durationMs: number): Promise<void>;
  close(): void;
}

/** A coordinator that was started a moment ago, as in a script, is waited for so long. */
const START_MS = 3_000;

/**
 * Dials lazily: an unreachable coordinator shows at the first call, after at most `timeoutMs`. Throws `refused` where a
 * token would travel in the clear.
 */
export function connect(address: string, options: { timeoutMs: number }, badge: Badge = {}): RunsClient {
  const channel = channelTo(address, badge);
  const runs = new ganglionV1.RunService(address, channel.credentials, channel.options);
  const chaos = new ganglionV1.ChaosService(address, channel.credentials, channel.options);
  const fleet = new ganglionV1.FleetService(address, channel.credentials, channel.options);

  let dialled: Promise<void> | undefined;
  /** Resolves once there is a connection, or none came about: the call that follows says why. */
  const dial = () => {
    dialled ??= new Promise<void>((resolve) => {
      runs.waitForReady(Date.now() + Math.min(START_MS, options.timeoutMs), () => resolve());
    });
    return dialled;
  };

  async function call<Answer>(start: (deadline: { deadline: Date }, done: requestCallback<Answer>) => unknown) {
    const deadline = new Date(Date.now() + options.timeoutMs);
    await dial();
    return new Promise<Answer>((resolve, reject) => {
      start({ deadline }, (error, answer) => {
        if (error) reject(fromServiceError(error, address));
        else resolve(must(answer, 'answer'));
      });
    });
  }
  /** A stream may be silent for as long as the run is; only a connection that does not come about in time ends it. */
  async function* stream<Wire, Value>(open: () => ClientReadableStream<Wire>, map: (wire: Wire) => Value) {
    await dial();
    const call = open();
    const timer = setTimeout(() => {
      if (runs.getChannel().getConnectivityState(false) === connectivityState.READY) return;
      call.destroy(unreachable(address, `no connection after ${options.timeoutMs} ms`));
    }, options.timeoutMs);
    try {
      yield* mapStream(call, address, map);
    } finally {
      clearTimeout(timer);
    }
  }
  const run = async (answer: Promise<{ run: Parameters<typeof runFromWire>[0] }>) => runFromWire((await answer).run);

  return {
    createRun: (configYaml, dryRun) => run(call((o, done) => runs.createRun({ configYaml, dryRun }, o, done))),
    getRun: (runId) => run(call((o, done) => runs.getRun({ runId }, o, done))),
    async listRuns() {
      const { runs: all } = await call<{ runs: Parameters<typeof runFromWire>[0][] }>((o, done) =>
        runs.listRuns({}, o, done),
      );
      return all.map(runFromWire);
    },
    watchRun: (runId, fromSequence) => stream(() => runs.watchRun({ runId, fromSequence }), eventFromWire),
    pauseRun: (runId) => run(call((o, done) => runs.pauseRun({ runId }, o, done))),
    resumeRun: (runId, fromPhase) =>
      run(call((o, done) => runs.resumeRun(fromPhase === undefined ? { runId } : { runId, fromPhase }, o, done))),
    cancelRun: (runId) => run(call((o, done) => runs.cancelRun({ runId }, o, done))),
    async listArtifacts(runId) {
      return (await call<{ artifacts: ArtifactView[] }>((o, done) => runs.listArtifacts({ runId }, o, done))).artifacts;
    },
    fetchArtifact: (runId, name) =>
      stream(
        () => runs.fetchArtifact({ runId, name }),
        (chunk) => chunk.data,
      ),
    async listWorkers() {
      const { workers } = await call<{ workers: Parameters<typeof workerFromWire>[0][] }>((o, done) =>
        fleet.listWorkers({}, o, done),
      );
      return workers.map(workerFromWire);
    },
    async drainWorker(workerId) {
      await call((o, done) => fleet.drainWorker({ workerId }, o, done));
    },
    async inject(workerId, kind, durationMs) {
      await call((o, done) => chaos.inject({ workerId, kind, durationMs }, o, done));
    },
    close() {
      chaos.close();
      runs.close();
      fleet.close();
    },
  };
}

/** A server stream as values; leaving the loop early cancels the call. */
async function* mapStream<Wire, Value>(
  stream: ClientReadableStream<Wire>,
  address: string,
  map: (wire: Wire) => Value,
): AsyncIterable<Value> {
  try {
    for await (const message of stream) yield map(message as Wire);
  } catch (error) {
    throw error instanceof GanglionError ? error : fromServiceError(error as ServiceError, address);
  } finally {
    stream.cancel();
  }
}
