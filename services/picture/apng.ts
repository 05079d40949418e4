/**
 * Animated PNG: the frames' own image data behind frame controls (PNG specification, third edition, 11.3.6). Where a viewer
 * knows no animation, it shows the first frame.
 */
import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';
import { invariant, must } from '../errors/invariant.ts';
import type { Raster } from './raster.ts';

export interface Frame extends Raster {
  readonly durationMs: number;
}

const SIGNATURE_BYTES = 8;
/** Disposal none and blending source: each frame replaces the whole picture. */
const REPLACE = [0, 0];

/** Plays for ever. All frames have one size. */
export function encodeApng(frames: readonly Frame[]): Buffer {
  const first = must(frames[0], 'a frame');
  const still = encodeStill(first);
  let sequence = 0;
  const body = frames.flatMap((frame, index) => {
    invariant(frame.width === first.width && frame.height === first.height, 'all frames have one size');
    const data = Buffer.concat(chunksOf(encodeStill(frame)).get('IDAT') ?? []);
    const control = chunk('fcTL', frameControl(frame, sequence++));
    return [control, index === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([uint32(sequence++), data]))];
  });
  const header = Buffer.concat(chunksOf(still).get('IHDR') ?? []);
  return Buffer.concat([
    still.subarray(0, SIGNATURE_BYTES),
    chunk('IHDR', header),
    // Frames, and 0 plays: without end.
    chunk('acTL', Buffer.concat([uint32(frames.length), uint32(0)])),
    ...body,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Without alpha, and without filters, which make flat colours larger. */
function encodeStill({ width, height, pixels }: Raster): Buffer {
  const png = new PNG({ width, height });
  png.data = pixels;
  return PNG.sync.write(png, { colorType: 2, filterType: 0 });
}

function frameControl({ width, height, durationMs }: Frame, sequence: number): Buffer {
  const delay = Buffer.alloc(4);
  delay.writeUInt16BE(durationMs, 0);
  delay.writeUInt16BE(1000, 2);
  const place = [sequence, width, height, 0, 0].map(uint32);
  return Buffer.concat([...place, delay, Buffer.from(REPLACE)]);
}

/** A PNG's chunks by type. */
function chunksOf(png: Buffer): Map<string, Buffer[]> {
  const chunks = new Map<string, Buffer[]>();
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.set(type, [...(chunks.get(type) ?? []), png.subarray(at + 8, at + 8 + length)]);
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), typed, uint32(crc32(typed))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
