/** One subtree's values of a slice, from the member that owns it: checked, in order, kept until they are added. */
import { must } from '../errors/invariant.ts';
import type { FrameHead } from '../mesh/frame.ts';
import type { DirectMember } from './member.ts';
import { refusal } from './refusal.ts';
import type { Slice } from './slices.ts';
import { nodeKey, type Subtree } from './tree.ts';
import type { Run, WireCodec } from './wireFormat.ts';

export class Incoming {
  readonly member: DirectMember;
  readonly subtree: Subtree;
  readonly #codec: WireCodec;
  readonly #frameValues: number;
  readonly #arrived: Float32Array[] = [];
  /** Values of the slice that arrived or are on their way to their place. */
  #taken = 0;

  constructor(member: DirectMember, subtree: Subtree, codec: WireCodec, frameValues: number) {
    this.member = member;
    this.subtree = subtree;
    this.#codec = codec;
    this.#frameValues = frameValues;
  }

  get key(): string {
    return nodeKey(this.subtree);
  }

  get begun(): boolean {
    return this.#taken > 0;
  }

  get waits(): boolean {
    return this.#arrived.length > 0;
  }

  /** A new phase begins. */
  open(): void {
    this.#taken = 0;
  }

  /** The values that the frame brings, if it is the next one of `slice`; `opens` if it would be its phase's first. */
  check(head: FrameHead, slice: Slice, opens: boolean): Run {
    const { offset, length, payloadBytes } = head;
    const taken = opens ? 0 : this.#taken;
    const next = slice.offset + taken;
    const run = { offset, count: Math.min(this.#frameValues, slice.count - taken), length };
    if (offset < next) throw this.refuse(head, 'it was sent twice');
    if (offset > next || run.count === 0) {
      throw this.refuse(head, `values from ${next} on are next, up to ${slice.offset + slice.count}`);
    }
    if (payloadBytes !== this.#codec.payloadBytes(run))
      throw this.refuse(head, `${payloadBytes} bytes do not fit there`);
    return run;
  }

  take(count: number): void {
    this.#taken += count;
  }

  arrived(values: Float32Array): void {
    this.#arrived.push(values);
  }

  shift(): Float32Array {
    return must(this.#arrived.shift(), 'values that arrived');
  }

  refuse(head: Parameters<typeof refusal>[1], why: string): Error {
    return refusal(this.member.workerId, head, why);
  }
}
