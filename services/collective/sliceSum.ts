/**
 * The slice of the gradient that this worker adds for all: takes every member's partial sums frame by frame, and writes
 * the sum of each position as soon as all are there.
 *
 * Memory: a member that is ahead sends its whole slice before this worker has begun, so at most one slice for each
 * subtree of another member; and never of two phases, since nobody begins phase p+1 without this slice's sums of p.
 */
import { must } from '../errors/invariant.ts';
import type { FrameHead } from '../mesh/frame.ts';
import { floatsOf } from './chunk.ts';
import type { PartialSum } from './collective.ts';
import { Incoming } from './incoming.ts';
import type { Landings } from './landings.ts';
import type { DirectMember } from './member.ts';
import { refusal } from './refusal.ts';
import { RootSum } from './rootSum.ts';
import { cutSlices, type Slice } from './slices.ts';
import { nodeKey, ownedSubtrees } from './tree.ts';
import type { Run, WireCodec } from './wireFormat.ts';

export interface SliceSumOptions {
  readonly self: number;
  /** By rank. */
  readonly members: readonly DirectMember[];
  readonly shardCount: number;
  readonly codec: WireCodec;
  readonly frameValues: number;
  readonly allocate: (bytes: number) => Uint8Array;
  readonly landings: Landings;
}

export class SliceSum {
  readonly #options: SliceSumOptions;
  readonly #incoming: readonly Incoming[];
  readonly #root: RootSum;
  /** Frames' buffers that are free: the one used last is the one still in the core's cache. */
  readonly #free: Float32Array[] = [];
  #phase = -1;
  #length = 0;
  #slice: Slice = { offset: 0, count: 0 };
  #summed = 0;
  /** This worker's own part of the phase; undefined until it reduces it itself. */
  #mine: Mine | undefined;
  /** Of its parts, those that are not ready yet. */
  #unready = new Set<PartialSum>();

  constructor(options: SliceSumOptions) {
    const { self, members, shardCount, codec, frameValues, allocate } = options;
    this.#options = options;
    this.#root = new RootSum(shardCount, () => floatsOf(allocate(4 * frameValues)));
    this.#incoming = members
      .filter(({ rank }) => rank !== self)
      .flatMap((member) =>
        ownedSubtrees(shardCount, member.shards).map((node) => new Incoming(member, node, codec, frameValues)),
      );
  }

  get complete(): boolean {
    return this.#summed === this.#slice.count;
  }

  /** Of a phase that was begun: the others may have opened the next one, before this worker does. */
  isSummed(phase: number): boolean {
    return this.#phase > phase || this.complete;
  }

  /** Partial sums of this slice that the others send. */
  get awaitedParts(): number {
    return this.#incoming.length;
  }

  /** Bytes of the phase's partial sums from the others. */
  get receivedBytes(): number {
    return this.#incoming.length * this.#options.codec.payloadBytes({ ...this.#slice, length: this.#length });
  }

  /** This worker reduces `phase` now. Throws `refused` where another one began something else. */
  begin(phase: number, mine: Mine): void {
    const { length } = mine.into;
    if (phase > this.#phase && this.complete) this.#open(phase, length);
    if (phase !== this.#phase || length !== this.#length) {
      const { member, subtree } = must(
        this.#incoming.find(({ begun }) => begun),
        'member that began something else',
      );
      const position = { firstShard: subtree.first, shardCount: subtree.count, offset: this.#slice.offset };
      const begun = { ...position, phase: this.#phase, length: this.#length };
      throw refusal(member.workerId, begun, `this worker reduces ${length} values in phase ${phase}`);
    }
    this.#mine = mine;
    this.#unready = new Set(mine.parts.filter(({ ready }) => ready !== undefined));
    this.#add();
  }

  /** A part of this worker's own that was not ready is. */
  stands(part: PartialSum): void {
    this.#unready.delete(part);
    this.#add();
  }

  /** Where the payload of a partial sum goes. Throws `refused` for one that does not belong into the sum. */
  place(member: DirectMember, head: FrameHead): Uint8Array {
    const [incoming, run] = this.#check(member, head);
    if (head.phase > this.#phase) this.#open(head.phase, head.length);
    incoming.take(run.count);
    const { frameValues, allocate, landings } = this.#options;
    const frame = this.#free.pop() ?? floatsOf(allocate(4 * frameValues));
    return landings.expect(member.rank, run, frame.subarray(0, run.count));
  }

  arrived(member: DirectMember, head: FrameHead, payload: Uint8Array): void {
    const values = this.#options.landings.settle(member.rank, payload);
    must(this.#from(member, head), 'subtree').arrived(values);
    this.#add();
  }

  /** Whose values the next sum waits for, once this worker has given its own. */
  waitingFor(): string[] {
    if (!this.#mine || this.#unready.size > 0) return [];
    const position = `values ${this.#summed.toLocaleString('en')} of ${this.#slice.count.toLocaleString('en')}`;
    return this.#incoming
      .filter((incoming) => !this.complete && !incoming.waits)
      .map(({ member, key }) => `worker ${member.workerId}: shards ${key}, ${position}`);
  }

  #open(phase: number, length: number): void {
    this.#phase = phase;
    this.#length = length;
    this.#slice = this.#sliceOf(length);
    this.#summed = 0;
    this.#mine = undefined;
    for (const incoming of this.#incoming) incoming.open();
  }

  #sliceOf(length: number): Slice {
    const { members, self } = this.#options;
    return must(cutSlices(length, members.length)[members.findIndex(({ rank }) => rank === self)], 'slice');
  }

  #from(member: DirectMember, { firstShard, shardCount }: FrameHead): Incoming | undefined {
    const key = nodeKey({ first: firstShard, count: shardCount });
    return this.#incoming.find((incoming) => incoming.member === member && incoming.key === key);
  }

  #check(member: DirectMember, head: FrameHead): [Incoming, Run] {
    const { phase, length } = head;
    const incoming = this.#from(member, head);
    if (!incoming) throw refusal(member.workerId, head, 'the worker does not own these shards');
    if (phase < this.#phase) throw incoming.refuse(head, `phase ${this.#phase} is being reduced`);
    const opens = phase > this.#phase;
    if (opens && !this.complete) throw incoming.refuse(head, `phase ${this.#phase} is not summed yet`);
    if (!opens && length !== this.#length) throw incoming.refuse(head, `the gradient has ${this.#length} values`);
    const slice = opens ? this.#sliceOf(length) : this.#slice;
    return [incoming, incoming.check(head, slice, opens)];
  }

  #add(): void {
    const { codec, frameValues } = this.#options;
    if (this.#unready.size > 0) return;
    while (this.#mine && !this.complete && this.#incoming.every(({ waits }) => waits)) {
      const { parts, into, summed } = this.#mine;
      const from = this.#slice.offset + this.#summed;
      const to = Math.min(from + frameValues, this.#slice.offset + this.#slice.count);
      const operands = new Map(parts.map(({ subtree, values }) => [nodeKey(subtree), values.subarray(from, to)]));
      for (const incoming of this.#incoming) operands.set(incoming.key, incoming.shift());
      this.#root.write(operands, into.subarray(from, to), codec.addition(from, into.length));
      for (const { key } of this.#incoming) {
        const { buffer, byteOffset } = must(operands.get(key), 'values');
        this.#free.push(new Float32Array(buffer, byteOffset, frameValues));
      }
      this.#summed = to - this.#slice.offset;
      summed(to);
    }
  }
}

/** A worker's own part of a phase. */
export interface Mine {
  readonly parts: readonly PartialSum[];
  /** Where the sum goes. */
  readonly into: Float32Array;
  /** The sums of this worker's slice stand up to this value. */
  summed(to: number): void;
}
