/**
 * The all-reduce among the workers themselves: worker k owns slice k of the flat gradient. Everyone sends it their
 * partial sums of that slice; it adds them in the order of the tree and sends the sum back. Two hops, 2(n−1)/n gradients
 * each way, frame by frame, so that sending, adding and receiving overlap; the same bits as the star's.
 *
 * (Reduce-scatter and all-gather as in Rabenseifner 2004, but without a ring: there, each slice would be added in
 * another order.)
 */
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { FrameHead } from '../mesh/frame.ts';
import type { Collective, PartialSum } from './collective.ts';
import { Landings } from './landings.ts';
import { FRAME_VALUES } from './limits.ts';
import type { DirectMember } from './member.ts';
import { Outgoing } from './outgoing.ts';
import type { PeerRoad } from './peerRoad.ts';
import { refusal } from './refusal.ts';
import { SliceSum } from './sliceSum.ts';
import { cutSlices, type Slice } from './slices.ts';
import { onReady } from './standingParts.ts';
import { SumGather } from './sumGather.ts';
import type { WireCodec } from './wireFormat.ts';

export interface DirectOptions {
  readonly mesh: PeerRoad;
  /** This worker's rank. */
  readonly self: number;
  /** All members, this worker among them. */
  readonly members: readonly DirectMember[];
  readonly shardCount: number;
  readonly codec: WireCodec;
  /** Makes room for frames: where the gradients lie, so that SIMD reaches both. Default: plain memory. */
  readonly allocate?: (bytes: number) => Uint8Array;
  /** The same for all members; default {@link FRAME_VALUES}. */
  readonly frameValues?: number;
}

interface Reduction {
  readonly phase: number;
  readonly gather: SumGather;
  readonly resolve: () => void;
  readonly reject: (why: GanglionError) => void;
}

/** A frame of a phase that this worker, which owns no shards, has not begun: its peer's connection waits. */
interface Early {
  readonly member: DirectMember;
  readonly head: FrameHead;
  readonly resolve: (place: Uint8Array) => void;
  readonly reject: (why: unknown) => void;
}

export class DirectCollective implements Collective {
  readonly #options: DirectOptions;
  readonly #members: readonly DirectMember[];
  readonly #codec: WireCodec;
  readonly #frameValues: number;
  readonly #landings: Landings;
  readonly #slice: SliceSum;
  readonly #outgoing: readonly { readonly index: number; readonly queue: Outgoing }[];
  readonly #spare: boolean;
  #early: Early[] = [];
  #reduction: Reduction | undefined;
  #ended: GanglionError | undefined;

  constructor(options: DirectOptions) {
    const { mesh, self, shardCount, codec, frameValues = FRAME_VALUES } = options;
    const { allocate = (bytes) => new Uint8Array(bytes) } = options;
    const members = options.members.toSorted((a, b) => a.rank - b.rank);
    this.#options = options;
    this.#members = members;
    this.#codec = codec;
    this.#frameValues = frameValues;
    this.#landings = new Landings(this.#codec, frameValues, allocate);
    this.#slice = new SliceSum({ self, members, shardCount, codec, frameValues, allocate, landings: this.#landings });
    this.#spare = must(this.#member(self), 'this worker among the members').shards.length === 0;
    this.#outgoing = members.flatMap(({ rank }, index) => {
      if (rank === self) return [];
      const send = (frame: Parameters<PeerRoad['send']>[1]) => mesh.send(rank, frame);
      return [{ index, queue: new Outgoing({ codec, frameValues, allocate, send, drained: () => this.#finish() }) }];
    });
    mesh.onEnd((_rank, why) => this.#end(why));
    mesh.onFrame({
      place: (rank, head) => this.#place(must(this.#member(rank), 'member'), head),
      arrived: (rank, head, payload) => this.#arrived(must(this.#member(rank), 'member'), head, payload),
    });
  }

  /**
   * The parts' values stand for the same afterwards. In bf16 only a leaf may come unrounded ({@link WireCodec}), and not where it
   * is the whole tree: it is added to nothing then.
   */
  async reduce(phase: number, parts: readonly PartialSum[], into: Float32Array): Promise<number> {
    if (this.#ended) throw this.#ended;
    invariant(this.#reduction === undefined, 'one reduce at a time');
    const { self, shardCount } = this.#options;
    const slices = cutSlices(into.length, this.#members.length);
    const mine = this.#mineOf(slices);
    const gather = new SumGather({
      self,
      members: this.#members,
      shardCount,
      phase,
      into,
      codec: this.#codec,
      frameValues: this.#frameValues,
      landings: this.#landings,
    });
    const reduced = new Promise<void>((resolve, reject) => {
      this.#reduction = { phase, gather, resolve, reject };
    });
    for (const { index, queue } of this.#outgoing) {
      queue.begin({ phase, shardCount, parts, sum: into, mine, theirs: must(slices[index], 'slice') });
    }
    const partialBytes = this.#begin(phase, parts, into);
    onReady(parts, (part) => this.#stands(phase, part));
    await reduced;
    return this.#outgoing.reduce((bytes, { queue }) => bytes + queue.sentBytes, partialBytes + gather.receivedBytes);
  }

  plainBytes(partCount: number, length: number): number {
    const { count: mine } = this.#mineOf(cutSlices(length, this.#members.length));
    return 4 * ((partCount + 1) * (length - mine) + (this.#slice.awaitedParts + this.#outgoing.length) * mine);
  }

  abort(why: GanglionError): void {
    this.#end(why);
  }

  /** What a reduce that goes on waits for, or nothing. */
  waitingFor(): string | undefined {
    if (!this.#reduction) return undefined;
    const missing = [...this.#slice.waitingFor(), ...this.#reduction.gather.waitingFor()];
    return missing.length > 0 ? missing.join('; ') : 'the sums that this worker sends to be taken';
  }

  /** Gives the bytes of partial sums that the others send. */
  #begin(phase: number, parts: readonly PartialSum[], into: Float32Array): number {
    const summed = (to: number) => {
      for (const { queue } of this.#outgoing) queue.summed(to);
    };
    try {
      this.#slice.begin(phase, { parts, into, summed });
    } catch (error) {
      if (!(error instanceof GanglionError)) throw error;
      this.#end(error);
      return 0;
    }
    const receivedBytes = this.#slice.receivedBytes;
    const due = this.#early.filter(({ head }) => head.phase <= phase);
    this.#early = this.#early.filter(({ head }) => head.phase > phase);
    for (const { member, head, resolve, reject } of due) {
      try {
        resolve(this.#placeNow(member, head));
      } catch (error) {
        reject(error);
      }
    }
    this.#finish();
    return receivedBytes;
  }

  #stands(phase: number, part: PartialSum): void {
    if (this.#reduction?.phase !== phase) return;
    for (const { queue } of this.#outgoing) queue.stands(part);
    this.#slice.stands(part);
    this.#finish();
  }

  #place(member: DirectMember, head: FrameHead): Uint8Array | Promise<Uint8Array> {
    if (this.#ended) throw this.#ended;
    const begun = this.#reduction !== undefined && head.phase <= this.#reduction.phase;
    // Whoever owns shards is waited for by all, so that nobody can be a phase ahead; a spare may be behind by any number.
    if (begun || !this.#spare) return this.#placeNow(member, head);
    return new Promise((resolve, reject) => {
      this.#early.push({ member, head, resolve, reject });
    });
  }

  #placeNow(member: DirectMember, head: FrameHead): Uint8Array {
    if (head.kind === 'partial') return this.#slice.place(member, head);
    if (head.kind === 'sum' && this.#reduction) return this.#reduction.gather.place(member, head);
    throw refusal(member.workerId, head, `no ${head.kind} is awaited`);
  }

  #arrived(member: DirectMember, head: FrameHead, payload: Uint8Array): void {
    if (head.kind === 'partial') this.#slice.arrived(member, head, payload);
    else this.#reduction?.gather.arrived(member, payload);
    this.#finish();
  }

  /** Done when all sums are here, and everything that was sent is taken: from then on the buffers are the caller's. */
  #finish(): void {
    const reduction = this.#reduction;
    if (
      !reduction?.gather.complete ||
      !this.#slice.isSummed(reduction.phase) ||
      this.#outgoing.some(({ queue }) => !queue.drained)
    )
      return;
    this.#reduction = undefined;
    reduction.resolve();
  }

  #end(why: GanglionError): void {
    if (this.#ended) return;
    this.#ended = why;
    for (const { queue } of this.#outgoing) queue.stop();
    this.#reduction?.reject(why);
    this.#reduction = undefined;
    this.#early = [];
    this.#options.mesh.close();
  }

  #mineOf(slices: readonly Slice[]): Slice {
    return must(slices[this.#members.findIndex(({ rank }) => rank === this.#options.self)], 'slice');
  }

  #member(rank: number): DirectMember | undefined {
    return this.#members.find((member) => member.rank === rank);
  }
}
