/** The all-reduce as a worker sees it. `star` (here) goes through the coordinator; other roads keep this shape. */
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';
import { aligned, CHUNK_VALUES, type ReducedChunk, type ReduceStream, readyChunk } from './chunk.ts';
import { onReady, StandingParts } from './standingParts.ts';
import type { Subtree } from './tree.ts';
import { type Run, WireCodec } from './wireFormat.ts';

export interface PartialSum {
  readonly subtree: Subtree;
  /** Float32 sum over the subtree's shards. */
  readonly values: Float32Array;
  /** Resolves once the values stand: parts that do leave while others are computed. Default: they stand. */
  readonly ready?: Promise<void>;
}

export interface Collective {
  /**
   * Gives this worker's partial sums of `phase`, and fills `into` (same length) with the sum over all shards.
   * Returns the bytes sent and received. Rejects with `aborted` as soon as the generation ends; a part that never gets
   * ready is its giver's to know of.
   *
   * (Where a phase takes several rounds, each is a phase of its own here: numbers only ever grow.)
   */
  reduce(phase: number, parts: readonly PartialSum[], into: Float32Array): Promise<number>;
  /** The bytes that {@link reduce} would send and receive for so many parts of so many values as float32. */
  plainBytes(partCount: number, length: number): number;
  /** Ends the generation: a blocked reduce rejects at once. */
  abort(why: GanglionError): void;
  /** What a blocked reduce waits for, in a phrase that names workers and parts; undefined where it does not say. */
  waitingFor?(): string | undefined;
}

interface Pending {
  readonly phase: number;
  readonly into: Float32Array;
  /** Offsets of the chunks that are there. */
  readonly offsets: Set<number>;
  missing: number;
  readonly resolve: () => void;
  readonly reject: (why: unknown) => void;
}

export class StarCollective implements Collective {
  readonly #stream: ReduceStream;
  readonly #codec: WireCodec;
  #pending: Pending | undefined;
  #ended: GanglionError | undefined;

  constructor(
    open: (on: { chunk(chunk: ReducedChunk): void; end(why: GanglionError | undefined): void }) => ReduceStream,
    codec = new WireCodec('fp32', 0),
  ) {
    this.#codec = codec;
    this.#stream = open({
      chunk: (chunk) => this.#receive(chunk),
      end: (why) => this.#end(why ?? streamEnded()),
    });
  }

  async reduce(phase: number, parts: readonly PartialSum[], into: Float32Array): Promise<number> {
    if (this.#ended) throw this.#ended;
    invariant(this.#pending === undefined, 'one reduce at a time');
    const received = new Promise<void>((resolve, reject) => {
      this.#pending = { phase, into, offsets: new Set(), missing: into.length, resolve, reject };
    });
    // Not awaited: the sum cannot come before all is sent, and a road that is cut may never take what it was given. Why
    // it was cut is what its end tells.
    this.#send(phase, parts, into.length).catch(() => undefined);
    await received;
    const { length } = into;
    return (parts.length + 1) * this.#codec.payloadBytes({ offset: 0, count: length, length });
  }

  plainBytes(partCount: number, length: number): number {
    return (partCount + 1) * 4 * length;
  }

  abort(why: GanglionError): void {
    this.#end(why);
    this.#stream.cancel();
  }

  async #send(phase: number, parts: readonly PartialSum[], length: number): Promise<void> {
    if (parts.length === 0) return this.#stream.send(readyChunk(phase, length));
    const standing = new StandingParts(parts, length);
    let wake = () => {};
    onReady(parts, (part) => {
      standing.stands(part);
      wake();
    });
    while (!standing.haveLeft && !this.#ended) {
      const next = standing.take(CHUNK_VALUES);
      if (!next) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const { part, at: offset, count } = next;
      const room = new Uint8Array(this.#codec.roomBytes(count));
      await this.#stream.send({
        phase,
        firstShard: part.subtree.first,
        shardCount: part.subtree.count,
        offset,
        length,
        values: this.#codec.encode(part.values.subarray(offset, offset + count), { offset, count, length }, room),
      });
    }
  }

  #receive({ phase, offset, values }: ReducedChunk): void {
    const pending = this.#pending;
    const run = pending && runAt(pending, offset);
    if (!run || phase !== pending.phase || values.byteLength !== this.#codec.payloadBytes(run)) {
      this.abort(
        new GanglionError({
          code: 'corrupt',
          message:
            `A chunk of phase ${phase} (${values.byteLength} bytes at value ${offset}) came that does not fit: ` +
            `phase ${pending?.phase ?? 'none'} is reduced.`,
          remedy: 'Report this with the logs of worker and coordinator.',
        }),
      );
      return;
    }
    pending.offsets.add(offset);
    this.#codec.decode(aligned(values), run, pending.into.subarray(offset, offset + run.count));
    pending.missing -= run.count;
    if (pending.missing > 0) return;
    this.#pending = undefined;
    pending.resolve();
  }

  #end(why: GanglionError): void {
    this.#ended ??= why;
    this.#pending?.reject(this.#ended);
    this.#pending = undefined;
  }
}

/** Each chunk of the grid once, and whole: a missing one must not be made up for by another. */
function runAt({ into: { length }, offsets }: Pending, offset: number): Run | undefined {
  const onGrid = offset >= 0 && offset < length && offset % CHUNK_VALUES === 0;
  return onGrid && !offsets.has(offset)
    ? { offset, count: Math.min(CHUNK_VALUES, length - offset), length }
    : undefined;
}

/** The only worker of a generation needs no road: its partial sum is the sum. */
export class SoloCollective implements Collective {
  #ended: GanglionError | undefined;

  async reduce(_phase: number, parts: readonly PartialSum[], into: Float32Array): Promise<number> {
    if (this.#ended) throw this.#ended;
    const [whole] = parts;
    invariant(whole && parts.length === 1, 'a lone worker owns the whole tree');
    await whole.ready;
    if (this.#ended) throw this.#ended;
    into.set(whole.values);
    return 0;
  }

  plainBytes(): number {
    return 0;
  }

  abort(why: GanglionError): void {
    this.#ended ??= why;
  }
}

function streamEnded(): GanglionError {
  return new GanglionError({
    code: 'aborted',
    message: 'The coordinator ended the reduce stream.',
    remedy: 'The worker joins the next generation by itself.',
  });
}
