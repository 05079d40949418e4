/** Each gRPC service bound to the coordinator's handlers: unwrap, call, wrap; a thrown error becomes its status. */
import type { handleUnaryCall, Server, ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import type { WorkerMessage } from '../control/messages.ts';
import { must } from '../errors/invariant.ts';
import { checksumOf, verifyChecksum } from './checksum.ts';
import { coordinatorMessageToWire, workerMessageFromWire } from './controlCodec.ts';
import { ganglionV1 } from './definition.ts';
import type { ChaosServiceHandlers } from './generated/ganglion/v1/ChaosService.ts';
import type { CollectiveServiceHandlers } from './generated/ganglion/v1/CollectiveService.ts';
import type { FleetServiceHandlers } from './generated/ganglion/v1/FleetService.ts';
import type { RunServiceHandlers } from './generated/ganglion/v1/RunService.ts';
import type { TransferServiceHandlers } from './generated/ganglion/v1/TransferService.ts';
import type { WorkerServiceHandlers } from './generated/ganglion/v1/WorkerService.ts';
import type { CoordinatorHandlers, ReduceListener } from './handlers.ts';
import { CHUNK_BYTES } from './limits.ts';
import { eventToWire, runToWire } from './runCodec.ts';
import { toStatus } from './status.ts';
import { send } from './stream.ts';
import { tracePartToWire } from './traceCodec.ts';

function unary<Request, Answer>(
  answer: (request: Request) => Answer | Promise<Answer>,
): handleUnaryCall<Request, Answer> {
  return async (call: ServerUnaryCall<Request, Answer>, done: sendUnaryData<Answer>) => {
    try {
      done(null, await answer(call.request));
    } catch (error) {
      done(toStatus(error));
    }
  };
}

/** Writes every value, waiting for the reader; ends with the status of what went wrong, if anything did. */
async function pour<Value, Wire>(
  call: ServerWritableStream<unknown, Wire>,
  values: () => AsyncIterable<Value>,
  wrap: (value: Value) => Wire,
): Promise<void> {
  try {
    for await (const value of values()) {
      if (call.cancelled) return;
      await send(call, wrap(value));
    }
    call.end();
  } catch (error) {
    if (!call.cancelled) call.emit('error', toStatus(error));
  }
}

function untilCancelled(call: ServerWritableStream<unknown, unknown>): AbortSignal {
  const gone = new AbortController();
  call.on('cancelled', () => gone.abort());
  return gone.signal;
}

export function ganglionServices(handlers: CoordinatorHandlers, server: Server): void {
  const run: RunServiceHandlers = {
    CreateRun: unary(async (r) => ({ run: runToWire(await handlers.createRun(r.configYaml, r.dryRun, r.runId)) })),
    GetRun: unary((r) => ({ run: runToWire(handlers.getRun(r.runId)) })),
    ListRuns: unary(() => ({ runs: handlers.listRuns().map(runToWire) })),
    WatchRun: (call) => {
      const { runId, fromSequence } = call.request;
      void pour(call, () => handlers.watchRun(runId, fromSequence, untilCancelled(call)), eventToWire);
    },
    PauseRun: unary(async (r) => ({ run: runToWire(await handlers.pauseRun(r.runId)) })),
    ResumeRun: unary(async (r) => ({ run: runToWire(await handlers.resumeRun(r.runId, r.fromPhase)) })),
    CancelRun: unary(async (r) => ({ run: runToWire(await handlers.cancelRun(r.runId)) })),
    ListArtifacts: unary(async (r) => ({ artifacts: await handlers.listArtifacts(r.runId) })),
    FetchArtifact: (call) =>
      void pour(
        call,
        () => handlers.fetchArtifact(call.request.runId, call.request.name),
        (data) => ({ data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }),
      ),
    TraceRun: (call) => {
      const { runId, firstPhase, phaseCount } = call.request;
      void pour(
        call,
        () => handlers.traceRun({ runId, firstPhase, phaseCount }, untilCancelled(call)),
        tracePartToWire,
      );
    },
  };
  const fleet: FleetServiceHandlers = {
    ListWorkers: unary(() => ({ workers: handlers.listWorkers() })),
    DrainWorker: unary((r) => {
      handlers.drainWorker(r.workerId);
      return {};
    }),
  };
  server.addService(ganglionV1.RunService.service, run);
  const chaos: ChaosServiceHandlers = {
    Inject: unary((r) => {
      handlers.inject(r.workerId, r.kind, r.durationMs);
      return {};
    }),
  };
  server.addService(ganglionV1.FleetService.service, fleet);
  server.addService(ganglionV1.ChaosService.service, chaos);
}

export function workerService(handlers: CoordinatorHandlers, server: Server): void {
  const service: WorkerServiceHandlers = {
    Control: (call) => {
      const listener = handlers.openSession({
        send: (message) => void (call.writable && call.write(coordinatorMessageToWire(message))),
        end: () => call.end(),
      });
      let open = true;
      const closed = () => {
        if (!open) return;
        open = false;
        listener.closed();
        call.end();
      };
      call.on('data', (wire) => {
        let message: WorkerMessage | undefined;
        try {
          message = workerMessageFromWire(wire);
        } catch (error) {
          // Another program's mistake ends its session, not this process.
          return void call.emit('error', toStatus(error));
        }
        if (message) listener.message(message);
      });
      call.on('end', closed);
      call.on('cancelled', closed);
      call.on('error', closed);
    },
  };
  server.addService(ganglionV1.WorkerService.service, service);
}

export function transferService(handlers: CoordinatorHandlers, server: Server): void {
  const service: TransferServiceHandlers = {
    StreamMinibatches: (call) => {
      let rows: Iterator<{ phase: number; samples: Uint8Array }> | undefined;
      let credit = 0;
      let pumping = false;
      const pump = async () => {
        if (pumping || !rows) return;
        pumping = true;
        try {
          while (credit > 0 && !call.cancelled) {
            const next = rows.next();
            if (next.done) return call.end();
            credit -= 1;
            await sendChunks(next.value.samples, (data, last) =>
              send(call, { phase: next.value.phase, samples: data, last, crc32: checksumOf(data) }),
            );
          }
        } catch (error) {
          if (!call.cancelled) call.emit('error', toStatus(error));
        } finally {
          pumping = false;
        }
      };
      call.on('data', (request) => {
        try {
          rows ??= handlers.minibatches(request, request.fromPhase)[Symbol.iterator]();
          credit += request.minibatches;
          void pump();
        } catch (error) {
          call.emit('error', toStatus(error));
        }
      });
      call.on('end', () => call.end());
      call.on('error', () => call.end());
    },
    DownloadState: (call) => {
      const { runId, generation, phase, evaluationId } = call.request;
      const stream = async () => {
        try {
          const { state, sha256 } =
            evaluationId === 0
              ? await handlers.downloadState(runId, generation, phase)
              : await handlers.downloadMeasured(runId, evaluationId, phase);
          await sendChunks(state, (data, last) => send(call, { data, sha256: last ? sha256 : '' }));
          call.end();
        } catch (error) {
          if (!call.cancelled) call.emit('error', toStatus(error));
        }
      };
      void stream();
    },
    UploadState: async (call, done) => {
      try {
        const messages = call[Symbol.asyncIterator]();
        const first = must((await messages.next()).value, 'first message of an upload');
        const chunks = async function* () {
          yield first;
          yield* { [Symbol.asyncIterator]: () => messages };
        };
        done(null, await handlers.uploadState(first, first.phase, chunks()));
      } catch (error) {
        done(toStatus(error));
      }
    },
  };
  server.addService(ganglionV1.TransferService.service, service);
}

export function collectiveService(handlers: CoordinatorHandlers, server: Server): void {
  const service: CollectiveServiceHandlers = {
    Reduce: (call) => {
      let listener: ReduceListener | undefined;
      call.on('data', (request) => {
        try {
          if (!listener) {
            listener = handlers.joinReduce(request, {
              send: ({ values, ...rest }) => {
                const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
                return send(call, { ...rest, values: bytes, crc32: checksumOf(bytes) });
              },
              end: () => call.end(),
            });
            return;
          }
          const { values, crc32, phase, offset } = request;
          verifyChecksum(values, crc32, `A chunk of phase ${phase} at value ${offset} from a worker`);
          call.pause();
          listener.chunk(request).then(
            () => call.resume(),
            (error) => void call.emit('error', toStatus(error)),
          );
        } catch (error) {
          call.emit('error', toStatus(error));
        }
      });
      let open = true;
      const closed = () => {
        if (!open) return;
        open = false;
        listener?.closed();
        call.end();
      };
      call.on('end', closed);
      call.on('cancelled', closed);
      call.on('error', closed);
    },
  };
  server.addService(ganglionV1.CollectiveService.service, service);
}

/** Cuts bytes into chunks that fit a message; empty bytes are one empty last chunk. */
async function sendChunks(bytes: Uint8Array, write: (data: Buffer, last: boolean) => Promise<void>): Promise<void> {
  let offset = 0;
  do {
    const size = Math.min(CHUNK_BYTES, bytes.byteLength - offset);
    const data = Buffer.from(bytes.buffer, bytes.byteOffset + offset, size);
    offset += size;
    await write(data, offset >= bytes.byteLength);
  } while (offset < bytes.byteLength);
}
