/**
 * Proves what `statistics: sync` promises: the shards' gradients add up to that of one batch norm over the whole minibatch
 * (central differences of a float64 reference, and a replica with one shard), for any dealing of the shards to the same bits,
 * with short shards and empty ones, packs, hot spares and every wire format; and that a phase that breaks off leaves nothing.
 */
import { describe, expect, it } from 'vitest';
import { SoloCollective } from '../../services/collective/collective.ts';
import { DirectCollective } from '../../services/collective/directCollective.ts';
import { CompressionState } from '../../services/compression/compressionState.ts';
import { GradientExchange, wireCodec } from '../../services/compression/gradientExchange.ts';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout, replicaLayout } from '../../services/gan/layout.ts';
import type { Replica } from '../../services/gan/replica.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { type PhasePlan, planPhase } from '../../services/plan/phasePlan.ts';
import { shardRange } from '../../services/plan/shards.ts';
import { SpanRecorder } from '../../services/trace/recorder.ts';
import type { Compute, ComputeCalls } from '../../services/worker/compute/protocol.ts';
import { PhaseTimer } from '../../services/worker/phaseTimer.ts';
import { shardGradients } from '../../services/worker/shardGradients.ts';
import { carried, FakeNetwork } from '../collective/fakeNetwork.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someSamples, tinyConfig } from './configs.ts';
import { referenceGradient } from './reference.ts';
import { referenceBatch, spread, weightsOf } from './referenceCase.ts';

type Layers = RunConfigInput['generator']['layers'];

const GENERATOR: Layers = [
  { type: 'dense', units: 4 },
  { type: 'batch-norm', statistics: 'sync', activation: 'tanh' },
  { type: 'reshape', shape: [1, 2, 2] },
  { type: 'conv-transpose', filters: 3, kernel: 2, stride: 2 },
  { type: 'batch-norm', statistics: 'sync', epsilon: 0.01, activation: 'leaky-relu' },
  { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
];
const DISCRIMINATOR: Layers = [
  { type: 'batch-norm', statistics: 'sync' },
  { type: 'reshape', shape: [2, 3, 1] },
  { type: 'conv', filters: 2, kernel: 2 },
  { type: 'batch-norm', statistics: 'sync', activation: 'tanh' },
  { type: 'dropout', keep: 0.8 },
  { type: 'dense', units: 1 },
];
const BOTH = { generator: { layers: GENERATOR }, discriminator: { layers: DISCRIMINATOR } };
const ADAM = { type: 'adam', learningRate: 0.01 } as const;

const CASES: Record<string, Partial<RunConfigInput>> = {
  alternating: BOTH,
  'both gradients from one point': { ...BOTH, schedule: { type: 'simultaneous' } },
  'G’s loss reads reals': { ...BOTH, objective: { loss: 'relativistic' } },
  'packs, and D alone is synchronised': {
    batchSize: 12,
    discriminator: {
      packing: 2,
      layers: [
        { type: 'dense', units: 4 },
        { type: 'batch-norm', statistics: 'sync', activation: 'tanh' },
        { type: 'dense', units: 1 },
      ],
    },
  },
};

/** A worker without processes: a replica, and its part in the exchange. */
interface Worker {
  readonly replica: Replica;
  readonly shards: readonly number[];
  readonly exchange: GradientExchange;
}

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    const replicaOf = async (
      config: RunConfig,
      state = spread(initialState(config, SAMPLE_SIZE)),
    ): Promise<Replica> => {
      await tf.setBackend(backend.kind);
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      replica.load(state);
      return replica;
    };

    /** @param dealt shards by rank. */
    const gang = async (config: RunConfig, dealt: readonly (readonly number[])[], begin?: Float32Array) => {
      const members = dealt.map((shards, rank) => ({ workerId: `w${rank}`, rank, shards }));
      const network = new FakeNetwork(members.map(({ rank }) => rank));
      const workers: Worker[] = [];
      for (const { rank, shards } of members) {
        const state = new CompressionState(config, SAMPLE_SIZE);
        state.load(initialState(config, SAMPLE_SIZE));
        const codec = wireCodec(config, SAMPLE_SIZE);
        const mesh = must(network.roads[rank], 'road');
        const collective =
          dealt.length === 1
            ? new SoloCollective()
            : new DirectCollective({ mesh, self: rank, members, shardCount: config.shards, codec, frameValues: 8 });
        const exchange = new GradientExchange({ config, sampleSize: SAMPLE_SIZE, shards, collective, state });
        workers.push({ replica: await replicaOf(config, begin), shards, exchange });
      }
      /** The sum of the phase, the same for all. */
      const phase = async (plan: PhasePlan): Promise<Float32Array> => {
        const sums = await carried(network, Promise.all(workers.map((worker) => sumOf(config, worker, plan))));
        for (const sum of sums) expect(sum).toEqual(sums[0]);
        return must(sums[0], 'sum');
      };
      return { workers, phase };
    };

    describe.each(Object.entries(CASES))('%s', (_name, input) => {
      it('gives the central differences of the whole minibatch’s losses', async () => {
        const config = tinyConfig(input, 3);
        const { workers, phase } = await gang(config, [[0, 1, 2]]);
        const state = spread(initialState(config, SAMPLE_SIZE));
        for (const at of [0, 1]) {
          const plan = planPhase(config, DATASET_SIZE, at);
          const sum = await phase(plan);
          const batch = referenceBatch(config, plan, samplesOf(plan));
          const weights = weightsOf(config, state);
          const expected = plan.updates.flatMap((network) => referenceGradient(config, network, weights, batch));
          const scale = Math.max(...expected.map(Math.abs));
          expect(scale).toBeGreaterThan(1e-3);
          const worst = Math.max(...expected.map((value, i) => Math.abs(value - must(sum[i], 'gradient'))));
          expect(worst / scale).toBeLessThan(1e-5);
        }
        for (const { replica } of workers) replica.dispose();
      });

      it('is one shard to rounding, running statistics too, with empty shards and at an epoch’s end', async () => {
        for (const shards of input.discriminator?.packing ? [3] : [3, 13]) {
          const config = tinyConfig(input, shards);
          const { workers, phase } = await gang(config, [[...Array(shards).keys()]]);
          const whole = await replicaOf({ ...config, shards: 1 });
          for (const at of [0, 1, 4]) {
            const plan = planPhase(config, DATASET_SIZE, at);
            const sum = await phase(plan);
            const expected = new Float32Array(sum.length);
            whole.gradient({ plan, shard: 0, samples: samplesOf(plan) }, expected);
            for (const [i, value] of expected.entries()) {
              expect(Math.abs(value - must(sum[i], 'gradient'))).toBeLessThan(2e-5 * Math.max(1, Math.abs(value)));
            }
          }
          for (const { replica } of [...workers, { replica: whole }]) replica.dispose();
        }
      });

      it('has the same bits however the shards are dealt, and never leaks', async () => {
        const optimizer = { generator: ADAM, discriminator: ADAM };
        const found: unknown[] = [];
        for (const dealt of [
          [[0, 1, 2, 3]],
          [
            [0, 1],
            [2, 3],
          ],
          [[0, 2], [], [3, 1]],
        ]) {
          const collective = { wireFormat: 'bf16', errorFeedback: false } as const;
          const batchSize = input.batchSize === undefined ? 8 : 16;
          const config = tinyConfig({ ...input, optimizer, collective, batchSize }, 4);
          const { workers, phase } = await gang(config, dealt, initialState(config, SAMPLE_SIZE));
          const alive = workers[0]?.replica.tensorCount();
          const seen: string[] = [];
          for (let at = 0; at < 5; at += 1) {
            const plan = planPhase(config, DATASET_SIZE, at);
            const sum = await phase(plan);
            for (const { replica } of workers) {
              const before = runningOf(config, replica);
              expect(replica.apply(plan, sum, false).nonFinite).toBeUndefined();
              expect(replica.tensorCount()).toBe(alive);
              // Frozen in the other's update.
              if (plan.updates.join() === 'generator') expect(runningOf(config, replica)).toEqual(before);
              else expect(runningOf(config, replica)).not.toEqual(before);
            }
            seen.push(must(workers[0], 'worker').replica.weightsSha256());
          }
          const [state, ...others] = workers.map(({ replica }) => replica.save());
          for (const other of others) expect(other).toEqual(state);
          found.push({ seen, state });
          for (const { replica } of workers) replica.dispose();
        }
        expect(found[1]).toEqual(found[0]);
        expect(found[2]).toEqual(found[0]);
      });
    });

    it('a phase that breaks off anywhere leaves nothing behind, and is computed again by other shards', async () => {
      const config = tinyConfig(BOTH, 2);
      const plan = planPhase(config, DATASET_SIZE, 0);
      const undisturbed = await gang(config, [[0, 1]]);
      const expected = await undisturbed.phase(plan);
      const { workers, phase } = await gang(config, [[0], [1]]);
      const { replica } = must(workers[0], 'worker');
      const alive = replica.tensorCount();
      const flat = new Float32Array(expected.length);
      const begin = () => {
        const samples = rowsOf(config, plan, [1]);
        let own = replica.gradientOf({ plan, shard: 1, samples }, 'discriminator', flat);
        for (let pauses = 0; pauses < 5; pauses += 1) {
          own = replica.gradientOf({ plan, shard: 1, samples: undefined }, 'discriminator', flat, must(own, 'sums'));
        }
      };
      begin();
      const held = replica.tensorCount();
      expect(held).toBeGreaterThan(alive);
      begin();
      expect(replica.tensorCount()).toBe(held);
      expect(await phase(plan)).toEqual(expected);
      replica.apply(plan, expected, false);
      await phase(planPhase(config, DATASET_SIZE, 1));
      expect(replica.tensorCount()).toBe(alive);
      for (const one of [...workers, ...undisturbed.workers]) one.replica.dispose();
    });

    it('names the shard that brought the first NaN into a sum, and no other', async () => {
      const config = tinyConfig(BOTH, 3);
      const { workers } = await gang(config, [[0, 1, 2]]);
      const plan = planPhase(config, DATASET_SIZE, 0);
      const worker = must(workers[0], 'worker');
      const { suspects } = await gradientsOf(config, worker, plan, (sums, shard) => {
        if (shard === 1) sums[0] = Number.NaN;
      });
      expect(suspects).toEqual([1]);
      expect((await gradientsOf(config, worker, plan)).suspects).toBeUndefined();
      worker.replica.dispose();
    });
  });
}

async function sumOf(config: RunConfig, worker: Worker, plan: PhasePlan): Promise<Float32Array> {
  const { flats, layout, ...gradients } = await gradientsOf(config, worker, plan);
  const sum = new Float32Array(layout.length);
  await worker.exchange.sum(plan.phase, { updates: plan.updates, layout, flats, ...gradients }, sum);
  return sum;
}

/** @param damage of what a shard adds to a sum. */
async function gradientsOf(
  config: RunConfig,
  { replica, shards, exchange }: Worker,
  plan: PhasePlan,
  damage: (sums: Float32Array, shard: number) => void = () => undefined,
) {
  const layout = gradientLayout(config, SAMPLE_SIZE, plan.updates);
  const flats = new Map(shards.map((shard) => [shard, new Float32Array(layout.length)]));
  const call = async (_verb: string, request: ComputeCalls['gradient']['request']) => {
    const { shard, samples, network, flat, sums } = request;
    const own = replica.gradientOf({ plan, shard, samples }, network, flat, sums);
    if (own) damage(own, shard);
    return own;
  };
  const ports = {
    compute: { call: call as unknown as Compute['call'] },
    exchange,
    timer: new PhaseTimer(new SpanRecorder(() => 0)),
    doing: () => undefined,
    stopAsked: () => false,
  };
  const rows = plan.minibatch === undefined ? undefined : rowsOf(config, plan, shards);
  const work = { config, assignment: { sampleSize: SAMPLE_SIZE }, plan, rows, flats, layout };
  return { flats, layout, ...(await shardGradients(work, ports)) };
}

function samplesOf({ minibatch, sampleCount, phase }: PhasePlan): Uint8Array | undefined {
  return minibatch === undefined ? undefined : someSamples(sampleCount, phase);
}

function rowsOf({ shards: count }: RunConfig, plan: PhasePlan, shards: readonly number[]): Uint8Array {
  const all = must(samplesOf(plan), 'samples');
  return Uint8Array.from(
    shards.flatMap((shard) => {
      const range = shardRange(plan.sampleCount, count, shard);
      return [...all.subarray(range.first * SAMPLE_SIZE, (range.first + range.count) * SAMPLE_SIZE)];
    }),
  );
}

/** D's running statistics. */
function runningOf(config: RunConfig, replica: Replica): number[] {
  const state = replica.save();
  return replicaLayout(config, SAMPLE_SIZE)
    .filter(({ name }) => /^discriminator.*running/.test(name))
    .flatMap(({ offset, length }) => [...state.subarray(offset, offset + length)]);
}
