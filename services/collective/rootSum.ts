/** The sum over all shards from disjoint subtrees, written to where it is wanted; leaves its operands as they are. */
import { invariant, must } from '../errors/invariant.ts';
import { add } from './addition.ts';
import { children, type NodeRounding, nodeKey, type Subtree } from './tree.ts';

export class RootSum {
  readonly #root: Subtree;
  /** One for each level of the tree at most: the right operand, while the left one is where the sum goes. */
  readonly #scratch: Float32Array[] = [];

  constructor(shardCount: number) {
    this.#root = { first: 0, count: shardCount };
  }

  /** `parts`, by {@link nodeKey}, are disjoint and cover the shards. The same bits as {@link sumRoot}. */
  write(parts: ReadonlyMap<string, Float32Array>, into: Float32Array, round: NodeRounding): void {
    const evaluate = (node: Subtree, target: Float32Array, depth: number): Float32Array => {
      const given = parts.get(nodeKey(node));
      if (given) return given;
      invariant(node.count > 1, `shard ${node.first} is in no part`);
      const [left, right] = children(node);
      const a = evaluate(left, target, depth);
      const b = evaluate(right, this.#room(depth, target.length), depth + 1);
      add(a, b, target);
      round(target);
      return target;
    };
    const sum = evaluate(this.#root, into, 0);
    if (sum !== into) into.set(sum);
  }

  #room(depth: number, length: number): Float32Array {
    if ((this.#scratch[depth]?.length ?? 0) < length) this.#scratch[depth] = new Float32Array(length);
    return must(this.#scratch[depth], 'scratch').subarray(0, length);
  }
}
