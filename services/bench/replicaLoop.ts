/**
 * Our replica in a loop, as one worker has it: one call is one iteration, D's phase and then G's, on samples and from
 * weights that do not matter to the time. `bareLoop.ts` is the same without anything of ours.
 */
import type { CompileCounts } from '../compile/compiler.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { initialState } from '../gan/initialState.ts';
import type { Tf } from '../gan/kernels.ts';
import { gradientLayout } from '../gan/layout.ts';
import { createReplica } from '../gan/tfReplica.ts';
import { planPhase } from '../plan/phasePlan.ts';
import type { Device } from '../report/runView.ts';
import { elapsedMs } from './elapsed.ts';
import { PHASES_PER_ITERATION, SAMPLE_SIZE } from './networks.ts';
import { waitForDevice } from './waitForDevice.ts';

export interface ReplicaLoop {
  /** The gradient stays on the device. */
  step(): void;
  /** gradient + apply, through the host. */
  exchange(): ExchangeTimes;
  compileCounts(): CompileCounts;
  dispose(): void;
}

export interface ExchangeTimes {
  /** gradient + apply, through the host. */
  readonly exchangeMs: number;
  /** The parts of `exchangeMs`. */
  readonly gradientMs: number;
  readonly applyMs: number;
}

/** In the data set: whole ones, as the samples are; the time does not depend on how many. */
const BATCH_COUNT = 600;

/** @param config alternates, has one shard, and trains on samples of `SAMPLE_SIZE`. */
export function replicaLoop(tf: Tf, kind: Device['backend'], config: RunConfig): ReplicaLoop {
  const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind });
  replica.load(initialState(config, SAMPLE_SIZE));
  const samples = Uint8Array.from({ length: config.batchSize * SAMPLE_SIZE }, (_, index) => (index * 31) % 256);
  const flats = (['discriminator', 'generator'] as const).map(
    (network) => new Float32Array(gradientLayout(config, SAMPLE_SIZE, [network]).length),
  );
  const datasetSize = BATCH_COUNT * config.batchSize;
  // Statistics with every tenth phase, as the config's default asks of a run.
  const isReported = (phase: number) => phase % config.reports.everyPhases === 1;
  let phase = 0;
  const iterate = (run: (phase: number) => void) => {
    for (let i = 0; i < PHASES_PER_ITERATION; i += 1) run(phase++);
    waitForDevice(tf);
  };
  return {
    step: () =>
      iterate((p) => replica.step({ plan: planPhase(config, datasetSize, p), shard: 0, samples }, isReported(p))),
    exchange: () => {
      let [gradientMs, applyMs] = [0, 0];
      const exchangeMs = elapsedMs(() =>
        iterate((p) => {
          const plan = planPhase(config, datasetSize, p);
          const flat = must(flats[p % PHASES_PER_ITERATION], 'flat gradient');
          gradientMs += elapsedMs(() => replica.gradient({ plan, shard: 0, samples }, flat));
          applyMs += elapsedMs(() => {
            replica.apply(plan, flat, isReported(p));
            waitForDevice(tf);
          });
        }),
      );
      return { exchangeMs, gradientMs, applyMs };
    },
    compileCounts: () => replica.compileCounts(),
    dispose: () => replica.dispose(),
  };
}
