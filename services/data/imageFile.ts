/** One PNG or JPEG file as bytes of red, green and blue, or of grey. */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import type { GanglionError } from '../errors/ganglionError.ts';
import { brokenFile, unreadable } from './brokenFile.ts';
import type { Picture } from './resize.ts';

/** Larger ones are no training images, and a small file may unpack to a huge one. */
const PIXELS_MAX = 100e6;
const MEMORY_MB_MAX = 1024;

const PNG_SIGNATURE = '89504e470d0a1a0a';
const JPEG_START = 'ffd8ff';

/** Throws `dataset` with the file, the byte and the reason. What is transparent is laid over black. */
export function readImage(path: string, channels: 1 | 3): Picture {
  const bytes = readBytes(path);
  const start = bytes.subarray(0, 8).toString('hex');
  if (start === PNG_SIGNATURE) {
    checkPng(path, bytes);
    return opaque(
      decoded(path, 'PNG', () => PNG.sync.read(bytes)),
      channels,
    );
  }
  if (start.startsWith(JPEG_START)) {
    checkJpeg(path, bytes);
    const options = {
      useTArray: true,
      tolerantDecoding: false,
      maxResolutionInMP: PIXELS_MAX / 1e6,
      maxMemoryUsageInMB: MEMORY_MB_MAX,
    } as const;
    return opaque(
      decoded(path, 'JPEG', () => decodeJpeg(bytes, options)),
      channels,
    );
  }
  throw broken(path, 'PNG or JPEG', 0, `its first bytes are ${start || 'missing'}`);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Walks the chunks (PNG specification, section 5.3): length, name, data, CRC-32 of name and data. */
function checkPng(path: string, bytes: Buffer): void {
  let offset = 8;
  let name = '';
  while (name !== 'IEND') {
    if (offset + 12 > bytes.length)
      throw broken(path, 'PNG', bytes.length, 'the file is truncated: there is no IEND chunk');
    const length = bytes.readUInt32BE(offset);
    const end = offset + 12 + length;
    name = bytes.toString('latin1', offset + 4, offset + 8);
    if (end > bytes.length)
      throw broken(path, 'PNG', bytes.length, `the file is truncated inside chunk ${JSON.stringify(name)}`);
    if (offset === 8) checkPngSize(path, bytes, name, length);
    if (crc32(bytes.subarray(offset + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) {
      throw broken(path, 'PNG', offset, `the checksum of chunk ${JSON.stringify(name)} is wrong`);
    }
    offset = end;
  }
}

function checkPngSize(path: string, bytes: Buffer, name: string, length: number): void {
  if (name !== 'IHDR' || length !== 13) throw broken(path, 'PNG', 8, 'the first chunk is no IHDR');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width === 0 || height === 0) throw broken(path, 'PNG', 16, `the image is ${width} × ${height}`);
  if (width * height > PIXELS_MAX)
    throw broken(path, 'PNG', 16, `${width} × ${height} pixels are more than ${PIXELS_MAX}`);
}

/** Walks the segments up to the scan (ITU T.81, annex B): their lengths must stay inside the file, which ends in EOI. */
function checkJpeg(path: string, bytes: Buffer): void {
  let offset = 2;
  for (;;) {
    if (offset + 4 > bytes.length) throw broken(path, 'JPEG', bytes.length, 'the file is truncated before its scan');
    if (bytes[offset] !== 0xff)
      throw broken(
        path,
        'JPEG',
        offset,
        `a marker is expected, the byte is 0x${bytes.toString('hex', offset, offset + 1)}`,
      );
    const marker = bytes[offset + 1] as number;
    // Fill bytes.
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    if (marker === SCAN) break;
    offset += 2 + bytes.readUInt16BE(offset + 2);
  }
  // Some cameras write a few bytes behind the end. Before the scan a thumbnail has an end of its own.
  if (bytes.lastIndexOf(JPEG_END) < offset)
    throw broken(path, 'JPEG', bytes.length, 'the file is truncated: there is no end marker');
}

const SCAN = 0xda;
const JPEG_END = Buffer.of(0xff, 0xd9);

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function decoded(path: string, kind: string, decode: () => Rgba): Rgba {
  try {
    return decode();
  } catch (error) {
    throw broken(path, kind, 0, `the decoder says: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A value over black, where alpha is 0 … 255. */
function over(value: number, alpha: number): number {
  return Math.floor((value * alpha + 127) / 255);
}

/** Grey by Rec. 601: .299 red, .587 green, .114 blue. */
function opaque({ width, height, data }: Rgba, channels: 1 | 3): Picture {
  const values = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[4 * pixel + 3] as number;
    const red = over(data[4 * pixel] as number, alpha);
    const green = over(data[4 * pixel + 1] as number, alpha);
    const blue = over(data[4 * pixel + 2] as number, alpha);
    if (channels === 1) {
      values[pixel] = Math.floor((299 * red + 587 * green + 114 * blue + 500) / 1000);
    } else {
      values[3 * pixel] = red;
      values[3 * pixel + 1] = green;
      values[3 * pixel + 2] = blue;
    }
  }
  return { width, height, channels, values };
}

function broken(path: string, kind: string, offset: number, what: string): GanglionError {
  return brokenFile(path, kind, offset, what, 'Get the image again, or take it out of the folder.');
}
