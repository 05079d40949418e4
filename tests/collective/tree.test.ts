/**
 * Proves that the tree depends on the shard count alone: whatever partition of the shards to workers, the sum has the
 * same bits; and that each worker's subtrees are complete, maximal and cover exactly what it owns.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { children, ownedSubtrees, type Subtree, sumRoot, sumSubtree } from '../../services/collective/tree.ts';

const SHARDS_MAX = 64;

/** A shard count, and each shard's worker. */
const partitions = fc
  .integer({ min: 1, max: SHARDS_MAX })
  .chain((count) => fc.array(fc.integer({ min: 0, max: 6 }), { minLength: count, maxLength: count }));

/** Where float addition is least associative: huge beside tiny, denormals, both zeros. */
const awkward = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1.4e-45, -1.4e-45, 1.1754942e-38, 3.4028234e38, -3.4028234e38, 1e30, 1, 2 ** -24),
);

/** The gradient of each shard; `values(shard)` gives a fresh copy, since sums consume their buffers. */
const gradients = (shardCount: number) =>
  fc
    .array(fc.array(awkward, { minLength: 5, maxLength: 5 }), { minLength: shardCount, maxLength: shardCount })
    .map((rows) => (shard: number) => Float32Array.from(rows[shard] ?? []));

function ownedByWorker(dealt: readonly number[]): number[][] {
  return [...new Set(dealt)].map((worker) => dealt.flatMap((owner, shard) => (owner === worker ? [shard] : [])));
}

function shardsOf({ first, count }: Subtree): number[] {
  return Array.from({ length: count }, (_, offset) => first + offset);
}

/** Every node of the tree over `shardCount` shards. */
function nodes(shardCount: number): Subtree[] {
  const below = (node: Subtree): Subtree[] => [node, ...(node.count > 1 ? children(node).flatMap(below) : [])];
  return below({ first: 0, count: shardCount });
}

/** The bits, so that −0 differs from 0. */
function bits(values: Float32Array): number[] {
  return [...new Uint32Array(values.buffer, values.byteOffset, values.length)];
}

describe('the tree', () => {
  it.each([
    [2, 1, 1],
    [3, 2, 1],
    [4, 2, 2],
    [5, 4, 1],
    [6, 4, 2],
    [7, 4, 3],
    [8, 4, 4],
    [9, 8, 1],
    [64, 32, 32],
  ])('splits %i shards at the largest power of two below: %i and %i', (count, left, right) => {
    expect(children({ first: 10, count })).toEqual([
      { first: 10, count: left },
      { first: 10 + left, count: right },
    ]);
  });
});

describe('ownedSubtrees', () => {
  it('gives disjoint nodes that cover exactly what is owned', () => {
    fc.assert(
      fc.property(partitions, (dealt) => {
        for (const owned of ownedByWorker(dealt)) {
          const found = ownedSubtrees(dealt.length, owned);
          expect(found.flatMap(shardsOf)).toEqual(owned);
          for (const subtree of found) expect(nodes(dealt.length)).toContainEqual(subtree);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives maximal ones: no node that is owned whole lies above another', () => {
    fc.assert(
      fc.property(partitions, (dealt) => {
        for (const owned of ownedByWorker(dealt)) {
          const whole = nodes(dealt.length).filter((node) => shardsOf(node).every((shard) => owned.includes(shard)));
          const inside = (node: Subtree, other: Subtree) =>
            node !== other && node.first >= other.first && node.first + node.count <= other.first + other.count;
          const maximal = whole.filter((node) => !whole.some((other) => inside(node, other)));
          expect(ownedSubtrees(dealt.length, owned)).toEqual(maximal.sort((a, b) => a.first - b.first));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is the root for a lone worker and nothing for one without shards', () => {
    expect(ownedSubtrees(7, [6, 5, 4, 3, 2, 1, 0])).toEqual([{ first: 0, count: 7 }]);
    expect(ownedSubtrees(7, [])).toEqual([]);
  });

  it('refuses shards that do not exist', () => {
    expect(() => ownedSubtrees(3, [3])).toThrow('invariant');
    expect(() => ownedSubtrees(3, [-1])).toThrow('invariant');
    expect(() => ownedSubtrees(3, [0.5])).toThrow('invariant');
    expect(() => ownedSubtrees(0, [])).toThrow('invariant');
  });
});

describe('the sum', () => {
  it('has the same bits for any partition of the shards to workers, in any order of arrival', () => {
    const cases = partitions.chain((dealt) =>
      fc.tuple(fc.constant(dealt), gradients(dealt.length), fc.infiniteStream(fc.nat())),
    );
    fc.assert(
      fc.property(cases, ([dealt, gradient, order]) => {
        const alone = sumSubtree({ first: 0, count: dealt.length }, gradient);
        const parts = ownedByWorker(dealt).flatMap((owned) =>
          ownedSubtrees(dealt.length, owned).map((subtree) => ({ subtree, values: sumSubtree(subtree, gradient) })),
        );
        const arrived = parts
          .map((part) => ({ part, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ part }) => part);
        expect(bits(sumRoot(dealt.length, arrived))).toEqual(bits(alone));
      }),
      { numRuns: 150 },
    );
  });

  it('adds in the order of the tree, rounding to float32 at every node', () => {
    const { fround } = Math;
    const values = [1e8, 1, -1e8, 3, 0.25];
    const byHand = fround(fround(fround(1e8 + 1) + fround(-1e8 + 3)) + 0.25);
    expect([...sumSubtree({ first: 0, count: 5 }, (shard) => Float32Array.of(values[shard] ?? 0))]).toEqual([byHand]);
    // The test would prove nothing if another order gave the same.
    expect(values.reduce((sum, value) => fround(sum + value))).not.toBe(byHand);
  });

  it('keeps a negative zero', () => {
    const sum = sumSubtree({ first: 0, count: 3 }, () => Float32Array.of(-0));
    expect(Object.is(sum[0], -0)).toBe(true);
  });

  it('becomes the left-most buffer, so that it needs no new memory', () => {
    const buffers = [0, 1, 2, 3, 4].map((value) => Float32Array.of(value));
    const leaf = (shard: number) => buffers[shard] ?? new Float32Array();
    expect(sumSubtree({ first: 1, count: 4 }, leaf)).toBe(buffers[1]);
    const parts = [
      { subtree: { first: 4, count: 1 }, values: Float32Array.of(1) },
      { subtree: { first: 0, count: 4 }, values: Float32Array.of(2) },
    ];
    expect(sumRoot(5, parts)).toBe(parts[1]?.values);
  });

  it.each([
    ['a shard is missing', [{ first: 0, count: 2 }]],
    [
      'parts overlap',
      [
        { first: 0, count: 2 },
        { first: 0, count: 1 },
        { first: 2, count: 1 },
      ],
    ],
    [
      'a part came twice',
      [
        { first: 0, count: 2 },
        { first: 0, count: 2 },
        { first: 2, count: 1 },
      ],
    ],
    [
      'a part is no node of the tree',
      [
        { first: 0, count: 1 },
        { first: 1, count: 2 },
      ],
    ],
    ['nothing came', []],
  ])('refuses to be formed where %s', (_, subtrees) => {
    const parts = subtrees.map((subtree) => ({ subtree, values: Float32Array.of(1) }));
    expect(() => sumRoot(3, parts)).toThrow('invariant');
  });

  it('refuses partial sums of different lengths', () => {
    expect(() => sumSubtree({ first: 0, count: 2 }, (shard) => new Float32Array(shard + 1))).toThrow('invariant');
  });
});
