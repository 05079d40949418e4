/**
 * The hub of the star: takes every member's partial sums of one generation, adds them in the fixed tree order, and
 * hands the sum back chunk by chunk, so that sending, adding and receiving overlap.
 *
 * Memory: no member sends phase p+1 before it has all of phase p, so at most one gradient a member is held.
 */
import { GanglionError } from '../errors/ganglionError.ts';
import { bytesOf, CHUNK_VALUES, type ReduceChunk, type ReducedChunk } from './chunk.ts';
import { ownedSubtrees, type Subtree, sumRoot } from './tree.ts';

interface Part {
  readonly subtree: Subtree;
  readonly values: Float32Array;
}

/** One chunk position of the phase that is being reduced. */
interface Slot {
  readonly parts: Part[];
  coveredShards: number;
}

export interface ReducerMember {
  readonly workerId: string;
  readonly shards: readonly number[];
}

export class StarReducer {
  readonly #shardCount: number;
  readonly #subtrees: ReadonlyMap<string, readonly Subtree[]>;
  readonly #deliver: (chunk: ReducedChunk) => void;
  readonly #slots = new Map<number, Slot>();
  #phase = -1;
  #length = 0;
  #summedValues = 0;

  /** `deliver` gets every chunk of every sum once, for all members. */
  constructor(shardCount: number, members: readonly ReducerMember[], deliver: (chunk: ReducedChunk) => void) {
    this.#shardCount = shardCount;
    this.#subtrees = new Map(members.map((m) => [m.workerId, ownedSubtrees(shardCount, m.shards)]));
    this.#deliver = deliver;
  }

  /** Throws `refused` for a chunk that does not belong into the sum: it never enters it. */
  accept(workerId: string, chunk: ReduceChunk): void {
    this.#openPhase(workerId, chunk);
    const subtree = this.#check(workerId, chunk);
    const slot = this.#slots.get(chunk.offset) ?? { parts: [], coveredShards: 0 };
    if (slot.parts.some((part) => part.subtree.first === subtree.first)) {
      throw refusal(workerId, chunk, 'it was sent twice');
    }
    this.#slots.set(chunk.offset, slot);
    slot.parts.push({ subtree, values: toFloats(chunk.values) });
    slot.coveredShards += subtree.count;
    if (slot.coveredShards < this.#shardCount) return;
    const sum = sumRoot(this.#shardCount, slot.parts);
    this.#slots.delete(chunk.offset);
    this.#summedValues += sum.length;
    this.#deliver({ phase: chunk.phase, offset: chunk.offset, values: bytesOf(sum, 0, sum.length) });
  }

  /** The first chunk of a phase opens it, once the one before is summed whole. */
  #openPhase(workerId: string, chunk: ReduceChunk): void {
    if (chunk.phase === this.#phase) return;
    if (this.#summedValues < this.#length) throw refusal(workerId, chunk, `phase ${this.#phase} is not summed yet`);
    if (chunk.phase < this.#phase) throw refusal(workerId, chunk, `phase ${this.#phase} is being reduced`);
    this.#phase = chunk.phase;
    this.#length = chunk.length;
    this.#summedValues = 0;
  }

  #check(workerId: string, chunk: ReduceChunk): Subtree {
    const owned = this.#subtrees.get(workerId);
    const subtree = owned?.find((s) => s.first === chunk.firstShard && s.count === chunk.shardCount);
    if (!subtree) throw refusal(workerId, chunk, 'the worker does not own these shards');
    if (chunk.length !== this.#length) throw refusal(workerId, chunk, `the gradient has ${this.#length} values`);
    const expected = Math.min(CHUNK_VALUES, this.#length - chunk.offset);
    if (chunk.offset < 0 || chunk.offset % CHUNK_VALUES !== 0 || chunk.values.byteLength !== expected * 4) {
      throw refusal(workerId, chunk, `${chunk.values.byteLength} bytes do not fit there`);
    }
    return subtree;
  }
}

/** Wire bytes lie anywhere in a message: copied once, to where floats may lie and sums may be written. */
function toFloats(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.byteLength / 4);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

function refusal(workerId: string, chunk: ReduceChunk, why: string): GanglionError {
  const { phase, firstShard, shardCount, offset, length } = chunk;
  return new GanglionError({
    code: 'refused',
    message:
      `A chunk from worker ${workerId} (phase ${phase}, shards ${firstShard}+${shardCount}, ` +
      `values ${offset} of ${length}) was refused: ${why}.`,
    remedy: 'The run stops at its last good phase; report this with the logs of worker and coordinator.',
  });
}
