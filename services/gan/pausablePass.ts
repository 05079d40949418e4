/**
 * A synchronised computation from one exchange to the next: on the device it has means, on the road the sums that these are
 * of. What it made before a pause lives on, until it ends or is dropped.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Kernels, Tf } from './kernels.ts';
import { valuesIn } from './shapes.ts';
import type { Synchronised } from './synchronised.ts';

export interface PausablePass {
  /**
   * Goes on to the next pause, and gives what the shard adds to the sums there; undefined once all is computed.
   * @param sums over all shards, of what the last call gave; undefined for the first call.
   */
  advance(sums: Float32Array | undefined): Float32Array | undefined;
  drop(): void;
}

/** @param shardSamples of the phase's `samples`, at least one. */
export function pausablePass(
  { tf, kernels }: { readonly tf: Tf; readonly kernels: Kernels },
  computation: Synchronised<void>,
  shardSamples: number,
  samples: number,
): PausablePass {
  const engine = tf.engine();
  let held: Tensor[] = [];
  let asked: readonly Tensor[] = [];

  /** A tidy that may be left and entered again. */
  function within(compute: () => boolean): void {
    engine.startScope();
    const { track } = engine.state.activeScope;
    track.push(...held);
    held = [];
    let isPaused = false;
    try {
      isPaused = compute();
    } finally {
      if (isPaused) held = track.splice(0);
      engine.endScope();
    }
  }

  function meansOf(sums: Float32Array): Tensor[] {
    let offset = 0;
    return asked.map(({ shape }) => {
      const own = sums.subarray(offset, offset + valuesIn(shape));
      offset += own.length;
      return tf.tensor(
        own.map((sum) => sum / samples),
        shape,
      );
    });
  }

  function ownSums(): Float32Array {
    const sums = new Float32Array(asked.reduce((total, { size }) => total + size, 0));
    let offset = 0;
    for (const mean of asked) {
      kernels.read(mean, sums.subarray(offset, offset + mean.size));
      offset += mean.size;
    }
    return sums.map((mean) => mean * shardSamples);
  }

  return {
    advance: (sums) => {
      let own: Float32Array | undefined;
      within(() => {
        const step = sums === undefined ? computation.next() : computation.next(meansOf(sums));
        if (step.done === true) return false;
        asked = step.value;
        own = ownSums();
        return true;
      });
      return own;
    },
    drop: () => within(() => false),
  };
}

/** What waits for the sums over all shards. */
export class PausedPasses {
  readonly #byShard = new Map<number, PausablePass>();

  /** In place of one that broke off. See `PausablePass.advance`. */
  begin(shard: number, pass: PausablePass): Float32Array | undefined {
    this.#byShard.get(shard)?.drop();
    this.#byShard.set(shard, pass);
    return this.resume(shard, undefined);
  }

  resume(shard: number, sums: Float32Array | undefined): Float32Array | undefined {
    const own = must(this.#byShard.get(shard), 'paused pass').advance(sums);
    if (own === undefined) this.#byShard.delete(shard);
    return own;
  }

  drop(): void {
    for (const pass of this.#byShard.values()) pass.drop();
    this.#byShard.clear();
  }
}
