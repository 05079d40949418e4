/** What a worker computes in an iteration, stage by stage as `gan/stages.ts` cuts it, through the host. */
import type { RunConfig } from '../../config/runConfig.ts';
import { initialState } from '../../gan/initialState.ts';
import type { Tf } from '../../gan/kernels.ts';
import { gradientLayout } from '../../gan/layout.ts';
import { createReplica } from '../../gan/tfReplica.ts';
import { type PhasePlan, planPhase } from '../../plan/phasePlan.ts';
import type { Device } from '../../report/runView.ts';
import { wantsStatistics } from '../../worker/cadence.ts';
import { elapsedMs } from '../elapsed.ts';
import { median } from '../median.ts';
import { PHASES_MAX, SAMPLE_SIZE } from '../networks.ts';
import { waitForDevice } from '../waitForDevice.ts';
import { phasesOf } from './iteration.ts';

/** Medians in ms: of a stage each time that it is computed, of all updates of an iteration together. */
export interface StageTimes {
  readonly fakes: number;
  readonly discriminator: number;
  readonly generator: number;
  readonly apply: number;
  /** An iteration whose gradients stay on the device: what a lone worker really does. */
  readonly onDevice: number;
}

const WARM_UP_ITERATIONS = 6;
/** In the data set: whole ones, as the samples are. */
const BATCH_COUNT = 600;

/** @param config has one shard, and trains on samples of `SAMPLE_SIZE`. */
export function stageTimes(tf: Tf, kind: Device['backend'], config: RunConfig, iterations: number): StageTimes {
  const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind });
  replica.load(initialState(config, SAMPLE_SIZE, new Float64Array(SAMPLE_SIZE).fill(0.5)));
  const samples = Uint8Array.from({ length: config.batchSize * SAMPLE_SIZE }, (_, index) => (index * 31) % 256);
  const times: Record<keyof StageTimes, number[]> = {
    fakes: [],
    discriminator: [],
    generator: [],
    apply: [],
    onDevice: [],
  };
  const timed = (run: () => void) =>
    elapsedMs(() => {
      run();
      waitForDevice(tf);
    });
  const wants = (phase: number) => wantsStatistics(config, phase + 1, PHASES_MAX);
  const throughHost = (plan: PhasePlan): number => {
    const batch = { plan, shard: 0, samples };
    const flat = new Float32Array(gradientLayout(config, SAMPLE_SIZE, plan.updates).length);
    times.fakes.push(timed(() => replica.prepare(batch)));
    for (const network of plan.updates) times[network].push(timed(() => replica.gradientOf(batch, network, flat)));
    return timed(() => replica.apply(plan, flat, wants(plan.phase)));
  };
  const onDevice = (plan: PhasePlan) => timed(() => replica.step({ plan, shard: 0, samples }, wants(plan.phase)));

  let phase = 0;
  const iterate = (run: (plan: PhasePlan) => number): number => {
    let ms = 0;
    for (let i = 0; i < phasesOf(config); i++) ms += run(planPhase(config, BATCH_COUNT * config.batchSize, phase++));
    return ms;
  };
  for (let i = -WARM_UP_ITERATIONS; i < iterations; i++) {
    if (i === 0) for (const list of Object.values(times)) list.length = 0;
    times.apply.push(iterate(throughHost));
    times.onDevice.push(iterate(onDevice));
  }
  replica.dispose();
  return {
    fakes: median(times.fakes),
    discriminator: median(times.discriminator),
    generator: median(times.generator),
    apply: median(times.apply),
    onDevice: median(times.onDevice),
  };
}
