/**
 * Proves that the hub's sum has the same bits for any partition of the shards to workers and any order in which their
 * chunks arrive, and that a chunk that does not belong into the sum is refused by name and leaves the sum as it was.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, CHUNK_VALUES, type ReduceChunk, type ReducedChunk } from '../../services/collective/chunk.ts';
import { StarReducer } from '../../services/collective/starReducer.ts';
import { ownedSubtrees, sumSubtree } from '../../services/collective/tree.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';

/** Where the addition of floats is least associative. */
const awkward = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1e30, -1e30, 1));

interface Sent {
  readonly workerId: string;
  readonly chunk: ReduceChunk;
}

/** The members, by rank; each owns the shards that were dealt to its number. */
function membersOf(dealt: readonly number[]) {
  return [...new Set(dealt)].map((number) => ({
    workerId: `w${number}`,
    shards: dealt.flatMap((owner, shard) => (owner === number ? [shard] : [])),
  }));
}

/** What every member sends for a phase, member by member. */
function sendings(dealt: readonly number[], phase: number, gradient: (shard: number) => Float32Array): Sent[][] {
  return membersOf(dealt).map(({ workerId, shards }) =>
    ownedSubtrees(dealt.length, shards).map((subtree) => {
      const sum = sumSubtree(subtree, gradient);
      return { workerId, chunk: chunkOf(sum, { phase, firstShard: subtree.first, shardCount: subtree.count }) };
    }),
  );
}

function chunkOf(values: Float32Array, rest: Partial<ReduceChunk> = {}): ReduceChunk {
  const bytes = bytesOf(values, 0, values.length);
  return { phase: 0, firstShard: 0, shardCount: 1, offset: 0, length: values.length, values: bytes, ...rest };
}

function hub(shardCount: number, members: readonly { workerId: string; shards: readonly number[] }[]) {
  const delivered: ReducedChunk[] = [];
  const reducer = new StarReducer(shardCount, members, (chunk) => void delivered.push(chunk));
  return { reducer, delivered };
}

const bits = (bytes: Uint8Array) => [...new Uint32Array(bytes.slice().buffer)];
const floats = (chunks: readonly ReducedChunk[]) =>
  chunks.map(({ values }) => [...new Float32Array(values.slice().buffer)]);
/** A chunk of shard `shard` of three, with this one value. */
const one = (value: number, shard: number, rest: Partial<ReduceChunk> = {}) =>
  chunkOf(Float32Array.of(value), { firstShard: shard, ...rest });

describe('the sum', () => {
  it('has the bits of one worker adding all shards in the tree, for any partition and any order of arrival', () => {
    const cases = fc
      .integer({ min: 1, max: 24 })
      .chain((shardCount) =>
        fc.tuple(
          fc.array(fc.nat(5), { minLength: shardCount, maxLength: shardCount }),
          fc.array(fc.array(awkward, { minLength: 3, maxLength: 3 }), { minLength: shardCount, maxLength: shardCount }),
          fc.array(fc.nat(), { minLength: 2 * shardCount, maxLength: 2 * shardCount }),
        ),
      );
    fc.assert(
      fc.property(cases, ([dealt, rows, order]) => {
        const { reducer, delivered } = hub(dealt.length, membersOf(dealt));
        const gradient = (shard: number) => Float32Array.from(rows[shard] ?? []);
        const alone = sumSubtree({ first: 0, count: dealt.length }, gradient);
        for (const phase of [4, 5]) {
          const arriving = sendings(dealt, phase, gradient)
            .flat()
            .map((sent, i) => ({ sent, at: order[i] ?? 0 }))
            .sort((a, b) => a.at - b.at);
          for (const { sent } of arriving) reducer.accept(sent.workerId, sent.chunk);
          expect(delivered.map((chunk) => [chunk.phase, chunk.offset])).toEqual([[phase, 0]]);
          expect(bits(delivered.pop()?.values ?? new Uint8Array())).toEqual(bits(bytesOf(alone, 0, alone.length)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('comes chunk by chunk, so that sending, adding and receiving overlap', () => {
    const { reducer, delivered } = hub(2, membersOf([0, 1]));
    const length = CHUNK_VALUES + 5;
    const part = (shard: number, offset: number, count: number): ReduceChunk =>
      chunkOf(new Float32Array(count).fill(shard + 1), { firstShard: shard, offset, length });
    reducer.accept('w0', part(0, 0, CHUNK_VALUES));
    reducer.accept('w0', part(0, CHUNK_VALUES, 5));
    reducer.accept('w1', part(1, 0, CHUNK_VALUES));
    expect(delivered.map(({ offset, values }) => [offset, values.length])).toEqual([[0, CHUNK_VALUES * 4]]);
    reducer.accept('w1', part(1, CHUNK_VALUES, 5));
    expect(delivered[1]).toMatchObject({ phase: 0, offset: CHUNK_VALUES });
    expect(floats(delivered.slice(1))).toEqual([[3, 3, 3, 3, 3]]);
  });

  it('leaves what was sent untouched, and takes bytes from wherever they lie in a message', () => {
    const { reducer, delivered } = hub(2, membersOf([0, 1]));
    // One byte before the values: no float array may lie there.
    const message = new Uint8Array(9);
    message.set(bytesOf(Float32Array.of(1.5, -2), 0, 2), 1);
    const before = message.slice();
    reducer.accept('w0', { ...chunkOf(new Float32Array(2)), values: message.subarray(1) });
    reducer.accept('w1', chunkOf(Float32Array.of(1, 1), { firstShard: 1 }));
    expect(floats(delivered)).toEqual([[2.5, -1]]);
    expect(message).toEqual(before);
  });
});

describe('a chunk is refused by name and never enters the sum', () => {
  /** Shard 0 is w0's, shards 1 and 2 are w1's: the tree is (0+1)+2. */
  const three = () => hub(3, membersOf([0, 1, 1]));
  const refused = (reducer: StarReducer, workerId: string, chunk: ReduceChunk): string => {
    try {
      reducer.accept(workerId, chunk);
    } catch (error) {
      if (error instanceof GanglionError && error.code === 'refused') return error.message;
      throw error;
    }
    return 'was accepted';
  };

  const foreign: [string, string, ReduceChunk, string][] = [
    ['from a stranger', 'x', one(9, 0), 'the worker does not own these shards'],
    ['of another’s shard', 'w0', one(9, 1), 'the worker does not own these shards'],
    [
      'of a node that is not wholly its own',
      'w1',
      one(9, 0, { shardCount: 3 }),
      'the worker does not own these shards',
    ],
    ['of shards that are no node', 'w1', one(9, 1, { shardCount: 2 }), 'the worker does not own these shards'],
    ['of another length', 'w1', one(9, 1, { length: 2 }), 'the gradient has 1 values'],
    ['with too few bytes', 'w1', one(9, 1, { values: new Uint8Array(3) }), '3 bytes do not fit there'],
    ['with too many bytes', 'w1', one(9, 1, { values: new Uint8Array(8) }), '8 bytes do not fit there'],
    ['beyond the end', 'w1', one(9, 1, { offset: CHUNK_VALUES }), '4 bytes do not fit there'],
    ['off the grid of chunks', 'w1', one(9, 1, { offset: 1, values: new Uint8Array() }), '0 bytes do not fit there'],
    ['of a later phase', 'w1', one(9, 1, { phase: 1 }), 'phase 0 is not summed yet'],
    ['that came twice', 'w0', one(9, 0), 'it was sent twice'],
  ];

  it.each(foreign)('%s', (_, workerId, chunk, why) => {
    const { reducer, delivered } = three();
    reducer.accept('w0', one(1, 0));
    const { phase, firstShard, shardCount, offset, length } = chunk;
    expect(refused(reducer, workerId, chunk)).toBe(
      `A chunk from worker ${workerId} (phase ${phase}, shards ${firstShard}+${shardCount}, ` +
        `values ${offset} of ${length}) was refused: ${why}.`,
    );
    reducer.accept('w1', one(10, 1));
    reducer.accept('w1', one(100, 2));
    expect(floats(delivered)).toEqual([[111]]);
  });

  it.each([
    ['from a stranger, of another length', 'x', one(9, 0, { length: 7 })],
    ['of another’s shard', 'w0', one(9, 1, { length: 7 })],
    ['with too few bytes for its length', 'w1', one(9, 1, { length: 7 })],
    ['beyond its end', 'w1', one(9, 1, { offset: CHUNK_VALUES, values: new Uint8Array() })],
  ])('%s, as the first of a phase: it does not say what the phase is', (_, workerId, chunk) => {
    const { reducer, delivered } = three();
    expect(refused(reducer, workerId, chunk)).not.toBe('was accepted');
    reducer.accept('w0', one(1, 0));
    reducer.accept('w1', one(10, 1));
    reducer.accept('w1', one(100, 2));
    expect(floats(delivered)).toEqual([[111]]);
  });

  it('of a phase that is summed, or older', () => {
    const { reducer, delivered } = hub(1, membersOf([0]));
    reducer.accept('w0', one(1, 0, { phase: 4 }));
    expect(refused(reducer, 'w0', one(9, 0, { phase: 3 }))).toContain('phase 4 is being reduced');
    expect(refused(reducer, 'w0', one(9, 0, { phase: 4 }))).toContain('it was sent twice');
    reducer.accept('w0', one(2, 0, { phase: 5 }));
    expect(floats(delivered)).toEqual([[1], [2]]);
  });

  it('that comes again after its sum was formed: it does not enter the next phase’s either', () => {
    const { reducer, delivered } = hub(2, membersOf([0, 1]));
    reducer.accept('w0', one(1, 0));
    reducer.accept('w1', one(10, 1));
    expect(refused(reducer, 'w0', one(1, 0))).toContain('it was sent twice');
    reducer.accept('w1', one(20, 1, { phase: 1 }));
    reducer.accept('w0', one(2, 0, { phase: 1 }));
    expect(floats(delivered)).toEqual([[11], [22]]);
  });
});
