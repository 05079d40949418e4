/**
 * Proves, on real sockets, that the workers of a generation exchange frames in order over Unix sockets, TCP and TLS; that a
 * slow reader holds its sender and no memory; that the end of a peer is told at once; and that a damaged frame ends the
 * connection under its name.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DirectCollective } from '../../services/collective/directCollective.ts';
import { WireCodec } from '../../services/collective/wireFormat.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { must } from '../../services/errors/invariant.ts';
import type { Frame } from '../../services/mesh/frame.ts';
import type { Mesh } from '../../services/mesh/mesh.ts';
import { Arrivals, type Doors, listen, meshesOf, open } from './meshes.ts';
import { damagingProxy, proxyProcess } from './proxy.ts';

function frame(phase: number, payload: Uint8Array): Frame {
  return { kind: 'partial', phase, firstShard: 0, shardCount: 1, offset: 0, length: payload.byteLength / 4, payload };
}

function endOf(mesh: Mesh): Promise<{ rank: number; why: GanglionError; at: number }> {
  return new Promise((resolve) => mesh.onEnd((rank, why) => resolve({ rank, why, at: performance.now() })));
}

async function pair(doors: Doors): Promise<[Mesh, Mesh]> {
  const [one, two] = await meshesOf(2, doors);
  return [must(one, 'one'), must(two, 'two')];
}

describe.each<[Doors]>([['unix'], ['tcp'], ['tls']])('over %s', (doors) => {
  it('frames of any size come from each to each, in order, to where the listener wants them', async () => {
    const meshes = await meshesOf(3, doors);
    const arrivals = meshes.map((mesh) => {
      const taken = new Arrivals();
      mesh.onFrame(taken);
      return taken;
    });
    const sizes = [4, 1024 * 1024, 8, 300_000];
    const payload = (from: number, to: number, index: number) => {
      const bytes = new Uint8Array(new SharedArrayBuffer(sizes[index] ?? 0));
      return bytes.fill(1 + from + 4 * to + 16 * index);
    };
    for (const [index] of sizes.entries()) {
      for (const [from, mesh] of meshes.entries()) {
        for (const [to] of meshes.entries()) {
          if (to !== from) mesh.send(to, frame(index, payload(from, to, index))).catch(() => undefined);
        }
      }
    }
    for (const [to, taken] of arrivals.entries()) {
      const all = await taken.count(8);
      for (const [from] of meshes.entries()) {
        const mine = all.filter(({ rank }) => rank === from);
        expect(mine.map(({ head }) => head.phase)).toEqual(from === to ? [] : [0, 1, 2, 3]);
        for (const { head, payload: bytes } of mine) {
          expect(Buffer.compare(bytes, new Uint8Array(payload(from, to, head.phase)))).toBe(0);
        }
      }
    }
  });

  it('a frame waits in the socket until somebody listens, and for as long as its place is not known', async () => {
    const [one, two] = await pair(doors);
    await one.send(1, frame(0, Uint8Array.of(1, 2, 3, 4)));
    await one.send(1, frame(1, Uint8Array.of(5, 6, 7, 8)));
    const taken = new Arrivals();
    const room = new Uint8Array(4);
    let settle: (place: Uint8Array) => void = () => undefined;
    const later = new Promise<Uint8Array>((resolve) => {
      settle = resolve;
    });
    two.onFrame({
      place: (rank, head) => (head.phase === 0 ? later : taken.place(rank, head)),
      arrived: (rank, head, payload) => taken.arrived(rank, head, payload),
    });
    await sleep(30);
    expect(taken.all).toEqual([]);
    settle(room);
    await taken.count(2);
    expect(taken.all[0]?.payload).toBe(room);
    expect(taken.all.map(({ payload }) => [...payload])).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  it('a peer that reads nothing holds its sender, and what it was sent is never copied', async () => {
    const [one, two] = await pair(doors);
    const payload = new Uint8Array(1024 * 1024).fill(7);
    const before = process.memoryUsage().arrayBuffers;
    let taken = 0;
    const sends = Array.from({ length: 64 }, (_, phase) => one.send(1, frame(phase, payload)).then(() => (taken += 1)));
    await sleep(100);
    // The kernel's own buffers: 0.2 MiB of a Unix socket, 4 + 32 MiB at most of TCP.
    expect(taken).toBeLessThan(doors === 'unix' ? 2 : 40);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * payload.byteLength);
    const arrivals = new Arrivals();
    two.onFrame({ ...arrivals, place: () => payload, arrived: (...all) => arrivals.arrived(...all) });
    await arrivals.count(64);
    await Promise.all(sends);
  });

  it('the end of a peer is told at once, and every send to it rejects', async () => {
    const [one, two] = await pair(doors);
    const silent = endOf(two);
    const blocked = Array.from({ length: 8 }, () => one.send(1, frame(0, new Uint8Array(1024 * 1024))));
    const ended = endOf(one);
    const outcomes = Promise.allSettled(blocked);
    two.close();
    expect(await ended).toMatchObject({
      rank: 1,
      why: { code: 'aborted', message: expect.stringMatching(/^The connection to worker two ended/) },
    });
    expect((await outcomes).at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'aborted' } });
    await expect(one.send(1, frame(0, new Uint8Array(4)))).rejects.toMatchObject({ code: 'aborted' });
    // Who closes needs no telling.
    expect(await Promise.race([silent, sleep(20).then(() => 'silent')])).toBe('silent');
  });

  it('an end that came before anybody listened is told to who listens then', async () => {
    const [one, two] = await pair(doors);
    two.close();
    await sleep(30);
    expect(await endOf(one)).toMatchObject({ rank: 1, why: { code: 'aborted' } });
  });
});

describe('a killed peer', () => {
  it('ends a blocked reduce at once, by its connection and not by a time-out', async () => {
    const listeners = [await listen(), await listen()];
    const addresses = listeners.map(({ address }) => ({ ...address, unix: '' }));
    // The process between them is all of worker two that worker one sees.
    const proxies = await Promise.all(addresses.map(({ tcp }) => proxyProcess(tcp)));
    const members = ['one', 'two'].map((workerId, rank) => ({ workerId, rank, shards: [rank] }));
    const [one] = await Promise.all(
      listeners.map((listener, rank) => {
        const other = 1 - rank;
        const address = { tcp: proxies[other]?.tcp ?? '', unix: '', machine: '' };
        const peers = [{ ...must(members[other], 'member'), address }];
        return open({ listener, self: must(members[rank], 'member'), peers });
      }),
    );
    const collective = new DirectCollective({
      mesh: must(one, 'mesh'),
      self: 0,
      members,
      shardCount: 2,
      codec: new WireCodec('fp32', 0),
    });
    const values = new Float32Array(1_000_000);
    const blocked = collective.reduce(0, [{ subtree: { first: 0, count: 1 }, values }], new Float32Array(1_000_000));
    await sleep(50);
    expect(collective.waitingFor()).toContain('worker two: shards 1+1, values 0 of 500,000');
    const killedAt = performance.now();
    for (const { process } of proxies) process.kill('SIGKILL');
    await expect(blocked).rejects.toMatchObject({
      code: 'aborted',
      message: expect.stringContaining('worker two ended'),
    });
    // A few milliseconds; more where other tests have the cores. No wait of ours is that short.
    expect(performance.now() - killedAt).toBeLessThan(200);
  });
});

describe('what comes damaged', () => {
  async function behindProxy(change: (piece: Buffer) => 'go on' | 'cut'): Promise<[Mesh, Mesh]> {
    const listeners = [await listen(), await listen()] as const;
    const proxy = await damagingProxy(listeners[1].address.tcp, change);
    const at = (tcp: string) => ({ tcp, unix: '', machine: '' });
    return Promise.all([
      open({
        listener: listeners[0],
        self: { workerId: 'one', rank: 0 },
        peers: [{ workerId: 'two', rank: 1, address: at(proxy) }],
      }),
      open({
        listener: listeners[1],
        self: { workerId: 'two', rank: 1 },
        peers: [{ workerId: 'one', rank: 0, address: at(listeners[0].address.tcp) }],
      }),
    ]);
  }

  it.each([
    ['a payload', (frameAt: number) => frameAt + 64 + 99, 'its 400 bytes at 0 (partial) do not fit its seal'],
    ['a header', (frameAt: number) => frameAt + 12, 'its header’s checksum is wrong'],
    ['the beginning of a frame', (frameAt: number) => frameAt, 'it does not begin as a frame does'],
  ])('in %s never arrives: the connection ends as corrupt, under the worker’s name', async (_, where, why) => {
    const [one, two] = await behindProxy((piece) => {
      const frameAt = piece.indexOf('GNGF');
      if (frameAt >= 0) piece[where(frameAt)] = (piece[where(frameAt)] ?? 0) ^ 4;
      return 'go on';
    });
    const arrivals = new Arrivals();
    const ended = [endOf(one), endOf(two)];
    one.onFrame(arrivals);
    two.send(0, frame(0, new Uint8Array(400).fill(1))).catch(() => undefined);
    expect(await ended[0]).toMatchObject({
      rank: 1,
      why: { code: 'corrupt', message: `From worker two: A frame was damaged on its way: ${why}.` },
    });
    expect(await ended[1]).toMatchObject({ rank: 0, why: { code: 'aborted' } });
    expect(arrivals.all).toEqual([]);
  });

  it('is told with what the listener had against it', async () => {
    const [one, two] = await pair('unix');
    one.onFrame({
      place: () => {
        throw new GanglionError({ code: 'refused', message: 'Not that one.', remedy: 'None.' });
      },
      arrived: () => undefined,
    });
    const ended = endOf(one);
    two.send(0, frame(0, new Uint8Array(4))).catch(() => undefined);
    expect(await ended).toMatchObject({ why: { code: 'refused', message: 'From worker two: Not that one.' } });
  });
});
