/** The sum over all shards from disjoint subtrees, written to where it is wanted; its operands stand for the same values afterwards. */
import { invariant } from '../errors/invariant.ts';
import { children, type NodeAddition, nodeKey, type Subtree } from './tree.ts';

export class RootSum {
  readonly #root: Subtree;
  readonly #room: () => Float32Array;
  /** One for each level of the tree at most: the right operand, while the left one is where the sum goes. */
  readonly #scratch: Float32Array[] = [];

  /** `room` makes a scratch vector, as long as any that is written. */
  constructor(shardCount: number, room: () => Float32Array) {
    this.#room = room;
    this.#root = { first: 0, count: shardCount };
  }

  /** `parts`, by {@link nodeKey}, are disjoint and cover the shards. The same bits as {@link sumRoot}. */
  write(parts: ReadonlyMap<string, Float32Array>, into: Float32Array, addNodes: NodeAddition): void {
    const evaluate = (node: Subtree, target: Float32Array, depth: number): Float32Array => {
      const given = parts.get(nodeKey(node));
      if (given) return given;
      invariant(node.count > 1, `shard ${node.first} is in no part`);
      const [left, right] = children(node);
      const a = evaluate(left, target, depth);
      const b = evaluate(right, this.#scratchAt(depth, target.length), depth + 1);
      addNodes(a, b, target);
      return target;
    };
    const sum = evaluate(this.#root, into, 0);
    if (sum !== into) into.set(sum);
  }

  #scratchAt(depth: number, length: number): Float32Array {
    const scratch = this.#scratch[depth] ?? this.#room();
    this.#scratch[depth] = scratch;
    return scratch.subarray(0, length);
  }
}
