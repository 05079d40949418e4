/**
 * Milliseconds an iteration (D + G) of our replica on one worker, compiled and op by op, against the bare tfjs loop:
 * alternated in one sitting, because a machine's speed changes more between two sittings than the two differ.
 */
import { compileObstacle } from '../compile/obstacle.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { initialState } from '../gan/initialState.ts';
import type { Tf } from '../gan/kernels.ts';
import { gradientLayout } from '../gan/layout.ts';
import type { Replica } from '../gan/replica.ts';
import { createReplica } from '../gan/tfReplica.ts';
import { planPhase } from '../plan/phasePlan.ts';
import type { Device } from '../report/runView.ts';
import { bareLoop } from './bareLoop.ts';
import { type KernelTime, kernelTimes } from './kernelTimes.ts';
import { median } from './median.ts';
import { BATCH_SIZE, benchConfig, DISCRIMINATOR_UNITS, GENERATOR_UNITS, SAMPLE_SIZE } from './networks.ts';
import { waitForDevice } from './waitForDevice.ts';

const WARM_UP_ITERATIONS = 8;
/** Any data set of at least one batch: the time does not depend on it. */
const DATASET_SIZE = 60_000;

/** Medians, in ms an iteration. */
export interface ReplicaTimes {
  /** The gradient stays on the device. */
  readonly stepMs: number;
  /** gradient + apply, through the host. */
  readonly exchangeMs: number;
  /** The parts of `exchangeMs`. */
  readonly gradientMs: number;
  readonly applyMs: number;
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
  const rounds = [() => bareTimes.push(timed(bare.iterate)), ...contestants.map(({ iterate }) => iterate)];

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
  const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind });
  replica.load(initialState(config, SAMPLE_SIZE));
  const samples = Uint8Array.from({ length: BATCH_SIZE * SAMPLE_SIZE }, (_, index) => (index * 31) % 256);
  const clock: Clock = { gradient: 0, apply: 0, wait: () => waitForDevice(tf) };
  const flats = flatGradients(config);
  let phase = 0;
  const iteration = (run: (phase: number) => void) => () => {
    run(phase);
    run(phase + 1);
    phase += 2;
    clock.wait();
  };
  const step = iteration((p) => runStep(replica, config, p, samples));
  const exchange = iteration((p) => runExchange(replica, config, p, samples, flats, clock));
  let measured: ReplicaTimes[] = [];
  const medianOf = (part: keyof ReplicaTimes) => median(measured.map((times) => times[part]));
  return {
    step,
    iterate: () => {
      const stepMs = timed(step);
      clock.gradient = 0;
      clock.apply = 0;
      const exchangeMs = timed(exchange);
      measured.push({ stepMs, exchangeMs, gradientMs: clock.gradient, applyMs: clock.apply });
    },
    forget: () => {
      measured = [];
    },
    medians: () => ({
      stepMs: medianOf('stepMs'),
      exchangeMs: medianOf('exchangeMs'),
      gradientMs: medianOf('gradientMs'),
      applyMs: medianOf('applyMs'),
    }),
    dispose: () => replica.dispose(),
  };
}

interface Clock {
  gradient: number;
  apply: number;
  /** Waits for the device. */
  readonly wait: () => void;
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

function runStep(replica: Replica, config: RunConfig, phase: number, samples: Uint8Array): void {
  const plan = planPhase(config, DATASET_SIZE, phase);
  // Statistics with every tenth phase, as the config's default asks of a run.
  replica.step({ plan, shard: 0, samples }, phase % config.reports.everyPhases === 1);
}

function runExchange(
  replica: Replica,
  config: RunConfig,
  phase: number,
  samples: Uint8Array,
  flats: readonly Float32Array[],
  clock: Clock,
): void {
  const plan = planPhase(config, DATASET_SIZE, phase);
  const flat = must(flats[plan.updates[0] === 'discriminator' ? 0 : 1], 'flat gradient');
  clock.gradient += timed(() => replica.gradient({ plan, shard: 0, samples }, flat));
  clock.apply += timed(() => {
    replica.apply(plan, flat, phase % config.reports.everyPhases === 1);
    clock.wait();
  });
}

function flatGradients(config: RunConfig): readonly Float32Array[] {
  return (['discriminator', 'generator'] as const).map(
    (network) => new Float32Array(gradientLayout(config, SAMPLE_SIZE, [network]).length),
  );
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
