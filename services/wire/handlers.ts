/** What the coordinator answers, in plain values; the wire knows nothing else of it. */
import type { ReduceChunk, ReducedChunk } from '../collective/chunk.ts';
import type { CoordinatorMessage, TransferHead, WorkerMessage } from '../control/messages.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { ArtifactView, RunView, WorkerView } from '../report/runView.ts';
import type { AskedTrace, TracePart } from '../trace/tracePart.ts';

/** One worker's control stream, as the coordinator holds it. */
export interface Session {
  send(message: CoordinatorMessage): void;
  /** Ends the stream; the worker may dial again. */
  end(): void;
}

export interface SessionListener {
  message(message: WorkerMessage): void;
  closed(): void;
}

/** One worker's reduce stream in one generation. */
export interface ReducePeer {
  send(chunk: ReducedChunk): Promise<void>;
  end(): void;
}

export interface ReduceListener {
  /** Resolves when the next chunk may be read: this is the stream's backpressure. */
  chunk(chunk: ReduceChunk): Promise<void>;
  closed(): void;
}

export interface CoordinatorHandlers {
  /** @param runId empty: one is chosen. */
  createRun(configYaml: string, dryRun: boolean, runId: string): Promise<RunView>;
  getRun(runId: string): RunView;
  listRuns(): RunView[];
  watchRun(runId: string, fromSequence: number, signal: AbortSignal): AsyncIterable<RunEvent>;
  pauseRun(runId: string): Promise<RunView>;
  resumeRun(runId: string, fromPhase: number | undefined): Promise<RunView>;
  cancelRun(runId: string): Promise<RunView>;
  listArtifacts(runId: string): Promise<ArtifactView[]>;
  fetchArtifact(runId: string, name: string): AsyncIterable<Uint8Array>;
  /** Throws `wrong-state` where the phases are over, or the run does not go on. */
  traceRun(asked: AskedTrace, signal: AbortSignal): AsyncIterable<TracePart>;
  listWorkers(): WorkerView[];
  /** Throws `not-found` where there is no such worker. */
  drainWorker(workerId: string): void;
  /** Throws `refused` where chaos is not allowed, `not-found` where there is no such worker. */
  inject(workerId: string, kind: string, durationMs: number): void;

  openSession(session: Session): SessionListener;
  /** The rows of the worker's shards, phase by phase, from `fromPhase` to the end. Throws where the head is stale. */
  minibatches(head: TransferHead, fromPhase: number): Iterable<{ phase: number; samples: Uint8Array }>;
  downloadState(runId: string, generation: number, phase: number): Promise<{ state: Uint8Array; sha256: string }>;
  /** The same for an order to measure. Throws where nobody waits for it any more. */
  downloadMeasured(runId: string, evaluationId: number, phase: number): Promise<{ state: Uint8Array; sha256: string }>;
  uploadState(
    head: TransferHead,
    phase: number,
    chunks: AsyncIterable<{ data: Uint8Array; sha256: string }>,
  ): Promise<{ weightsSha256: string }>;
  /** Throws where the head is stale. */
  joinReduce(head: TransferHead, peer: ReducePeer): ReduceListener;
}
