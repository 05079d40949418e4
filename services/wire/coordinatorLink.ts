/** The worker's side of the wire: one control stream, and streams for bulk bytes. All in plain values. */
import { type ServiceError, status } from '@grpc/grpc-js';
import type { ReducedChunk, ReduceStream } from '../collective/chunk.ts';
import type { CoordinatorMessage, DownloadHead, TransferHead, WorkerMessage } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { type Badge, dial } from './channel.ts';
import { checksumOf, verifyChecksum } from './checksum.ts';
import { coordinatorMessageFromWire, workerMessageToWire } from './controlCodec.ts';
import { ganglionV1 } from './definition.ts';
import { CHUNK_BYTES } from './limits.ts';
import { fromServiceError } from './status.ts';
import { send } from './stream.ts';

export interface ControlStream {
  send(message: WorkerMessage): void;
  end(): void;
}

export interface CoordinatorLink {
  readonly address: string;
  openControl(on: {
    message(message: CoordinatorMessage): void;
    end(why: GanglionError | undefined): void;
  }): ControlStream;
  /** Minibatches from `fromPhase` on; `credit` allows more of them. */
  streamMinibatches(
    head: TransferHead,
    fromPhase: number,
    on: { chunk(phase: number, samples: Uint8Array, last: boolean): void; end(why: GanglionError | undefined): void },
  ): { credit(minibatches: number): void; cancel(): void };
  /** The flat state's bytes, checked by the caller against the hash on the last chunk. */
  downloadState(
    head: DownloadHead,
    phase: number,
    signal: AbortSignal,
  ): AsyncIterable<{ data: Uint8Array; sha256: string }>;
  /** Resolves when the state is durable. */
  uploadState(head: TransferHead, phase: number, state: Uint8Array, sha256: string): Promise<{ weightsSha256: string }>;
  openReduce(
    head: TransferHead,
    on: { chunk(chunk: ReducedChunk): void; end(why: GanglionError | undefined): void },
  ): ReduceStream;
  close(): void;
}

/** Throws `refused` where a token would travel in the clear. */
export function dialCoordinator(address: string, badge: Badge = {}): CoordinatorLink {
  const { credentials, options } = dial(address, badge);
  const worker = new ganglionV1.WorkerService(address, credentials, options);
  const transfer = new ganglionV1.TransferService(address, credentials, options);
  const collective = new ganglionV1.CollectiveService(address, credentials, options);

  return {
    address,
    openControl(on) {
      const call = worker.control();
      onEnd(call, address, on.end);
      call.on('data', (wire) => {
        const message = coordinatorMessageFromWire(wire);
        if (message) on.message(message);
      });
      return { send: (message) => void call.write(workerMessageToWire(message)), end: () => call.end() };
    },
    streamMinibatches(head, fromPhase, on) {
      const call = transfer.streamMinibatches();
      const end = onEnd(call, address, on.end);
      call.on('data', ({ phase, samples, last, crc32 }) => {
        const take = () => {
          verifyChecksum(samples, crc32, `A minibatch chunk of phase ${phase}`);
          on.chunk(phase, samples, last);
        };
        orCancel(call, take, end);
      });
      return {
        credit: (minibatches) => void call.write({ ...head, fromPhase, minibatches }),
        cancel: () => call.cancel(),
      };
    },
    async *downloadState(head, phase, signal) {
      const call = transfer.downloadState({ ...head, phase });
      const abort = () => call.cancel();
      signal.addEventListener('abort', abort, { once: true });
      try {
        for await (const chunk of call) yield chunk as { data: Uint8Array; sha256: string };
      } catch (error) {
        throw fromServiceError(error as ServiceError, address);
      } finally {
        signal.removeEventListener('abort', abort);
        call.cancel();
      }
    },
    uploadState(head, phase, state, sha256) {
      return new Promise((resolve, reject) => {
        const call = transfer.uploadState((error, answer) => {
          if (error) reject(fromServiceError(error, address));
          else resolve({ weightsSha256: answer?.weightsSha256 ?? '' });
        });
        const pump = async () => {
          for (let offset = 0; offset < state.length || offset === 0; offset += CHUNK_BYTES) {
            const data = Buffer.from(
              state.buffer,
              state.byteOffset + offset,
              Math.min(CHUNK_BYTES, state.length - offset),
            );
            const last = offset + CHUNK_BYTES >= state.length;
            await send(call, { ...head, phase, data, sha256: last ? sha256 : '' });
          }
          call.end();
        };
        pump().catch(reject);
      });
    },
    openReduce(head, on) {
      const call = collective.reduce();
      const end = onEnd(call, address, on.end);
      call.on('data', ({ phase, offset, values, crc32 }) => {
        const take = () => {
          verifyChecksum(values, crc32, `A chunk of phase ${phase}’s sum at value ${offset}`);
          on.chunk({ phase, offset, values });
        };
        orCancel(call, take, end);
      });
      call.write({ ...head });
      return {
        send: ({ values, ...rest }) => {
          const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
          return send(call, { ...rest, values: bytes, crc32: checksumOf(bytes) });
        },
        cancel: () => call.cancel(),
      };
    },
    close() {
      worker.close();
      transfer.close();
      collective.close();
    },
  };
}

/** Tells once that a stream ended, and why where it was not by plan. */
function onEnd(
  call: {
    on(event: 'error', listener: (error: ServiceError) => void): unknown;
    on(event: 'end', listener: () => void): unknown;
  },
  address: string,
  end: (why: GanglionError | undefined) => void,
): (why: GanglionError | undefined) => void {
  let ended = false;
  const once = (why: GanglionError | undefined) => {
    if (ended) return;
    ended = true;
    end(why);
  };
  // gRPC delivers the status of a failed call as `error`, before or after `end`: wait a turn for it.
  call.on('error', (error) => once(error.code === status.CANCELLED ? undefined : fromServiceError(error, address)));
  call.on('end', () => setImmediate(once, undefined));
  return once;
}

/** What cannot be taken ends the stream, as the reason. */
function orCancel(call: { cancel(): void }, take: () => void, end: (why: GanglionError | undefined) => void): void {
  try {
    take();
  } catch (error) {
    if (!(error instanceof GanglionError)) throw error;
    end(error);
    call.cancel();
  }
}
