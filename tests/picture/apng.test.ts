/** Proves, by taking a film apart, that every frame is a whole picture with its pixels, in order, for its time. */
import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import { encodeApng, type Frame } from '../../services/picture/apng.ts';

function frame(red: number, durationMs: number): Frame {
  const pixels = Buffer.from(Array.from({ length: 6 }, (_, i) => [red, i * 40, 7, 255]).flat());
  return { width: 3, height: 2, pixels, durationMs };
}

function chunksOf(file: Buffer) {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const data = file.subarray(at + 8, at + 8 + length);
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(file.subarray(at + 4, at + 8 + length)));
    chunks.push({ type: file.toString('latin1', at + 4, at + 8), data });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
  bytes.writeUInt32BE(data.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

const frames = [frame(10, 100), frame(20, 250), frame(30, 3000)];

it('has the frames in the order of the specification, numbered without gaps', () => {
  const chunks = chunksOf(encodeApng(frames));
  const order = ['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'fcTL', 'fdAT', 'IEND'];
  expect(chunks.map(({ type }) => type)).toEqual(order);
  expect([...(chunks[1]?.data ?? [])]).toEqual([0, 0, 0, 3, 0, 0, 0, 0]);
  const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
  expect(numbered.map(({ data }) => data.readUInt32BE(0))).toEqual([0, 1, 2, 3, 4]);
  const controls = chunks.filter(({ type }) => type === 'fcTL').map(({ data }) => data);
  expect(controls.map((data) => data.readUInt16BE(20) / data.readUInt16BE(22))).toEqual([0.1, 0.25, 3]);
  expect(controls.map((data) => [data.readUInt32BE(4), data.readUInt32BE(8)])).toEqual([
    [3, 2],
    [3, 2],
    [3, 2],
  ]);
});

it('shows its first frame where nothing is animated, and has the pixels of the others', () => {
  const file = encodeApng(frames);
  expect(PNG.sync.read(file).data).toEqual(frames[0]?.pixels);
  const chunks = chunksOf(file);
  const header = chunk('IHDR', chunks[0]?.data ?? Buffer.alloc(0));
  const others = chunks.filter(({ type }) => type === 'fdAT').map(({ data }) => chunk('IDAT', data.subarray(4)));
  for (const [index, data] of others.entries()) {
    const still = Buffer.concat([file.subarray(0, 8), header, data, chunk('IEND', Buffer.alloc(0))]);
    expect(PNG.sync.read(still).data).toEqual(frames[index + 1]?.pixels);
  }
});

it('refuses frames of two sizes', () => {
  expect(() => encodeApng([frame(1, 1), { ...frame(1, 1), width: 2, height: 3 }])).toThrow('invariant');
});
