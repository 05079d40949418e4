/**
 * The header of a frame, 64 bytes, little-endian:
 *
 * | byte | bytes | field |
 * | ---- | ----- | ----- |
 * |    0 |     4 | magic: "GNGF" |
 * |    4 |     1 | version |
 * |    5 |     1 | kind: 1 partial, 2 sum, 3 state |
 * |    6 |     2 | zero |
 * |    8 |     4 | generation, its low 32 bits |
 * |   12 |     4 | phase |
 * |   16 |     4 | first shard |
 * |   20 |     4 | shard count |
 * |   24 |     8 | offset, in values (state: in bytes) |
 * |   32 |     8 | length of the gradient, in values (state: in bytes) |
 * |   40 |     4 | bytes of the payload, which follows the header |
 * |   44 |     4 | CRC-32 of bytes 0 … 43 |
 * |   48 |    16 | seal of bytes 0 … 47 and the payload: see seal.ts |
 */
import { timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';
import type { Frame, FrameHead, FrameKind } from './frame.ts';
import { MESH_VERSION, PAYLOAD_BYTES_MAX } from './limits.ts';
import { type FrameSeal, type OpenSeal, SEAL_BYTES } from './seal.ts';

const CHECKED_BYTES = 44;
export const SEALED_BYTES = CHECKED_BYTES + 4;
export const HEADER_BYTES = SEALED_BYTES + SEAL_BYTES;

const MAGIC = 0x46474e47;
const KINDS: readonly FrameKind[] = ['partial', 'sum', 'state'];
const HIGH = 2 ** 32;

export function encodeHeader(generation: number, frame: Frame, seal: FrameSeal): Uint8Array {
  const { payload, offset, length } = frame;
  invariant(payload.byteLength > 0 && payload.byteLength <= PAYLOAD_BYTES_MAX, 'a payload fits a frame');
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, MESH_VERSION);
  view.setUint8(5, KINDS.indexOf(frame.kind) + 1);
  view.setUint32(8, generation, true);
  view.setUint32(12, frame.phase, true);
  view.setUint32(16, frame.firstShard, true);
  view.setUint32(20, frame.shardCount, true);
  view.setUint32(24, offset, true);
  view.setUint32(28, Math.floor(offset / HIGH), true);
  view.setUint32(32, length, true);
  view.setUint32(36, Math.floor(length / HIGH), true);
  view.setUint32(40, payload.byteLength, true);
  view.setUint32(CHECKED_BYTES, crc32(bytes.subarray(0, CHECKED_BYTES)), true);
  bytes.set(seal.begin(bytes.subarray(0, SEALED_BYTES)).add(payload).close(), SEALED_BYTES);
  if (frame.damaged) bytes.set([(bytes[SEALED_BYTES] ?? 0) ^ 1], SEALED_BYTES);
  return bytes;
}

/** Throws `corrupt` where it is no header, and `refused` where it is one that must not come. */
export function decodeHeader(bytes: Uint8Array, generation: number): FrameHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const uint = (at: number) => view.getUint32(at, true);
  if (uint(0) !== MAGIC) throw corrupt('it does not begin as a frame does');
  if (crc32(bytes.subarray(0, CHECKED_BYTES)) !== uint(CHECKED_BYTES)) throw corrupt('its header’s checksum is wrong');
  const version = view.getUint8(4);
  if (version !== MESH_VERSION) throw refused(`it has version ${version}; this worker speaks ${MESH_VERSION}`);
  const kind = KINDS[view.getUint8(5) - 1];
  if (!kind) throw refused(`its kind ${view.getUint8(5)} is not known`);
  if (uint(8) !== generation >>> 0) throw refused(`it is of generation ${uint(8)}, not ${generation}`);
  const payloadBytes = uint(40);
  if (payloadBytes === 0 || payloadBytes > PAYLOAD_BYTES_MAX) {
    throw refused(`its payload has ${payloadBytes} bytes; 1 … ${PAYLOAD_BYTES_MAX} are allowed`);
  }
  return {
    kind,
    phase: uint(12),
    firstShard: uint(16),
    shardCount: uint(20),
    offset: uint(24) + uint(28) * HIGH,
    length: uint(32) + uint(36) * HIGH,
    payloadBytes,
  };
}

/**
 * Throws `corrupt` where the frame is not, whole and unchanged, the connection's next one. `header` as it came, `seal` over
 * its first {@link SEALED_BYTES} and the payload.
 */
export function checkFrame(header: Uint8Array, head: FrameHead, seal: OpenSeal): void {
  if (timingSafeEqual(header.subarray(SEALED_BYTES), seal.close())) return;
  throw corrupt(`its ${head.payloadBytes} bytes at ${head.offset} (${head.kind}) do not fit its seal`);
}

function corrupt(why: string): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `A frame was damaged on its way: ${why}.`,
    remedy: 'The phase is repeated in the next generation; look for a broken network card or memory if it comes again.',
  });
}

function refused(why: string): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: `A frame was refused: ${why}.`,
    remedy: 'Run the same version of Ganglion on all workers; report this with the logs of both if they do.',
  });
}
