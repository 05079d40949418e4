/**
 * Proves that the direct all-reduce gives every worker, spares included, the bits of one tree sum by one worker and of
 * the star, in both wire formats, for any partition, any number of slices and any interleaving of what happens; that it
 * ends at once with its generation; that a frame which does not belong into a sum is refused by name; and that a stall
 * says whom it waits for.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartialSum } from '../../services/collective/collective.ts';
import { DirectCollective } from '../../services/collective/directCollective.ts';
import { StarReducer } from '../../services/collective/starReducer.ts';
import { ownedSubtrees, type Subtree, sumSubtree } from '../../services/collective/tree.ts';
import { WireCodec, type WireFormat } from '../../services/collective/wireFormat.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { must } from '../../services/errors/invariant.ts';
import type { Frame } from '../../services/mesh/frame.ts';
import { FakeNetwork } from './fakeNetwork.ts';

const FRAME_VALUES = 8;
const EXACT_TAIL = 3;
const HALTED = new GanglionError({ code: 'aborted', message: 'Worker two was lost.', remedy: 'Wait.' });

/** Where addition and rounding are least forgiving. */
const awkward = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1.4e-45, -1.4e-45, 3.3e38, -3.3e38, 1e30, 1, 1 + 2 ** -8, 2 ** -24),
);

interface Member {
  readonly workerId: string;
  readonly rank: number;
  readonly shards: readonly number[];
}

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'];

/** The members of ranks 0 … workers − 1; each owns the shards that were dealt to it, some of them none. */
function membersOf(workers: number, dealt: readonly number[]): Member[] {
  return NAMES.slice(0, workers).map((workerId, rank) => ({
    workerId,
    rank,
    shards: dealt.flatMap((owner, shard) => (owner % workers === rank ? [shard] : [])),
  }));
}

class Cluster {
  readonly network: FakeNetwork;
  readonly collectives: readonly DirectCollective[];
  readonly members: readonly Member[];
  readonly shardCount: number;
  readonly #format: WireFormat;

  constructor(members: readonly Member[], format: WireFormat = 'fp32') {
    this.members = members;
    this.#format = format;
    this.shardCount = members.reduce((sum, { shards }) => sum + shards.length, 0);
    this.network = new FakeNetwork(members.map(({ rank }) => rank));
    this.collectives = this.network.roads.map(
      (mesh) =>
        new DirectCollective({
          mesh,
          self: mesh.rank,
          members,
          shardCount: this.shardCount,
          codec: new WireCodec(format, EXACT_TAIL),
          frameValues: FRAME_VALUES,
        }),
    );
  }

  /** What the worker pre-adds; of leaves that are rounded already, or not yet. */
  parts(rank: number, gradient: (shard: number) => Float32Array, leaves: 'rounded' | 'raw' = 'raw'): PartialSum[] {
    const codec = new WireCodec(this.#format, EXACT_TAIL);
    return ownedSubtrees(this.shardCount, this.members[rank]?.shards ?? []).map((subtree) => {
      const flats = new Map(shardsOf(subtree).map((shard) => [shard, gradient(shard)]));
      // The whole tree is added to nothing.
      const isRounded = leaves === 'rounded' || this.shardCount === 1;
      if (isRounded) for (const flat of flats.values()) codec.round(flat);
      const { length } = must(flats.get(subtree.first), 'gradient');
      const flatOf = (shard: number) => must(flats.get(shard), 'gradient');
      return { subtree, values: sumSubtree(subtree, flatOf, codec.addition(0, length)) };
    });
  }

  reduce(rank: number, phase: number, parts: readonly PartialSum[], into: Float32Array): Promise<number> {
    return this.collectives[rank]?.reduce(phase, parts, into) ?? Promise.reject(new Error('no such worker'));
  }
}

function shardsOf({ first, count }: Subtree): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function bits(values: Float32Array): number[] {
  return [...new Uint32Array(values.slice().buffer)];
}

/** What the star gives for the same parts. */
function starSum(cluster: Cluster, parts: readonly (readonly PartialSum[])[], length: number, format: WireFormat) {
  const sum = new Float32Array(length);
  const codec = new WireCodec(format, EXACT_TAIL);
  const run = { offset: 0, count: length, length };
  const hub = new StarReducer(
    cluster.shardCount,
    cluster.members,
    ({ values }) => codec.decode(values, run, sum),
    codec,
  );
  cluster.members.forEach(({ workerId }, rank) => {
    for (const { subtree, values } of parts[rank] ?? []) {
      const head = { phase: 0, firstShard: subtree.first, shardCount: subtree.count, offset: 0, length };
      const room = new Uint8Array(codec.roomBytes(length));
      hub.accept(workerId, { ...head, values: codec.encode(values, run, room) });
    }
  });
  return sum;
}

describe('the sum', () => {
  const cases = fc.record({
    workers: fc.integer({ min: 1, max: 6 }),
    dealt: fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
    lengths: fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 150 })),
    rows: fc.infiniteStream(awkward),
    order: fc.infiniteStream(fc.nat()),
    /** How long each worker's gradient takes it, in turns of the network. */
    late: fc.array(fc.nat(40), { minLength: 6, maxLength: 6 }),
    /** How long each part of it takes from there on; 0: it stands when the reduce begins. */
    computing: fc.infiniteStream(fc.oneof(fc.constant(0), fc.nat(40))),
    format: fc.constantFrom<WireFormat>('fp32', 'bf16'),
  });

  it('has the bits of one worker’s tree sum and of the star’s, whatever happens in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ workers, dealt, lengths, rows, order, late, computing, format }) => {
        const cluster = new Cluster(membersOf(workers, dealt), format);
        const alone = new Cluster(membersOf(1, dealt), format);
        const choose = () => order.next().value;
        // Two phases of different lengths, as D's and G's are; each worker goes on as soon as it can.
        const phases = lengths.map((length, phase) => {
          const shards = dealt.map(() => Float32Array.from({ length }, () => rows.next().value));
          const gradient = (shard: number) => (shards[shard] ?? new Float32Array()).slice();
          const parts = cluster.members.map(({ rank }) => cluster.parts(rank, gradient));
          return {
            phase,
            length,
            parts,
            expected: alone.parts(0, gradient, 'rounded')[0]?.values ?? new Float32Array(),
          };
        });
        const work = cluster.members.map(async ({ rank }) => {
          const sums: Float32Array[] = [];
          const buffer = new Float32Array(Math.max(...lengths));
          let sentBytes = 0;
          for (const { phase, length, parts } of phases) {
            await turns(late[rank] ?? 0);
            const into = buffer.subarray(0, length);
            const given = (parts[rank] ?? []).map((part) => computedIn(computing.next().value, part));
            sentBytes += await cluster.reduce(rank, phase, given, into);
            sums.push(into.slice());
            // From here on the buffers are the worker's.
            buffer.fill(Number.NaN);
            for (const { values } of parts[rank] ?? []) values.fill(Number.NaN);
          }
          return { sums, sentBytes };
        });
        const before = phases.map(({ parts, length }) => bits(starSum(cluster, copied(parts), length, format)));
        let done = false;
        const all = Promise.all(work).finally(() => {
          done = true;
        });
        while (!done) await cluster.network.run(choose);
        const results = await all;
        for (const { sums } of results) {
          expect(sums.map(bits)).toEqual(phases.map(({ expected }) => bits(expected)));
        }
        expect(before).toEqual(phases.map(({ expected }) => bits(expected)));
      }),
      { numRuns: 150 },
    );
  });

  it('has a part that stands leave while another is computed', async () => {
    // Shards 0 and 2 are two parts: their sum is no node of the tree.
    const cluster = new Cluster(membersOf(2, [0, 1, 0, 1]));
    const gradient = (shard: number) => new Float32Array(40).fill(1 + shard);
    const [first, last] = cluster.parts(0, gradient) as [PartialSum, PartialSum];
    let computed = () => {};
    const ready = new Promise<void>((resolve) => {
      computed = resolve;
    });
    const sums = [new Float32Array(40), new Float32Array(40)] as const;
    const work = [
      cluster.reduce(0, 0, [first, { ...last, ready }], sums[0]),
      cluster.reduce(1, 0, cluster.parts(1, gradient), sums[1]),
    ];
    await cluster.network.run(() => 0);
    const sent = cluster.network.delivered.filter(({ from }) => from === 0).map(({ head }) => head);
    // Rank 1's slice of shard 0's gradient, 8 values: all of it, and nothing else.
    expect(sent.map(({ firstShard, payloadBytes }) => [firstShard, payloadBytes])).toEqual([[0, 32]]);
    computed();
    await cluster.network.run(() => 0);
    await Promise.all(work);
    for (const sum of sums) expect(sum).toEqual(new Float32Array(40).fill(10));
  });

  it('reaches a spare that is phases behind the others', async () => {
    // Slices of one value leave one owner with all; then 33 values make every spare an owner, too.
    const cluster = new Cluster(membersOf(3, [0]));
    const reduce = (rank: number, phase: number, length: number) => {
      const into = new Float32Array(length);
      const parts = cluster.parts(rank, () => new Float32Array(length).fill(1 + phase));
      return cluster.reduce(rank, phase, parts, into).then(() => into);
    };
    const ahead = [0, 1].map((rank) => reduce(rank, 0, 1).then(() => reduce(rank, 1, 33)));
    await cluster.network.run(() => 0);
    const behind = reduce(2, 0, 1).then(() => reduce(2, 1, 33));
    await cluster.network.run(() => 0);
    for (const sum of await Promise.all([...ahead, behind])) expect(sum).toEqual(new Float32Array(33).fill(2));
  });

  async function turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** The part as its worker gives it while it computes: until it stands, there is something else. */
  function computedIn(turnCount: number, part: PartialSum): PartialSum {
    if (turnCount === 0) return part;
    const values = part.values.slice();
    part.values.fill(Number.NaN);
    return { ...part, ready: turns(turnCount).then(() => part.values.set(values)) };
  }

  function copied(parts: readonly (readonly PartialSum[])[]): PartialSum[][] {
    return parts.map((own) => own.map(({ subtree, values }) => ({ subtree, values: values.slice() })));
  }
});

describe('the end of the generation', () => {
  const two = () => new Cluster(membersOf(2, [0, 1]));
  const gradient = (shard: number) => new Float32Array(40).fill(shard);

  it('ends every reduce at once when any worker ends, at any moment', async () => {
    const cases = fc.record({
      workers: fc.integer({ min: 2, max: 5 }),
      dealt: fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
      steps: fc.nat(60),
      victim: fc.nat(4),
      order: fc.infiniteStream(fc.nat()),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ workers, dealt, steps, victim, order }) => {
        const cluster = new Cluster(membersOf(workers, dealt));
        const work = cluster.members.map(({ rank }) =>
          cluster.reduce(rank, 0, cluster.parts(rank, gradient), new Float32Array(40)).then(
            () => 'done',
            (error) => (error instanceof GanglionError ? error.code : String(error)),
          ),
        );
        for (let step = 0; step < steps; step++) {
          await new Promise((resolve) => setImmediate(resolve));
          const possible = cluster.network.steps;
          possible[order.next().value % possible.length]?.();
        }
        cluster.network.roads[victim % workers]?.close();
        cluster.collectives[victim % workers]?.abort(HALTED);
        // No step of the network is needed for it.
        for (const outcome of await Promise.all(work)) expect(['done', 'aborted']).toContain(outcome);
        for (const { rank } of cluster.members) {
          await expect(cluster.reduce(rank, 1, [], new Float32Array(1))).rejects.toMatchObject({ code: 'aborted' });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the reason, keeps the first one, and cuts the road, so that the others hear of it', async () => {
    const cluster = two();
    const blocked = cluster.reduce(0, 0, cluster.parts(0, gradient), new Float32Array(40));
    cluster.collectives[0]?.abort(HALTED);
    cluster.collectives[0]?.abort(new GanglionError({ code: 'aborted', message: 'Later.', remedy: 'Wait.' }));
    await expect(blocked).rejects.toBe(HALTED);
    expect(cluster.network.roads[0]?.closed).toBe(true);
    await expect(cluster.reduce(1, 0, cluster.parts(1, gradient), new Float32Array(40))).rejects.toMatchObject({
      message: 'The connection to rank 0 ended.',
    });
  });

  it('takes one reduce at a time', async () => {
    const cluster = two();
    const blocked = cluster.reduce(0, 0, cluster.parts(0, gradient), new Float32Array(40));
    await expect(cluster.reduce(0, 1, [], new Float32Array(40))).rejects.toThrow('one reduce at a time');
    cluster.collectives[0]?.abort(HALTED);
    await expect(blocked).rejects.toBe(HALTED);
  });
});

describe('what travels', () => {
  it.each([
    ['fp32', 2 * 4 * 40],
    // 37 values in two bytes, the 3 of the tail in four.
    ['bf16', 2 * (2 * 37 + 4 * 3)],
  ] as const)('is one gradient each way between two workers: %s, %i bytes', async (format, byteCount) => {
    const cluster = new Cluster(membersOf(2, [0, 1]), format);
    const sums = [new Float32Array(40), new Float32Array(40)];
    const gradient = (shard: number) => new Float32Array(40).fill(1 + 2 ** -12 + shard);
    const work = sums.map((into, rank) => cluster.reduce(rank, 0, cluster.parts(rank, gradient), into));
    await cluster.network.run(() => 0);
    // Sent and received: half the gradient's partial sums and half its sums, each way.
    expect(await Promise.all(work)).toEqual([byteCount, byteCount]);
    expect(sums[0]?.[39]).toBe(Math.fround(3 + 2 ** -11));
    expect(sums[0]?.[0]).toBe(format === 'fp32' ? Math.fround(3 + 2 ** -11) : 3);
  });

  it('waits at most two frames at a time for a peer that takes nothing', async () => {
    const cluster = new Cluster(membersOf(2, [0, 1]));
    const gradient = () => new Float32Array(400);
    const blocked = cluster.reduce(0, 0, cluster.parts(0, gradient), new Float32Array(400));
    expect(cluster.network.pairs.map(({ queue }) => queue.length)).toEqual([2, 0]);
    cluster.collectives[0]?.abort(HALTED);
    await expect(blocked).rejects.toBe(HALTED);
  });
});

describe('a stall', () => {
  it('says whose shards and whose sums are missing, and how far they came', async () => {
    const cluster = new Cluster(membersOf(3, [0, 1, 1]));
    const [one, , three] = cluster.collectives;
    expect(one?.waitingFor()).toBeUndefined();
    const gradient = () => new Float32Array(3000);
    const begin = (rank: number) =>
      cluster.reduce(rank, 0, cluster.parts(rank, gradient), new Float32Array(3000)).catch((error) => error);
    const work = [begin(0), begin(2)];
    await cluster.network.run(() => 0);
    expect(one?.waitingFor()).toBe(
      'worker two: shards 1+1, values 0 of 1,008; worker two: shards 2+1, values 0 of 1,008; ' +
        'worker two: its sum, values 0 of 1,008; worker three: its sum, values 0 of 984',
    );
    expect(three?.waitingFor()).toContain('worker two: shards 1+1, values 0 of 984');
    one?.abort(HALTED);
    expect(await work[0]).toBe(HALTED);
    await work[1];
    expect(one?.waitingFor()).toBeUndefined();
  });
});

describe('a frame is refused by name and never enters a sum', () => {
  /** One owns shard 0 of two and slice 0 … 15, two the rest; three owns slice 32 … 39, and no shard. */
  const LENGTH = 40;
  const partial = (rest: Partial<Frame> = {}): Frame => ({
    kind: 'partial',
    phase: 0,
    firstShard: 1,
    shardCount: 1,
    offset: 0,
    length: LENGTH,
    payload: new Uint8Array(4 * FRAME_VALUES),
    ...rest,
  });
  const sum = (rest: Partial<Frame> = {}): Frame => ({
    ...partial({ firstShard: 0, shardCount: 2, offset: 16 }),
    kind: 'sum',
    ...rest,
  });
  const bytes = (byteCount: number) => ({ payload: new Uint8Array(byteCount) });

  const frames: [string, readonly Frame[], string][] = [
    ['of another’s shard', [partial({ firstShard: 0 })], 'the worker does not own these shards'],
    ['of shards that are no node', [partial({ firstShard: 0, shardCount: 2 })], 'the worker does not own these shards'],
    ['that came twice', [partial(), partial()], 'it was sent twice'],
    ['out of order', [partial({ offset: 8 })], 'values from 0 on are next, up to 16'],
    ['beyond the slice', [partial(), partial({ offset: 8 }), partial({ offset: 16 })], 'values from 16 on are next'],
    ['of another length', [partial({ length: 48 })], 'the gradient has 40 values'],
    ['with too few bytes', [partial(bytes(4))], '4 bytes do not fit there'],
    ['with too many bytes', [partial(bytes(64))], '64 bytes do not fit there'],
    ['of a later phase', [partial({ phase: 1 })], 'phase 0 is not summed yet'],
    ['that is a sum of another phase', [sum({ phase: 1 })], 'the sum of phase 0 is awaited'],
    ['that is a sum over some shards', [sum({ shardCount: 1 })], 'a sum is over all 2 shards'],
    ['that is a sum of another length', [sum({ length: 48 })], 'the gradient has 40 values'],
    ['that is a sum of another’s slice', [sum({ offset: 0 })], 'another worker adds these values'],
    ['that is a sum and came twice', [sum(), sum()], 'it was sent twice'],
    ['that is a sum and out of order', [sum({ offset: 24 })], 'values from 16 on are next'],
    ['that is a sum with too few bytes', [sum(bytes(4))], '4 bytes do not fit there'],
    ['that is a state', [{ ...partial(), kind: 'state' }], 'no state is awaited'],
  ];

  it.each(frames)('%s', async (_, sent, why) => {
    const cluster = new Cluster(membersOf(3, [0, 1]));
    const gradient = () => new Float32Array(LENGTH);
    const blocked = cluster.reduce(0, 0, cluster.parts(0, gradient), new Float32Array(LENGTH));
    const [, two] = cluster.network.roads;
    for (const frame of sent) two?.send(0, frame).catch(() => undefined);
    const { phase, firstShard, shardCount, offset, length } = sent.at(-1) ?? partial();
    const message =
      `A chunk from worker two (phase ${phase}, shards ${firstShard}+${shardCount}, ` +
      `values ${offset} of ${length}) was refused: ${why}`;
    const refused = expect(blocked).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(message),
    });
    await cluster.network.carry(1, 0);
    await refused;
    expect(cluster.network.roads[0]?.closed).toBe(true);
  });

  it('of the next phase, which it may open early, where this worker then reduces something else', async () => {
    const cluster = new Cluster(membersOf(3, [0, 1]));
    const [, two] = cluster.network.roads;
    two?.send(0, partial({ length: 48 })).catch(() => undefined);
    await cluster.network.run(() => 0);
    const parts = cluster.parts(0, () => new Float32Array(LENGTH));
    await expect(cluster.reduce(0, 0, parts, new Float32Array(LENGTH))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('values 0 of 48) was refused: this worker reduces 40 values in phase 0'),
    });
  });

  it('that is a sum, before a worker that owns shards has begun the phase', async () => {
    const cluster = new Cluster(membersOf(3, [0, 1]));
    const [, two] = cluster.network.roads;
    two?.send(0, sum()).catch(() => undefined);
    await cluster.network.run(() => 0);
    await expect(cluster.reduce(0, 0, [], new Float32Array(LENGTH))).rejects.toMatchObject({
      message: expect.stringContaining('no sum is awaited'),
    });
  });
});
