/**
 * A shard's computation that needs means over the whole minibatch on its way, as a synchronised batch norm does: it yields
 * those over the shard's own samples, and goes on with those over the samples of all shards.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { invariant } from '../errors/invariant.ts';

export type Synchronised<Result> = Generator<readonly Tensor[], Result, readonly Tensor[]>;

/** The result of one that needs nothing of other shards. */
export function unpaused<Result>(computation: Synchronised<Result>): Result {
  const step = computation.next();
  invariant(step.done === true, 'a computation by itself needs nothing of other shards');
  return step.value;
}
