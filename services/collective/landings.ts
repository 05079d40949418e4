/** Where the payloads that are under way from each peer are read to: right into the values where they travel as such. */
import { must } from '../errors/invariant.ts';
import { bytesOf } from './chunk.ts';
import type { Run, WireCodec } from './wireFormat.ts';

interface Landing {
  readonly run: Run;
  readonly values: Float32Array;
}

export class Landings {
  readonly #codec: WireCodec;
  readonly #frameValues: number;
  readonly #allocate: (bytes: number) => Uint8Array;
  /** One frame at a time comes from a peer. */
  readonly #expected = new Map<number, Landing>();
  /** For payloads that are not float32. */
  readonly #rooms = new Map<number, Uint8Array>();

  constructor(codec: WireCodec, frameValues: number, allocate: (bytes: number) => Uint8Array) {
    this.#allocate = allocate;
    this.#codec = codec;
    this.#frameValues = frameValues;
  }

  /** Where the payload with `run` shall be read to, so that it can become `values`. */
  expect(rank: number, run: Run, values: Float32Array): Uint8Array {
    this.#expected.set(rank, { run, values });
    if (this.#codec.isPlain(run)) return bytesOf(values, 0, values.length);
    const room = this.#rooms.get(rank) ?? this.#allocate(this.#codec.roomBytes(this.#frameValues));
    this.#rooms.set(rank, room);
    return room.subarray(0, this.#codec.payloadBytes(run));
  }

  /** The payload is there: gives the values. */
  settle(rank: number, payload: Uint8Array): Float32Array {
    const { run, values } = must(this.#expected.get(rank), `payload from rank ${rank}`);
    this.#expected.delete(rank);
    if (!this.#codec.isPlain(run)) this.#codec.decode(payload, run, values);
    return values;
  }
}
