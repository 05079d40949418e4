/** Connections that write what they should not, many at a time, and others that write next to nothing for very long. */
import { connect as dial, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as dialTls, type TLSSocket } from 'node:tls';
import { encodeMessage } from '../../services/mesh/handshakeMessage.ts';
import { contextOf } from '../../services/security/serverContext.ts';
import type { TlsFolder } from '../../services/security/tlsFolder.ts';
import type { Dice } from './dice.ts';
import { conversation, PREFACE } from './http2.ts';

/** A door, and how one gets through it. */
export interface Target {
  readonly name: string;
  readonly port: number;
  /** With what certificate, if any, a TLS handshake is made; left out: none is. */
  readonly tls?: TlsFolder | 'no certificate';
  readonly speaks: 'http2' | 'http1' | 'mesh' | 'nothing';
}

const FRAMES_A_CONNECTION = 100;
/** What a door may take to read what was written, or to end. */
const CONNECTION_MS_MAX = 1_000;
/** For what was written to arrive. */
const AFTERWARDS_MS = 10;
const AT_A_TIME = 16;

/** Until so many frames, to all targets in turn, have left. Gives how many connections the other side ended. */
export async function attack(targets: readonly Target[], frameCount: number, dice: Dice): Promise<number> {
  let sent = 0;
  let turn = 0;
  let ended = 0;
  const attacker = async () => {
    while (sent < frameCount) {
      const target = targets[turn++ % targets.length] as Target;
      const told = await converse(target, framesFor(target, dice));
      sent += told.frames;
      if (told.ended) ended += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, attacker));
  return ended;
}

function open({ port, tls, speaks }: Target): Socket | TLSSocket {
  const at = { host: '127.0.0.1', port };
  const socket = tls
    ? dialTls({
        ...at,
        ...(tls === 'no certificate' ? {} : contextOf(tls.current)),
        rejectUnauthorized: false,
        ...(speaks === 'http2' && { ALPNProtocols: ['h2'] }),
      })
    : dial(at);
  return socket.on('error', () => undefined).resume();
}

/** How many frames left before the connection ended, and whether the other side ended it. */
async function converse(target: Target, frames: readonly Buffer[]): Promise<{ frames: number; ended: boolean }> {
  const socket = open(target);
  let sent = 0;
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
  const left = frames.map(
    (frame) =>
      new Promise<void>((resolve) => {
        socket.write(frame, (error) => {
          if (!error) sent += 1;
          resolve();
        });
      }),
  );
  const all = Promise.all(left).then(() => sleep(AFTERWARDS_MS, false));
  const ended = await Promise.race([closed, all, sleep(CONNECTION_MS_MAX, false)]);
  const frameCount = sent;
  socket.destroy();
  return { frames: frameCount, ended };
}

function framesFor({ speaks }: Target, dice: Dice): Buffer[] {
  switch (speaks) {
    case 'http2':
      return conversation(dice, FRAMES_A_CONNECTION);
    case 'http1':
      return Array.from({ length: FRAMES_A_CONNECTION }, () => dice.mutated(dice.of(REQUESTS)));
    case 'mesh':
      return Array.from({ length: FRAMES_A_CONNECTION }, () =>
        dice.of([(b: Buffer) => b, (b: Buffer) => dice.mutated(b)])(dice.of(HELLOS)),
      );
    case 'nothing':
      return Array.from({ length: FRAMES_A_CONNECTION }, () => dice.bytes(1 + dice.below(200)));
  }
}

const REQUESTS = [
  'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
  'POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\nx',
  'GET /healthz HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n',
  `GET /${'../'.repeat(400)}etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n`,
  `GET / HTTP/1.1\r\n${'x-more: y\r\n'.repeat(600)}\r\n`,
].map((text) => Buffer.from(text));

const ZEROS = '0'.repeat(64);
const HEAD = { type: 'hello', version: 1, runId: 'no-1', generation: 1, nonce: ZEROS, waitMs: 50 } as const;
const HELLOS = [
  encodeMessage({ ...HEAD, purpose: 'gradient', workerId: 'nobody', rank: 0, to: 'one' }),
  encodeMessage({ ...HEAD, purpose: 'state', phase: 1, offset: 0 }),
  encodeMessage({ type: 'proof', proof: ZEROS }),
  encodeMessage({ type: 'welcome' }),
].map((bytes) => Buffer.from(bytes));

/** Opens slow connections to each target; resolves with those that the other side has not ended after so long. */
export async function crawl(targets: readonly Target[], forMs: number): Promise<string[]> {
  const slow = targets.map((target) => {
    const socket = open(target);
    const words =
      target.speaks === 'http1'
        ? Buffer.from(`GET / HTTP/1.1\r\nx: ${'y'.repeat(1_000)}`)
        : Buffer.concat([PREFACE, Buffer.alloc(1_000)]);
    let at = 0;
    const timer = setInterval(() => socket.write(words.subarray(at, ++at)), 300);
    socket.once('close', () => clearInterval(timer));
    return { target, socket };
  });
  const end = Date.now() + forMs;
  while (Date.now() < end && slow.some(({ socket }) => !socket.destroyed)) await sleep(100);
  const left = slow.filter(({ socket }) => !socket.destroyed);
  for (const { socket } of left) socket.destroy();
  return left.map(({ target }) => target.name);
}
