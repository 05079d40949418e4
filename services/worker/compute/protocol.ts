/**
 * What the worker's main thread asks of its compute thread. TF ops block the thread that calls them, so tensors live
 * in a thread of their own while sockets, heartbeats and sums stay responsive in the main one.
 *
 * Gradients pass through SharedArrayBuffers: a request names the buffer, its answer says that the buffer is filled.
 */
import type { NetworkName, RunConfig } from '../../config/runConfig.ts';
import type { Applied } from '../../gan/replica.ts';
import type { PhasePlan } from '../../plan/phasePlan.ts';
import type { Device } from '../../report/runView.ts';

export interface ComputeSetup {
  readonly require: RunConfig['backend']['require'];
  readonly intraOpThreads: number;
}

/** Each request and its answer. */
export interface ComputeCalls {
  /** Builds the replica of a run; a former one is disposed of. */
  configure: { request: { config: RunConfig; sampleSize: number }; answer: undefined };
  load: { request: { state: Float32Array }; answer: undefined };
  save: { request: Record<never, never>; answer: { state: Float32Array; sha256: string } };
  /** One network's part of a shard's flat gradient, in the order of the phase's updates. See `Replica.gradientOf`. */
  gradient: {
    request: {
      plan: PhasePlan;
      shard: number;
      network: NetworkName;
      samples: Uint8Array | undefined;
      flat: Float32Array;
      sums?: Float32Array;
    };
    answer: Float32Array | undefined;
  };
  /** Makes a shard's fakes of a later phase ahead. */
  prepare: { request: { plan: PhasePlan; shard: number }; answer: undefined };
  apply: { request: { plan: PhasePlan; sum: Float32Array; wantNorms: boolean }; answer: Applied };
  step: {
    request: { plan: PhasePlan; samples: Uint8Array | undefined; wantStatistics: boolean };
    answer: Applied & { statistics: Float32Array | undefined };
  };
  weightsSha256: { request: Record<never, never>; answer: string };
  /** See `Statistics.emaGap`. */
  averageGap: { request: Record<never, never>; answer: number | undefined };
  sample: { request: { count: number }; answer: Uint8Array };
  /** Disposes of the replica. */
  forget: { request: Record<never, never>; answer: undefined };
}

export type ComputeVerb = keyof ComputeCalls;

/** Whoever owns the tensors: the compute thread, or what takes its place in a simulation. Answers come in order. */
export interface Compute {
  readonly device: Device;
  /** How many computations could not be compiled, since the last call. */
  takeFallbacks(): number;
  call<Verb extends ComputeVerb>(
    verb: Verb,
    request: ComputeCalls[Verb]['request'],
  ): Promise<ComputeCalls[Verb]['answer']>;
  close(): Promise<void>;
}

export interface ComputeRequest<Verb extends ComputeVerb = ComputeVerb> {
  readonly id: number;
  readonly verb: Verb;
  readonly request: ComputeCalls[Verb]['request'];
}

export type ComputeReply =
  | { readonly type: 'ready'; readonly device: Device; readonly whyNot: readonly string[] }
  /** A computation is not compiled: it stays op by op. */
  | { readonly type: 'fellBack'; readonly computation: string; readonly why: string }
  /** XLA begins to compile one. */
  | { readonly type: 'byXla'; readonly computation: string }
  | { readonly type: 'unfit'; readonly message: string; readonly remedy: string }
  /** Computed from and to: see `nowMs`. */
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly answer: unknown;
      readonly beginMs: number;
      readonly endMs: number;
    }
  | { readonly type: 'error'; readonly id: number; readonly message: string; readonly remedy: string };
