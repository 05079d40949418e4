/**
 * Milliseconds an iteration (D + G) of our replica on one worker, compiled and op by op, against the bare tfjs loop:
 * alternated in one sitting, because a machine's speed changes more between two sittings than the two differ.
 */
import { compileObstacle } from '../compile/obstacle.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { Tf } from '../gan/kernels.ts';
import type { Device } from '../report/runView.ts';
import { bareLoop } from './bareLoop.ts';
import { elapsedMs } from './elapsed.ts';
import { type KernelTime, kernelTimes } from './kernelTimes.ts';
import { median } from './median.ts';
import { BATCH_SIZE, benchConfig, DISCRIMINATOR_UNITS, GENERATOR_UNITS } from './networks.ts';
import { type ExchangeTimes, replicaLoop } from './replicaLoop.ts';

const WARM_UP_ITERATIONS = 8;

/** Medians, in ms an iteration. */
export interface ReplicaTimes extends ExchangeTimes {
  /** The gradient stays on the device. */
  readonly stepMs: number;
}

/** The replica's own times are those of `compile: auto`. */
export interface ReplicaBench extends ReplicaTimes {
  readonly iterations: number;
  readonly bareMs: number;
  /** With `compile: off`; undefined where nothing is compiled anyway. */
  readonly opByOp: ReplicaTimes | undefined;
  /** Op by op, because a compiled step is one op. */
  readonly profile: StepProfile | undefined;
  /** Tensors alive at the start and at the end; equal where nothing leaks. */
  readonly tensorsBefore: number;
  readonly tensorsAfter: number;
}

/** Where `step`'s time goes, measured apart; undefined on WASM and plain JS. Means, in ms an iteration. */
export interface StepProfile {
  readonly stepMs: number;
  /** The costliest first; what they leave of `stepMs` is JavaScript. */
  readonly kernels: readonly KernelTime[];
}

/** @param iterations of each; at least 20, or the medians are worth little. */
export function benchReplica(tf: Tf, kind: Device['backend'], iterations: number): ReplicaBench {
  const opByOp = contestant(tf, kind, 'off');
  const compiled = compileObstacle(kind, 'auto') === undefined ? contestant(tf, kind, 'auto') : undefined;
  const bare = bareLoop(tf, GENERATOR_UNITS, DISCRIMINATOR_UNITS, BATCH_SIZE);
  const bareTimes: number[] = [];
  const contestants = compiled ? [opByOp, compiled] : [opByOp];
  const rounds = [() => bareTimes.push(elapsedMs(bare.iterate)), ...contestants.map(({ iterate }) => iterate)];

  for (let i = 0; i < WARM_UP_ITERATIONS; i += 1) for (const run of rounds) run();
  bareTimes.length = 0;
  for (const { forget } of contestants) forget();
  const tensorsBefore = tf.memory().numTensors;
  // In turn, and the other way round every second time: whoever comes first finds other caches.
  for (let i = 0; i < iterations; i += 1) for (const run of i % 2 === 0 ? rounds : [...rounds].reverse()) run();
  const profile = profiled(tf, kind, iterations, opByOp.step);
  const tensorsAfter = tf.memory().numTensors;
  const times = opByOp.medians();
  const result = {
    ...(compiled?.medians() ?? times),
    opByOp: compiled && times,
    iterations,
    bareMs: median(bareTimes),
    profile,
    tensorsBefore,
    tensorsAfter,
  };
  for (const { dispose } of [bare, ...contestants]) dispose();
  return result;
}

interface Contestant {
  /** One iteration on the device, then one through the host; both are timed. */
  iterate(): void;
  step(): void;
  forget(): void;
  medians(): ReplicaTimes;
  dispose(): void;
}

function contestant(tf: Tf, kind: Device['backend'], compile: RunConfig['compile']): Contestant {
  const config = { ...benchConfig({ workers: 1, backend: { require: 'any', intraOpThreads: 1 } }), compile };
  const { step, exchange, dispose } = replicaLoop(tf, kind, config);
  let measured: ReplicaTimes[] = [];
  const medianOf = (part: keyof ReplicaTimes) => median(measured.map((times) => times[part]));
  return {
    step,
    iterate: () => measured.push({ stepMs: elapsedMs(step), ...exchange() }),
    forget: () => {
      measured = [];
    },
    medians: () => ({
      stepMs: medianOf('stepMs'),
      exchangeMs: medianOf('exchangeMs'),
      gradientMs: medianOf('gradientMs'),
      applyMs: medianOf('applyMs'),
    }),
    dispose,
  };
}

function profiled(tf: Tf, kind: Device['backend'], iterations: number, step: () => void): StepProfile | undefined {
  if (kind !== 'cuda' && kind !== 'tensorflow') return undefined;
  const start = performance.now();
  const times = kernelTimes(tf, kind, () => {
    for (let i = 0; i < iterations; i += 1) step();
  });
  const stepMs = (performance.now() - start) / iterations;
  return {
    stepMs,
    kernels: times.map(({ op, calls, ms }) => ({ op, calls: calls / iterations, ms: ms / iterations })),
  };
}
