/** What a client of gRPC writes, frame by frame (RFC 9113, RFC 7541), and what only an attacker does. */
import { gzipSync } from 'node:zlib';
import { ganglionV1 } from '../../services/wire/definition.ts';
import { PERMISSIONS } from '../../services/wire/permissions.ts';
import type { Dice } from './dice.ts';

const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goAway: 7,
  window: 8,
  more: 9,
};
const END_STREAM = 1;
const END_HEADERS = 4;

export const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(TYPE.settings, 0, 0, Buffer.alloc(0)),
]);

/** 64 MB of nothing in 64 KB. */
const BOMB = message(gzipSync(Buffer.alloc(64 * 1024 * 1024)), 1);

const { RunService, FleetService, WorkerService } = ganglionV1;
/** Messages as they should be, of runs and workers that there are not. */
const MESSAGES = [
  RunService.service.CreateRun.requestSerialize({ configYaml: 'name: x\nbatchSize: none', dryRun: true }),
  RunService.service.WatchRun.requestSerialize({ runId: 'no-1', fromSequence: 0 }),
  RunService.service.FetchArtifact.requestSerialize({ runId: 'no-1', name: '../../etc/passwd' }),
  RunService.service.TraceRun.requestSerialize({ runId: 'no-1', phaseCount: 2 ** 53 }),
  FleetService.service.DrainWorker.requestSerialize({ workerId: 'nobody' }),
  WorkerService.service.Control.requestSerialize({ heartbeat: { runId: 'no-1' } }),
  Buffer.alloc(0),
].map((bytes) => message(bytes, 0));

/** What can follow the preface. Each gives at least one frame. */
type Trick = (dice: Dice, stream: number) => Buffer[];

const TRICKS: readonly Trick[] = [
  // A call as it should be.
  (dice, stream) => [headers(dice, stream), data(stream, dice.of(MESSAGES), END_STREAM)],
  // Changed on the way: frames, or what is in them.
  (dice, stream) => [headers(dice, stream), data(stream, dice.mutated(dice.of(MESSAGES)), END_STREAM)],
  (dice, stream) => [dice.mutated(headers(dice, stream))],
  (dice, stream) => [headers(dice, stream), dice.mutated(data(stream, dice.of(MESSAGES), 0))],
  // Rapid reset (CVE-2023-44487).
  (dice, stream) => [resetCall(dice.of(PATHS), stream)],
  // Byte by byte.
  (dice, stream) => [
    headers(dice, stream),
    ...[...dice.of(MESSAGES)].map((byte) => data(stream, Buffer.from([byte]), 0)),
  ],
  (dice, stream) => [headers(dice, stream), ...Array.from({ length: 20 }, () => data(stream, Buffer.alloc(0), 0))],
  // Announced, and never sent: 4 GB, or one byte less than is allowed.
  (dice, stream) => [headers(dice, stream), data(stream, Buffer.from([0, 255, 255, 255, 255]), 0)],
  (dice, stream) => [headers(dice, stream), data(stream, Buffer.from([0, 0, 63, 255, 255]), 0)],
  (dice, stream) => [headers(dice, stream, 'gzip'), ...pieces(stream, BOMB)],
  // Headers without an end (CVE-2024-27983), and long ones.
  (dice, stream) => [
    frame(TYPE.headers, 0, stream, block(dice.of(PATHS), 'identity')),
    ...Array.from({ length: 10 }, () => frame(TYPE.more, 0, stream, field('x-more', 'y'.repeat(100)))),
  ],
  (_dice, stream) => [frame(TYPE.headers, END_HEADERS, stream, field('x-long', 'y'.repeat(16_000)))],
  // Frames of the connection.
  (dice) => [frame(TYPE.ping, dice.below(2), 0, dice.bytes(8))],
  (dice) => [frame(TYPE.settings, 0, 0, dice.bytes(6 * dice.below(8)))],
  (dice, stream) => [frame(TYPE.window, 0, dice.of([0, stream]), dice.bytes(4))],
  (dice, stream) => [frame(TYPE.priority, 0, stream, dice.bytes(5))],
  (dice, stream) => [frame(TYPE.push, END_HEADERS, stream, dice.bytes(12))],
  (dice) => [frame(TYPE.goAway, 0, 0, dice.bytes(8))],
  (dice, stream) => [frame(dice.below(256), dice.below(256), dice.of([0, stream, 2]), dice.bytes(dice.below(64)))],
  (dice) => [dice.bytes(9 + dice.below(64))],
];

const PATHS = [...PERMISSIONS.keys(), '/ganglion.v1.RunService/Nothing', '/', '*'];

/** So many frames of one connection, which may end it long before. */
export function conversation(dice: Dice, frameCount: number): Buffer[] {
  const frames: Buffer[] = [PREFACE];
  for (let stream = 1; frames.length < frameCount; stream += 2) frames.push(...dice.of(TRICKS)(dice, stream));
  return frames.slice(0, frameCount);
}

/** A call that is reset before anybody can answer it. */
export function resetCall(path: string, stream: number): Buffer {
  return Buffer.concat([
    frame(TYPE.headers, END_HEADERS, stream, block(path, 'identity')),
    frame(TYPE.reset, 0, stream, Buffer.from([0, 0, 0, 8])),
  ]);
}

/** What ends the connection, and every call on it: data that belong to no stream. */
export const PROTOCOL_ERROR = data(0, Buffer.alloc(1), 0);

function headers(dice: Dice, stream: number, encoding = 'identity'): Buffer {
  return frame(TYPE.headers, END_HEADERS, stream, block(dice.of(PATHS), encoding));
}

function block(path: string, encoding: string): Buffer {
  const fields = {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': 'x',
    'content-type': 'application/grpc',
    te: 'trailers',
  };
  return Buffer.concat(
    Object.entries({ ...fields, 'grpc-encoding': encoding }).map(([name, value]) => field(name, value)),
  );
}

/** A literal that no table keeps, without Huffman's code. */
function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x10]), text(name), text(value)]);
}

function text(value: string): Buffer {
  return Buffer.concat([integer(value.length), Buffer.from(value)]);
}

/** With a prefix of seven bits. */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function message(bytes: Buffer, compressed: 0 | 1): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function data(stream: number, bytes: Buffer, flags: number): Buffer {
  return frame(TYPE.data, flags, stream, bytes);
}

function pieces(stream: number, bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / 16_384);
  return Array.from({ length: count }, (_, i) =>
    data(stream, bytes.subarray(i * 16_384, (i + 1) * 16_384), i + 1 === count ? END_STREAM : 0),
  );
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
