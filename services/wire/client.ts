/** What a person's program can ask of a coordinator, in plain values. Errors are GanglionErrors with a remedy. */
import { type ClientReadableStream, connectivityState, type requestCallback, type ServiceError } from '@grpc/grpc-js';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { ArtifactView, RunView, WorkerView } from '../report/runView.ts';
import type { AskedTrace, TracePart } from '../trace/tracePart.ts';
import { type Badge, dial } from './channel.ts';
import { ganglionV1 } from './definition.ts';
import { eventFromWire, runFromWire, workerFromWire } from './runCodec.ts';
import { fromServiceError } from './status.ts';
import { tracePartFromWire } from './traceCodec.ts';
import { unreachable } from './unreachable.ts';

export interface RunsClient {
  /**
   * Throws `invalid-config`. With `dryRun` nothing is created and the run has no id. With `runId` a run of this id and config that
   * is there already is the answer; throws `already-exists` where it has another config.
   */
  createRun(configYaml: string, dryRun: boolean, runId?: string): Promise<RunView>;
  getRun(runId: string): Promise<RunView>;
  listRuns(): Promise<RunView[]>;
  /** Events from `fromSequence` on; ends after a final state's event. */
  watchRun(runId: string, fromSequence: number): AsyncIterable<RunEvent>;
  pauseRun(runId: string): Promise<RunView>;
  resumeRun(runId: string, fromPhase?: number): Promise<RunView>;
  cancelRun(runId: string): Promise<RunView>;
  listArtifacts(runId: string): Promise<ArtifactView[]>;
  fetchArtifact(runId: string, name: string): AsyncIterable<Uint8Array>;
  /** Records what the run's processes do in some phases; ends when those are over. */
  traceRun(asked: AskedTrace): AsyncIterable<TracePart>;
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
  const timeoutMs = Math.min(START_MS, options.timeoutMs);
  const open = () => openStubs(address, badge, timeoutMs);
  // Now and not at the first call, for what it throws.
  let stubs: Stubs | undefined = open();
  const dialled = async (): Promise<Stubs> => {
    stubs ??= open();
    // Those of now: a call that fails meanwhile has others opened.
    const through = stubs;
    await through.dialled();
    return through;
  };
  /** Nobody answered: the next call does not wait for a connection that is on its way to who is no more. */
  const failed = (error: GanglionError, through: Stubs): GanglionError => {
    if (error.code === 'unreachable' && stubs === through) {
      stubs.close();
      stubs = undefined;
    }
    return error;
  };

  async function call<Answer>(
    start: (stubs: Stubs, deadline: { deadline: Date }, done: requestCallback<Answer>) => unknown,
  ) {
    const deadline = new Date(Date.now() + options.timeoutMs);
    const through = await dialled();
    return new Promise<Answer>((resolve, reject) => {
      start(through, { deadline }, (error, answer) => {
        if (error) reject(failed(fromServiceError(error, address), through));
        else resolve(must(answer, 'answer'));
      });
    });
  }
  /** A stream may be silent for as long as the run is; only a connection that does not come about in time ends it. */
  async function* stream<Wire, Value>(
    begin: (stubs: Stubs) => ClientReadableStream<Wire>,
    map: (wire: Wire) => Value | undefined,
  ) {
    const through = await dialled();
    const call = begin(through);
    const timer = setTimeout(() => {
      if (through.runs.getChannel().getConnectivityState(false) === connectivityState.READY) return;
      call.destroy(unreachable(address, `no connection after ${options.timeoutMs} ms`));
    }, options.timeoutMs);
    try {
      yield* mapStream(call, map);
    } catch (error) {
      throw failed(error instanceof GanglionError ? error : fromServiceError(error as ServiceError, address), through);
    } finally {
      clearTimeout(timer);
    }
  }
  const run = async (answer: Promise<{ run: Parameters<typeof runFromWire>[0] }>) => runFromWire((await answer).run);

  return {
    createRun: (configYaml, dryRun, runId = '') =>
      run(call(({ runs }, o, done) => runs.createRun({ configYaml, dryRun, runId }, o, done))),
    getRun: (runId) => run(call(({ runs }, o, done) => runs.getRun({ runId }, o, done))),
    async listRuns() {
      const { runs: all } = await call<{ runs: Parameters<typeof runFromWire>[0][] }>(({ runs }, o, done) =>
        runs.listRuns({}, o, done),
      );
      return all.map(runFromWire);
    },
    watchRun: (runId, fromSequence) => stream(({ runs }) => runs.watchRun({ runId, fromSequence }), eventFromWire),
    pauseRun: (runId) => run(call(({ runs }, o, done) => runs.pauseRun({ runId }, o, done))),
    resumeRun: (runId, fromPhase) =>
      run(
        call(({ runs }, o, done) =>
          runs.resumeRun(fromPhase === undefined ? { runId } : { runId, fromPhase }, o, done),
        ),
      ),
    cancelRun: (runId) => run(call(({ runs }, o, done) => runs.cancelRun({ runId }, o, done))),
    async listArtifacts(runId) {
      return (await call<{ artifacts: ArtifactView[] }>(({ runs }, o, done) => runs.listArtifacts({ runId }, o, done)))
        .artifacts;
    },
    fetchArtifact: (runId, name) =>
      stream(
        ({ runs }) => runs.fetchArtifact({ runId, name }),
        (chunk) => chunk.data,
      ),
    traceRun: ({ runId, firstPhase, phaseCount }) =>
      stream(
        ({ runs }) => runs.traceRun({ runId, phaseCount, ...(firstPhase !== undefined && { firstPhase }) }),
        tracePartFromWire,
      ),
    async listWorkers() {
      const { workers } = await call<{ workers: Parameters<typeof workerFromWire>[0][] }>(({ fleet }, o, done) =>
        fleet.listWorkers({}, o, done),
      );
      return workers.map(workerFromWire);
    },
    async drainWorker(workerId) {
      await call(({ fleet }, o, done) => fleet.drainWorker({ workerId }, o, done));
    },
    async inject(workerId, kind, durationMs) {
      await call(({ chaos }, o, done) => chaos.inject({ workerId, kind, durationMs }, o, done));
    },
    close() {
      stubs?.close();
    },
  };
}

interface Stubs {
  readonly runs: InstanceType<typeof ganglionV1.RunService>;
  readonly fleet: InstanceType<typeof ganglionV1.FleetService>;
  readonly chaos: InstanceType<typeof ganglionV1.ChaosService>;
  /** Resolves once there is a connection, or none came about: the call that follows says why. */
  dialled(): Promise<void>;
  close(): void;
}

/** On one connection. */
function openStubs(address: string, badge: Badge, timeoutMs: number): Stubs {
  const { credentials, options } = dial(address, badge);
  const runs = new ganglionV1.RunService(address, credentials, options);
  const fleet = new ganglionV1.FleetService(address, credentials, options);
  const chaos = new ganglionV1.ChaosService(address, credentials, options);
  let dialled: Promise<void> | undefined;
  return {
    runs,
    fleet,
    chaos,
    dialled() {
      dialled ??= new Promise((resolve) => runs.waitForReady(Date.now() + timeoutMs, () => resolve()));
      return dialled;
    },
    close() {
      for (const stub of [runs, fleet, chaos]) stub.close();
    },
  };
}

/** A server stream as values, without those that mean nothing here; leaving the loop early cancels the call. */
async function* mapStream<Wire, Value>(
  stream: ClientReadableStream<Wire>,
  map: (wire: Wire) => Value | undefined,
): AsyncIterable<Value> {
  try {
    for await (const message of stream) {
      const value = map(message as Wire);
      if (value !== undefined) yield value;
    }
  } finally {
    stream.cancel();
  }
}
