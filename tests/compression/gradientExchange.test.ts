/**
 * Proves promise 1 for every wire format: over several phases, in which shards change hands between them, any partition of
 * the shards gives the sums of one worker to the bit, and the same state for a checkpoint. And that compression does what
 * it is for: fewer bytes, and in the long run the gradients that were given.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Collective } from '../../services/collective/collective.ts';
import { SoloCollective } from '../../services/collective/collective.ts';
import { DirectCollective } from '../../services/collective/directCollective.ts';
import { CompressionState } from '../../services/compression/compressionState.ts';
import { GradientExchange, wireCodec } from '../../services/compression/gradientExchange.ts';
import type { NetworkName, RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout } from '../../services/gan/layout.ts';
import { carried, FakeNetwork } from '../collective/fakeNetwork.ts';
import { SAMPLE_SIZE, tinyConfig } from '../gan/configs.ts';

type Compression = NonNullable<RunConfigInput['collective']>;

const FORMATS: readonly Compression[] = [
  { wireFormat: 'fp32' },
  { wireFormat: 'bf16' },
  { wireFormat: 'bf16', errorFeedback: false },
  { wireFormat: 'powersgd', rank: 1 },
  { wireFormat: 'powersgd', rank: 2 },
  { wireFormat: 'powersgd', rank: 1, errorFeedback: false },
];

/** One worker: its shards change, what it keeps does not. */
class Worker {
  readonly state: CompressionState;
  readonly #config: RunConfig;

  constructor(config: RunConfig) {
    this.#config = config;
    this.state = new CompressionState(config, SAMPLE_SIZE);
    this.state.load(initialState(config, SAMPLE_SIZE));
  }

  exchange(shards: readonly number[], collective: Collective): GradientExchange {
    return new GradientExchange({
      config: this.#config,
      sampleSize: SAMPLE_SIZE,
      shards,
      collective,
      state: this.state,
    });
  }
}

interface Phase {
  readonly updates: readonly NetworkName[];
  readonly gradient: (shard: number) => Float32Array;
}

async function take(
  exchange: GradientExchange,
  config: RunConfig,
  shards: readonly number[],
  at: number,
  phase: Phase,
) {
  const layout = gradientLayout(config, SAMPLE_SIZE, phase.updates);
  const flats = new Map(shards.map((shard) => [shard, phase.gradient(shard)]));
  const sum = new Float32Array(layout.length);
  const exchanged = await exchange.sum(at, { updates: phase.updates, layout, flats, computed: someTime }, sum);
  exchange.commit(phase.updates);
  return { sum, exchanged };
}

/** Deals the shards over `owners`, lets everybody take these phases, and brings the state together at the end. */
async function generation(
  config: RunConfig,
  workers: readonly Worker[],
  owners: readonly number[],
  phases: readonly (readonly [number, Phase])[],
) {
  const members = workers.map((_, rank) => ({
    workerId: `w${rank}`,
    rank,
    shards: owners.flatMap((owner, shard) => (owner % workers.length === rank ? [shard] : [])),
  }));
  const network = new FakeNetwork(members.map(({ rank }) => rank));
  const work = workers.map(async (worker, rank) => {
    const { shards } = must(members[rank], 'member');
    const mesh = must(network.roads[rank], 'road');
    const codec = wireCodec(config, SAMPLE_SIZE);
    const collective = new DirectCollective({
      mesh,
      self: rank,
      members,
      shardCount: config.shards,
      codec,
      frameValues: 8,
    });
    const exchange = worker.exchange(shards, collective);
    const taken = [];
    for (const [at, phase] of phases) taken.push(await take(exchange, config, shards, at, phase));
    await exchange.gather(phases.at(-1)?.[0] ?? 0);
    return taken;
  });
  return carried(network, Promise.all(work));
}

const stands = () => Promise.resolve();

/** One network after the other, and the last shard first. */
async function someTime(shard: number, network: NetworkName): Promise<void> {
  for (let turn = network === 'generator' ? 9 : 0; turn < 20 - shard; turn++)
    await new Promise((resolve) => setImmediate(resolve));
}

const bits = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');

function phaseOf(config: RunConfig, updates: readonly NetworkName[], salt: number): Phase {
  const { length, statisticsOffset } = gradientLayout(config, SAMPLE_SIZE, updates);
  const gradient = (shard: number) =>
    Float32Array.from({ length }, (_, i) =>
      i < statisticsOffset ? Math.sin(salt * 12.9898 + shard * 78.233 + i) : shard,
    );
  return { updates, gradient };
}

describe.each(FORMATS)('$wireFormat, rank $rank, feedback $errorFeedback', (collective) => {
  it('any workers, changing in between, give the sums and the state of one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }), { minLength: 2, maxLength: 2 }),
        fc.array(fc.constantFrom<NetworkName[]>(['discriminator'], ['generator'], ['discriminator', 'generator']), {
          minLength: 4,
          maxLength: 4,
        }),
        async (shards, count, owners, updates) => {
          const config = tinyConfig({ collective, schedule: { type: 'simultaneous' } }, shards);
          const phases = updates.map((networks, at) => [at, phaseOf(config, networks, at)] as const);
          const alone = new Worker(config);
          const all = Array.from({ length: shards }, (_, shard) => shard);
          const solo = alone.exchange(all, new SoloCollective());
          const expected: string[] = [];
          for (const [at, phase] of phases) expected.push(bits((await take(solo, config, all, at, phase)).sum));

          const workers = Array.from({ length: count }, () => new Worker(config));
          const found: string[][] = workers.map(() => []);
          for (const [half, dealt] of owners.entries()) {
            const part = phases.slice(2 * half, 2 * half + 2);
            const taken = await generation(config, workers, dealt.slice(0, shards), part);
            for (const [rank, sums] of taken.entries()) found[rank]?.push(...sums.map(({ sum }) => bits(sum)));
          }
          for (const sums of found) expect(sums).toEqual(expected);
          for (const { state } of workers) {
            expect(state.isWhole).toBe(true);
            expect(bits(state.save())).toBe(bits(alone.state.save()));
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('what is kept', () => {
  const config = tinyConfig({ collective: { wireFormat: 'bf16' }, schedule: { type: 'simultaneous' } }, 2);

  it('is not whole once another worker’s shard was committed, and whole again when brought together', async () => {
    const workers = [new Worker(config), new Worker(config)];
    const network = new FakeNetwork([0, 1]);
    const members = [0, 1].map((rank) => ({ workerId: `w${rank}`, rank, shards: [rank] }));
    const work = workers.map(async ({ state }, rank) => {
      const mesh = must(network.roads[rank], 'road');
      const codec = wireCodec(config, SAMPLE_SIZE);
      const road = new DirectCollective({ mesh, self: rank, members, shardCount: 2, codec });
      const exchange = must(workers[rank], 'worker').exchange([rank], road);
      await take(exchange, config, [rank], 0, phaseOf(config, ['generator'], 3));
      const after = state.isWhole;
      await exchange.gather(0);
      return [after, state.isWhole];
    });
    expect(await carried(network, Promise.all(work))).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  it('counts from the commit on: a phase that is not applied is taken again as if it had never been', async () => {
    const worker = new Worker(config);
    const exchange = worker.exchange([0, 1], new SoloCollective());
    const layout = gradientLayout(config, SAMPLE_SIZE, ['generator']);
    const once = async () => {
      const { gradient, updates } = phaseOf(config, ['generator'], 1);
      const flats = new Map([0, 1].map((shard) => [shard, gradient(shard)]));
      const sum = new Float32Array(layout.length);
      await exchange.sum(0, { updates, layout, flats, computed: stands }, sum);
      return bits(sum);
    };
    const first = await once();
    expect(await once()).toBe(first);
    exchange.commit(['generator']);
    expect(await once()).not.toBe(first);
  });

  it('makes the mean of many phases that of the gradients, which without it would never come', async () => {
    const drift = async (compression: Compression) => {
      const of = tinyConfig({ collective: compression, schedule: { type: 'simultaneous' } }, 1);
      const worker = new Worker(of);
      const exchange = worker.exchange([0], new SoloCollective());
      const phase = phaseOf(of, ['generator'], 2);
      const { statisticsOffset } = gradientLayout(of, SAMPLE_SIZE, ['generator']);
      const given = phase.gradient(0);
      const sums = new Float64Array(statisticsOffset);
      const phases = 200;
      for (let at = 0; at < phases; at++) {
        const { sum } = await take(exchange, of, [0], at, phase);
        for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (sum[i] ?? 0);
      }
      return Math.max(...sums.map((sum, i) => Math.abs(sum / phases - (given[i] ?? 0))));
    };
    expect(await drift({ wireFormat: 'bf16' })).toBeLessThan(1e-4);
    expect(await drift({ wireFormat: 'bf16', errorFeedback: false })).toBeGreaterThan(1e-3);
    expect(await drift({ wireFormat: 'powersgd', rank: 1 })).toBeLessThan(0.03);
    expect(await drift({ wireFormat: 'powersgd', rank: 1, errorFeedback: false })).toBeGreaterThan(0.2);
  });
});

it('says the bytes that it saved', async () => {
  const wide = {
    layers: [
      { type: 'dense' as const, units: 64 },
      { type: 'dense' as const, units: SAMPLE_SIZE },
    ],
  };
  const saved = async (collective: Compression) => {
    const config = tinyConfig(
      { collective, schedule: { type: 'simultaneous' }, generator: wide, latent: { size: 64 } },
      2,
    );
    const workers = [new Worker(config), new Worker(config)];
    const taken = await generation(config, workers, [0, 1], [[0, phaseOf(config, ['generator'], 1)]]);
    const { bytes, savedBytes } = must(taken[0]?.[0], 'phase').exchanged;
    return savedBytes / (bytes + savedBytes);
  };
  expect(await saved({ wireFormat: 'fp32' })).toBe(0);
  expect(await saved({ wireFormat: 'bf16' })).toBeGreaterThan(0.49);
  expect(await saved({ wireFormat: 'powersgd', rank: 2 })).toBeGreaterThan(0.8);
});
