/**
 * The hub of the star: takes every member's partial sums of one generation, adds them in the fixed tree order, and
 * hands the sum back chunk by chunk, so that sending, adding and receiving overlap.
 *
 * Memory: no member sends phase p+1 before it has all of phase p, so at most one gradient a member is held.
 */
import { aligned, CHUNK_VALUES, type ReduceChunk, type ReducedChunk } from './chunk.ts';
import { refusal } from './refusal.ts';
import { ownedSubtrees, type Subtree, sumRoot } from './tree.ts';
import { WireCodec } from './wireFormat.ts';

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
  readonly #codec: WireCodec;
  readonly #slots = new Map<number, Slot>();
  /** Offsets whose sum was handed back. */
  readonly #summed = new Set<number>();
  #phase = -1;
  #length = 0;

  /** `deliver` gets every chunk of every sum once, for all members. */
  constructor(
    shardCount: number,
    members: readonly ReducerMember[],
    deliver: (chunk: ReducedChunk) => void,
    codec: WireCodec = new WireCodec('fp32', 0),
  ) {
    this.#shardCount = shardCount;
    this.#subtrees = new Map(members.map((m) => [m.workerId, ownedSubtrees(shardCount, m.shards)]));
    this.#deliver = deliver;
    this.#codec = codec;
  }

  /** Throws `refused` for a chunk that does not belong into the sum: it never enters it, nor opens a phase. */
  accept(workerId: string, chunk: ReduceChunk): void {
    const { phase, offset } = chunk;
    const subtree = this.#check(workerId, chunk);
    if (phase > this.#phase) this.#openPhase(chunk);
    const slot = this.#slots.get(offset) ?? { parts: [], coveredShards: 0 };
    if (this.#summed.has(offset) || slot.parts.some((part) => part.subtree.first === subtree.first)) {
      throw refusal(workerId, chunk, 'it was sent twice');
    }
    this.#slots.set(offset, slot);
    const values = new Float32Array(Math.min(CHUNK_VALUES, this.#length - offset));
    const run = { offset, count: values.length, length: this.#length };
    this.#codec.decode(aligned(chunk.values), run, values);
    slot.parts.push({ subtree, values });
    slot.coveredShards += subtree.count;
    if (slot.coveredShards < this.#shardCount) return;
    const sum = sumRoot(this.#shardCount, slot.parts, this.#codec.addition(offset, this.#length));
    this.#slots.delete(offset);
    this.#summed.add(offset);
    const room = new Uint8Array(this.#codec.roomBytes(sum.length));
    this.#deliver({ phase, offset, values: this.#codec.encode(sum, run, room) });
  }

  /** The first chunk of a phase opens it, once the one before is summed whole. */
  #openPhase({ phase, length }: ReduceChunk): void {
    this.#phase = phase;
    this.#length = length;
    this.#summed.clear();
  }

  #check(workerId: string, chunk: ReduceChunk): Subtree {
    const { phase, offset, values } = chunk;
    const subtree = this.#subtrees
      .get(workerId)
      ?.find(({ first, count }) => first === chunk.firstShard && count === chunk.shardCount);
    if (!subtree) throw refusal(workerId, chunk, 'the worker does not own these shards');
    if (phase < this.#phase) throw refusal(workerId, chunk, `phase ${this.#phase} is being reduced`);
    if (phase > this.#phase && this.#summed.size * CHUNK_VALUES < this.#length) {
      throw refusal(workerId, chunk, `phase ${this.#phase} is not summed yet`);
    }
    const length = phase === this.#phase ? this.#length : chunk.length;
    if (chunk.length !== length) throw refusal(workerId, chunk, `the gradient has ${length} values`);
    const run = { offset, count: Math.min(CHUNK_VALUES, length - offset), length };
    const onGrid = offset >= 0 && offset < length && offset % CHUNK_VALUES === 0;
    if (!onGrid || values.byteLength !== this.#codec.payloadBytes(run)) {
      throw refusal(workerId, chunk, `${values.byteLength} bytes do not fit there`);
    }
    return subtree;
  }
}
