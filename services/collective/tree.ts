/**
 * The fixed binary tree over V shards in which gradients are added: it depends on V alone, so any partition of the
 * shards to workers gives the same bits. A node over n > 1 shards splits at the largest power of two below n.
 */
import { invariant } from '../errors/invariant.ts';
import { add } from './addition.ts';

/** A node of the tree: `count` shards from `first` on. */
export interface Subtree {
  readonly first: number;
  readonly count: number;
}

/** The two halves of a node that is not a leaf. */
export function children({ first, count }: Subtree): readonly [Subtree, Subtree] {
  const left = 2 ** (Math.ceil(Math.log2(count)) - 1);
  return [
    { first, count: left },
    { first: first + left, count: count - left },
  ];
}

/**
 * The maximal complete subtrees whose every shard is in `owned`, from left to right: what one worker can add by itself.
 * Any set of shards will do, contiguous or not; an empty one gives none.
 */
export function ownedSubtrees(shardCount: number, owned: readonly number[]): Subtree[] {
  invariant(shardCount > 0, 'a tree has a shard');
  invariant(
    owned.every((shard) => Number.isInteger(shard) && shard >= 0 && shard < shardCount),
    `owned shards lie in 0 … ${shardCount - 1}`,
  );
  const shards = new Set(owned);
  const found: Subtree[] = [];
  const visit = (node: Subtree) => {
    const inside = countOwned(node, shards);
    if (inside === node.count) found.push(node);
    else if (inside > 0) for (const child of children(node)) visit(child);
  };
  visit({ first: 0, count: shardCount });
  return found;
}

function countOwned({ first, count }: Subtree, owned: ReadonlySet<number>): number {
  let inside = 0;
  for (let shard = first; shard < first + count; shard++) if (owned.has(shard)) inside += 1;
  return inside;
}

/** How two nodes of the tree become the one above, exactly or with a rounding: `into` = left + right; it may be either of them. */
export type NodeAddition = (left: Float32Array, right: Float32Array, into: Float32Array) => void;

/**
 * Float32 sum over a subtree's shards, in tree order. Consumes the buffers: the left-most shard's becomes the sum,
 * others hold partial sums.
 */
export function sumSubtree(
  node: Subtree,
  leaf: (shard: number) => Float32Array,
  addNodes: NodeAddition = add,
): Float32Array {
  if (node.count === 1) return leaf(node.first);
  const [left, right] = children(node);
  const sum = sumSubtree(left, leaf, addNodes);
  addNodes(sum, sumSubtree(right, leaf, addNodes), sum);
  return sum;
}

/**
 * The sum over all shards from disjoint subtrees that cover them, in whatever order they came. Consumes the buffers like
 * {@link sumSubtree}: the part with shard 0 becomes the sum. Parts that do not cover, or overlap, are a bug of ours.
 */
export function sumRoot(
  shardCount: number,
  parts: readonly { readonly subtree: Subtree; readonly values: Float32Array }[],
  addNodes: NodeAddition = add,
): Float32Array {
  const byNode = new Map(parts.map(({ subtree, values }) => [nodeKey(subtree), values]));
  let used = 0;
  const visit = (node: Subtree): Float32Array => {
    const given = byNode.get(nodeKey(node));
    if (given) {
      used += 1;
      return given;
    }
    invariant(node.count > 1, `shard ${node.first} is in no part`);
    const [left, right] = children(node);
    const sum = visit(left);
    addNodes(sum, visit(right), sum);
    return sum;
  };
  const sum = visit({ first: 0, count: shardCount });
  invariant(used === parts.length, 'parts are disjoint subtrees');
  return sum;
}

export function nodeKey({ first, count }: Subtree): string {
  return `${first}+${count}`;
}
