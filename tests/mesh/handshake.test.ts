/**
 * Proves who gets into a mesh and who does not: wrong keys, other generations, strangers and noise are refused by name
 * and disturb nobody; who comes too early waits, but not for ever; and `Mesh.open` names the peer, the road and why.
 */
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { PeerAddress } from '../../services/mesh/address.ts';
import { dial } from '../../services/mesh/dial.ts';
import { encodeMessage, type Hello, nonce, readMessage } from '../../services/mesh/handshakeMessage.ts';
import { PlainInlet } from '../../services/mesh/inlet.ts';
import { HANDSHAKE_BYTES_MAX, HANDSHAKES_MAX } from '../../services/mesh/limits.ts';
import type { PeerListener } from '../../services/mesh/listener.ts';
import type { MeshOptions } from '../../services/mesh/mesh.ts';
import { Arrivals, KEY, listen, meshesOf, open, RUN, through } from './meshes.ts';

const ONE = { workerId: 'one', rank: 0 };
const TWO = { workerId: 'two', rank: 1 };

/** Worker one and worker two, each opening its mesh as changed. */
async function openPair(one: Partial<MeshOptions>, two: Partial<MeshOptions>, refused: (why: GanglionError) => void) {
  const listeners = [await listen({ refused }), await listen({ refused })] as const;
  return Promise.allSettled([
    open({ listener: listeners[0], self: ONE, peers: [{ ...TWO, address: listeners[1].address }], ...one }),
    open({ listener: listeners[1], self: TWO, peers: [{ ...ONE, address: listeners[0].address }], ...two }),
  ]);
}

const hello: Hello = {
  type: 'hello',
  version: 1,
  purpose: 'gradient',
  runId: RUN,
  generation: 1,
  ...TWO,
  to: 'one',
  nonce: nonce(),
  waitMs: 1000,
};

function dialAs(change: Partial<Hello>, listener: PeerListener, key = KEY): Promise<unknown> {
  const [host = '', port] = listener.address.tcp.split(':');
  const said = { ...hello, ...change } as Hello;
  return dial({ kind: 'tcp', host, port: Number(port) }, said, key, new AbortController().signal);
}

/** A listener whose worker is in a mesh with two others, one of whom is in; with what it refused. */
async function busyListener(connectMs = 3000) {
  const refusals: string[] = [];
  const listener = await listen({ refused: (why) => void refusals.push(why.message) });
  const other = await listen();
  const third = await listen();
  const mesh = open({
    listener,
    self: ONE,
    peers: [
      { ...TWO, address: other.address },
      { workerId: 'three', rank: 2, address: third.address },
    ],
    connectMs,
  });
  const outcome = mesh.then(
    () => 'open',
    (error: GanglionError) => error.message,
  );
  return { listener, refusals, outcome, third, other };
}

describe('Mesh.open', () => {
  it('connects a worker without peers at once', async () => {
    await open({ listener: await listen(), self: ONE, peers: [] });
  });

  it('fails on both sides where the keys differ, and no key is sent', async () => {
    const outcomes = await openPair({}, { key: 'another key', connectMs: 400 }, () => undefined);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'unreachable', message: expect.stringContaining('worker two') } },
      { status: 'rejected', reason: { code: 'unreachable', message: expect.stringContaining('worker one') } },
    ]);
    const messages = outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : ''));
    expect(messages.join()).toContain('it does not know the key of generation 1');
  });

  it('names the peer, the road and why, where nobody listens', async () => {
    const listener = await listen();
    const address = { tcp: '127.0.0.1:1', unix: '', machine: '' };
    const opening = open({ listener, self: ONE, peers: [{ ...TWO, address }] });
    await expect(opening).rejects.toMatchObject({
      code: 'unreachable',
      message: 'The connection to worker two over TCP 127.0.0.1:1 failed: connect ECONNREFUSED 127.0.0.1:1.',
      remedy: expect.stringContaining('collective.road: star'),
    });
  });

  it('names the peer that says nothing, after connectMs and not later', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const address = { tcp: `127.0.0.1:${(silent.address() as { port: number }).port}`, unix: '', machine: '' };
    const began = performance.now();
    const opening = open({ listener: await listen(), self: ONE, peers: [{ ...TWO, address }], connectMs: 200 });
    await expect(opening).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/worker two over TCP .* failed: it did not answer and dial back within 200 ms\.$/),
    });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('names the peer that never dials back', async () => {
    const { listener, outcome, other, third } = await busyListener(300);
    const peers = [{ ...ONE, address: listener.address }];
    // Both let worker one in; only worker three dials it.
    const three = open({ listener: third, self: { workerId: 'three', rank: 2 }, peers });
    other.admit(
      { runId: RUN, generation: 1, key: KEY },
      { workerId: 'two', rankOf: new Map([['one', 0]]), present: new Set(), accept: () => undefined },
    );
    expect(await outcome).toMatch(
      /^The connection to worker two over .* it did not answer and dial back within 300 ms/,
    );
    await three.catch(() => undefined);
  });

  it('ends with the reason of its signal, at once', async () => {
    const stop = new AbortController();
    const address = { tcp: '127.0.0.1:1', unix: '', machine: '' };
    const why = new GanglionError({ code: 'aborted', message: 'Halted.', remedy: 'Wait.' });
    const { signal } = stop;
    const silent = await listen();
    const opening = open({ listener: await listen(), self: ONE, peers: [{ ...TWO, address: silent.address }], signal });
    setTimeout(() => stop.abort(why), 20);
    await expect(opening).rejects.toBe(why);
    const late = open({ listener: await listen(), self: ONE, peers: [{ ...TWO, address }], signal });
    await expect(late).rejects.toBe(why);
  });
});

describe('who comes too early', () => {
  it('waits until this worker opens its mesh of that generation', async () => {
    const refusals: string[] = [];
    const refused = (why: GanglionError) => void refusals.push(why.message);
    const listeners = [await listen({ refused }), await listen({ refused })] as const;
    const peersOf = (peer: typeof ONE, listener: PeerListener) => [{ ...peer, address: listener.address }];
    const early = open({ listener: listeners[0], self: ONE, peers: peersOf(TWO, listeners[1]), generation: 2 });
    await sleep(60);
    // An older generation of the same run is formed meanwhile, and given up.
    const stop = new AbortController();
    const old = open({ listener: listeners[1], self: TWO, peers: peersOf(ONE, listeners[0]), signal: stop.signal });
    await expect(old).rejects.toMatchObject({ message: expect.stringContaining('generation 1 is over') });
    const late = open({ listener: listeners[1], self: TWO, peers: peersOf(ONE, listeners[0]), generation: 2 });
    await Promise.all([early, late]);
    expect(refusals).toEqual([
      'A connection from worker two was refused: generation 1 is over; generation 2 is current.',
    ]);
  });

  it('waits as long as it said it would, and no longer', async () => {
    const listener = await listen();
    const began = performance.now();
    await expect(dialAs({ waitMs: 100 }, listener)).rejects.toThrow('hung up');
    expect(performance.now() - began).toBeGreaterThan(90);
  });
});

describe('at the door of a worker', () => {
  const strangers: [string, Partial<Hello>, string][] = [
    ['a stranger', { workerId: 'x' } as Partial<Hello>, 'worker x is no member of generation 1 with rank 1'],
    ['another’s rank', { rank: 2 } as Partial<Hello>, 'worker two is no member of generation 1 with rank 2'],
    ['who wants somebody else', { to: 'three' } as Partial<Hello>, 'this is worker one, not three'],
    ['an older generation', { generation: 0 }, 'generation 0 is over; generation 1 is current'],
    ['another version', { version: 2 }, 'it speaks version 2; this worker speaks 1'],
  ];

  it.each(strangers)('%s is refused by name, on both sides', async (_, change, why) => {
    const { listener, refusals } = await busyListener();
    await expect(dialAs(change, listener)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(why),
    });
    expect(refusals).toEqual([expect.stringContaining(why)]);
  });

  it('a member that is in already cannot come again, and stays in', async () => {
    const { listener, refusals } = await busyListener();
    await dialAs({}, listener);
    await expect(dialAs({}, listener)).rejects.toThrow('worker two is connected already');
    expect(refusals).toHaveLength(1);
  });

  it('a dialler that does not know the key is refused, though it does not ask the listener for a proof', async () => {
    const { listener, refusals } = await busyListener();
    const inlet = new PlainInlet({ kind: 'unix', path: listener.address.unix });
    inlet.socket.write(encodeMessage(hello));
    expect(await readMessage(inlet)).toMatchObject({ type: 'challenge' });
    inlet.socket.write(encodeMessage({ type: 'proof', proof: '0'.repeat(64) }));
    expect(await readMessage(inlet)).toMatchObject({
      type: 'refused',
      message: expect.stringContaining('worker two was refused: it does not know the key of generation 1'),
    });
    expect(refusals).toHaveLength(1);
    inlet.socket.destroy();
  });

  const noise: [string, Uint8Array][] = [
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['nonsense in our frame', Buffer.from('GNGH\u0007\u0000{"a":1}')],
    ['no JSON', Buffer.from('GNGH\u0003\u0000{{{')],
    ['too long a message', Buffer.from([0x47, 0x4e, 0x47, 0x48, 0xff, 0xff])],
    ['the wrong message first', encodeMessage({ type: 'welcome' })],
    ['zeros', new Uint8Array(HANDSHAKE_BYTES_MAX)],
  ];

  it.each(noise)('%s is refused, and a mesh that stands is not disturbed', async (_, bytes) => {
    const [one, two] = await meshesOf(2, 'unix');
    const refusals: string[] = [];
    const door = await listen({ refused: (why) => void refusals.push(why.message) });
    const socket = noisy(door.address, bytes);
    await once(socket, 'close');
    expect(refusals).toEqual([expect.stringMatching(/not a worker’s handshake|it began with/)]);
    const arrivals = new Arrivals();
    two?.onFrame(arrivals);
    await one?.send(1, { kind: 'sum', phase: 0, firstShard: 0, shardCount: 1, offset: 0, length: 1, payload: bytes });
    await arrivals.count(1);
  });

  it('a connection that hangs up in the middle is nobody’s trouble', async () => {
    const { listener, refusals } = await busyListener();
    for (const bytes of [new Uint8Array(), encodeMessage(hello).subarray(0, 20), encodeMessage(hello)]) {
      const socket = noisy(listener.address, bytes);
      await sleep(10);
      socket.destroy();
    }
    await sleep(20);
    expect(refusals).toEqual([]);
    await dialAs({}, listener);
  });

  it('is room for a bounded number of handshakes', async () => {
    const refusals: string[] = [];
    const listener = await listen({ refused: (why) => void refusals.push(why.message) });
    const sockets: Socket[] = [];
    // One after the other: a kernel's queue of connections that are not accepted yet is shorter.
    while (sockets.length < HANDSHAKES_MAX) {
      const socket = noisy(listener.address, new Uint8Array());
      sockets.push(socket);
      await once(socket, 'connect');
    }
    const knock = () => dialAs({ waitMs: 20 }, listener);
    // Once all of them are accepted …
    await vi.waitFor(() => expect(knock()).rejects.toThrow(`${HANDSHAKES_MAX} others are at the door`));
    sockets[0]?.destroy();
    // … and one has left: who comes now waits as long as it said.
    await vi.waitFor(() => expect(knock()).rejects.toThrow('hung up'));
    for (const socket of sockets) socket.destroy();
  });
});

function noisy({ unix }: PeerAddress, bytes: Uint8Array): Socket {
  const socket = connect({ path: unix });
  socket.on('error', () => undefined).resume();
  socket.write(bytes);
  return socket;
}

describe('a listener', () => {
  it('says where it is, and takes its socket’s folder with it', async () => {
    const listener = await listen({ advertisedHost: 'worker-1.local' });
    const { tcp, unix, machine } = listener.address;
    expect(tcp).toMatch(/^worker-1\.local:\d+$/);
    expect(machine).not.toBe('');
    expect(statSync(dirname(unix)).mode & 0o777).toBe(0o700);
    await listener.close();
    expect(existsSync(dirname(unix))).toBe(false);
  });

  it('does without a Unix socket where its path would be too long', async () => {
    const unixFolder = mkdtempSync(join(tmpdir(), 'long-'.repeat(20)));
    onTestFinished(() => rmSync(unixFolder, { recursive: true }));
    const { address } = await listen({ unixFolder });
    expect(address.unix).toBe('');
    expect(through('tcp', address)).toEqual(address);
  });

  it('says why it cannot listen', async () => {
    await expect(listen({ host: '203.0.113.1' })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('203.0.113.1'),
    });
    await expect(listen({ unixFolder: '/no/such' })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('/no/such'),
    });
  });
});
