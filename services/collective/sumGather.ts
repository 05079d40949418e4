/** The sums of a phase from the owners of the other slices, written right into the gradient's buffer. */
import { must } from '../errors/invariant.ts';
import type { FrameHead } from '../mesh/frame.ts';
import type { Landings } from './landings.ts';
import type { DirectMember } from './member.ts';
import { refusal } from './refusal.ts';
import { cutSlices, type Slice } from './slices.ts';
import type { WireCodec } from './wireFormat.ts';

export interface SumGatherOptions {
  readonly self: number;
  /** By rank. */
  readonly members: readonly DirectMember[];
  readonly shardCount: number;
  readonly phase: number;
  readonly into: Float32Array;
  readonly codec: WireCodec;
  readonly frameValues: number;
  readonly landings: Landings;
}

interface Owner {
  readonly member: DirectMember;
  readonly slice: Slice;
  /** Values on their way to their place, or there. */
  taken: number;
  there: number;
}

export class SumGather {
  readonly #options: SumGatherOptions;
  readonly #owners: ReadonlyMap<DirectMember, Owner>;
  #missing: number;

  constructor(options: SumGatherOptions) {
    const { self, members, into } = options;
    this.#options = options;
    const slices = cutSlices(into.length, members.length);
    const owners = members.map((member, index): [DirectMember, Owner] => [
      member,
      { member, slice: must(slices[index], 'slice'), taken: 0, there: 0 },
    ]);
    this.#owners = new Map(owners.filter(([{ rank }]) => rank !== self));
    this.#missing = this.#ownersList().reduce((sum, { slice }) => sum + slice.count, 0);
  }

  get complete(): boolean {
    return this.#missing === 0;
  }

  get receivedBytes(): number {
    const { codec, into } = this.#options;
    return this.#ownersList().reduce(
      (bytes, { slice }) => bytes + codec.payloadBytes({ ...slice, length: into.length }),
      0,
    );
  }

  /** Throws `refused` for anything but the next values of the member's slice. */
  place(member: DirectMember, head: FrameHead): Uint8Array {
    const { phase, into, shardCount, codec, frameValues, landings } = this.#options;
    const refuse = (why: string) => refusal(member.workerId, head, why);
    const owner = must(this.#owners.get(member), 'owner');
    const { slice, taken } = owner;
    const { offset, length } = head;
    if (head.phase !== phase) throw refuse(`the sum of phase ${phase} is awaited`);
    if (head.firstShard !== 0 || head.shardCount !== shardCount) throw refuse(`a sum is over all ${shardCount} shards`);
    if (length !== into.length) throw refuse(`the gradient has ${into.length} values`);
    const next = slice.offset + taken;
    const run = { offset, count: Math.min(frameValues, slice.count - taken), length };
    if (offset < slice.offset || offset >= slice.offset + slice.count) throw refuse('another worker adds these values');
    if (offset < next) throw refuse('it was sent twice');
    if (offset > next) throw refuse(`values from ${next} on are next`);
    if (head.payloadBytes !== codec.payloadBytes(run)) throw refuse(`${head.payloadBytes} bytes do not fit there`);
    owner.taken += run.count;
    return landings.expect(member.rank, run, into.subarray(offset, offset + run.count));
  }

  arrived(member: DirectMember, payload: Uint8Array): void {
    const { length } = this.#options.landings.settle(member.rank, payload);
    must(this.#owners.get(member), 'owner').there += length;
    this.#missing -= length;
  }

  waitingFor(): string[] {
    return this.#ownersList()
      .filter(({ slice, there }) => there < slice.count)
      .map(
        ({ member, slice, there }) =>
          `worker ${member.workerId}: its sum, ` +
          `values ${there.toLocaleString('en')} of ${slice.count.toLocaleString('en')}`,
      );
  }

  #ownersList(): Owner[] {
    return [...this.#owners.values()];
  }
}
