/** Proves that a header brings every field back, and that a damaged or foreign one is refused by name. */

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../services/mesh/frame.ts';
import {
  checkFrame,
  decodeHeader,
  encodeHeader as encode,
  HEADER_BYTES,
  SEALED_BYTES,
} from '../../services/mesh/header.ts';
import { MESH_VERSION, PAYLOAD_BYTES_MAX } from '../../services/mesh/limits.ts';
import { FrameSeal } from '../../services/mesh/seal.ts';

const frame: Frame = {
  kind: 'partial',
  phase: 7,
  firstShard: 2,
  shardCount: 1,
  offset: 16,
  length: 1000,
  payload: Uint8Array.of(1, 2, 3, 4),
};

const KEY = new Uint8Array(32).fill(7);

/** The first frame of a connection. */
function encodeHeader(generation: number, first: Frame): Uint8Array {
  return encode(generation, first, new FrameSeal(KEY));
}

/** What a receiver does with a frame that comes whole. */
function takeNext(header: Uint8Array, payload: Uint8Array, seal: FrameSeal, generation = 1): void {
  const head = decodeHeader(header, generation);
  checkFrame(header, head, seal.begin(header.subarray(0, SEALED_BYTES)).add(payload));
}

/** What the receiver of a connection's first frame does with it. */
function take(header: Uint8Array, payload: Uint8Array, generation = 1): void {
  takeNext(header, payload, new FrameSeal(KEY), generation);
}

const tooMuch = PAYLOAD_BYTES_MAX + 1;

/** The header with some bytes changed and its checksum made right again. */
function forged(at: number, ...bytes: number[]): Uint8Array {
  const header = encodeHeader(1, frame);
  header.set(bytes, at);
  new DataView(header.buffer).setUint32(44, crc32(header.subarray(0, 44)), true);
  return header;
}

describe('a header', () => {
  it('brings every field back, beyond 32 bits where it may be', () => {
    const uint32 = fc.nat(0xffffffff);
    const frames = fc.record({
      kind: fc.constantFrom('partial', 'sum', 'state'),
      phase: uint32,
      firstShard: uint32,
      shardCount: uint32,
      offset: fc.nat(Number.MAX_SAFE_INTEGER),
      length: fc.nat(Number.MAX_SAFE_INTEGER),
      payload: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    });
    fc.assert(
      fc.property(frames, fc.nat(2 ** 40), ({ payload, ...head }, generation) => {
        const header = encodeHeader(generation, { ...head, payload });
        expect(header).toHaveLength(HEADER_BYTES);
        const decoded = decodeHeader(header, generation);
        expect(decoded).toMatchObject({ ...head, payloadBytes: payload.byteLength });
        take(header, payload, generation);
      }),
    );
  });

  it('lies as documented, byte by byte', () => {
    const header = Buffer.from(encodeHeader(0x1_0000_0005, frame));
    expect(header.subarray(0, 8).toString('latin1')).toBe('GNGF\u0001\u0001\u0000\u0000');
    const fields = [8, 12, 16, 20, 24, 28, 32, 36, 40].map((at) => header.readUInt32LE(at));
    expect(fields).toEqual([5, 7, 2, 1, 16, 0, 1000, 0, 4]);
    expect(header.readUInt32LE(44)).toBe(crc32(header.subarray(0, 44)));
    // By Python's cryptography 50: ChaCha20Poly1305(key).encrypt(nonce, b'', header[:48] + payload).
    expect(header.subarray(48).toString('hex')).toBe('168fecc59704578f52669dc82e039966');
  });

  it('is corrupt where any bit of it changed', () => {
    fc.assert(
      fc.property(fc.nat(HEADER_BYTES * 8 - 1), (bit) => {
        const header = encodeHeader(1, frame);
        header[bit >> 3] = (header[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => take(header, frame.payload)).toThrow(expect.objectContaining({ code: 'corrupt' }));
      }),
    );
  });

  it.each([
    ['of another version', forged(4, 9), `it has version 9; this worker speaks ${MESH_VERSION}`],
    ['of an unknown kind', forged(5, 4), 'its kind 4 is not known'],
    ['of another generation', encodeHeader(2, frame), 'it is of generation 2, not 1'],
    ['of a generation before', encodeHeader(0, frame), 'it is of generation 0, not 1'],
    ['with nothing in it', forged(40, 0, 0, 0, 0), 'its payload has 0 bytes'],
    ['oversize', forged(40, tooMuch & 255, (tooMuch >> 8) & 255, tooMuch >> 16, 0), `its payload has ${tooMuch} bytes`],
  ])('%s is refused by name', (_, header, why) => {
    expect(() => decodeHeader(header, 1)).toThrow(
      expect.objectContaining({ code: 'refused', message: expect.stringContaining(why) }),
    );
  });
});

describe('a payload', () => {
  it('is corrupt where any bit of it changed', () => {
    const header = encodeHeader(1, frame);
    for (let bit = 0; bit < 32; bit++) {
      const payload = frame.payload.slice();
      payload[bit >> 3] = (payload[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => take(header, payload)).toThrow(
        expect.objectContaining({ code: 'corrupt', message: expect.stringContaining('4 bytes at 16 (partial)') }),
      );
    }
  });

  it('is corrupt where its field was forged, checksum and all', () => {
    expect(() => take(forged(24, 20), frame.payload)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  it('is corrupt where it comes again, is left out, or is of another connection', () => {
    const seal = new FrameSeal(KEY);
    const [first, second] = [encode(1, frame, seal), encode(1, frame, seal)];
    const receiver = new FrameSeal(KEY);
    const read = (header: Uint8Array) => takeNext(header, frame.payload, receiver);
    read(first);
    expect(() => read(first)).toThrow(expect.objectContaining({ code: 'corrupt' }));
    expect(() => take(second, frame.payload)).toThrow(expect.objectContaining({ code: 'corrupt' }));
    const other = new FrameSeal(new Uint8Array(32));
    expect(() => takeNext(first, frame.payload, other)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  it('has one seal, in whatever parts it comes', () => {
    const payload = Uint8Array.from({ length: 3000 }, (_, index) => index);
    const header = encodeHeader(1, { ...frame, payload });
    fc.assert(
      fc.property(fc.array(fc.nat(payload.length)), (cuts) => {
        const seal = new FrameSeal(KEY).begin(header.subarray(0, SEALED_BYTES));
        const ends = [...cuts.toSorted((a, b) => a - b), payload.length];
        for (const [index, end] of ends.entries()) seal.add(payload.subarray(ends[index - 1] ?? 0, end));
        checkFrame(header, decodeHeader(header, 1), seal);
      }),
    );
  });

  it('must fit a frame', () => {
    for (const payload of [new Uint8Array(), new Uint8Array(tooMuch)]) {
      expect(() => encodeHeader(1, { ...frame, payload })).toThrow('invariant');
    }
  });
});
