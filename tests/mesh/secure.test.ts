/**
 * Proves, on real sockets, that with certificates a worker's TCP port is for workers of the same CA alone, in both
 * directions; and that a connection made after a renewal is made with the new files, while one that stood stands.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { must } from '../../services/errors/invariant.ts';
import type { MeshPeer } from '../../services/mesh/mesh.ts';
import type { TlsFolder } from '../../services/security/tlsFolder.ts';
import { Arrivals, listen, open, through, tlsOf } from './meshes.ts';

/** The same one for all: to make it again would be a renewal. */
let worker: Promise<TlsFolder> | undefined;
function good(): Promise<TlsFolder> {
  worker ??= tlsOf((make) => make.of('worker', 'worker'));
  return worker;
}

/** What each of the two says of the other. */
async function outcome(one: TlsFolder | undefined, two: TlsFolder | undefined): Promise<string[]> {
  const listeners = await Promise.all([one, two].map((tls) => listen({ tls })));
  const peers: MeshPeer[] = listeners.map(({ address }, rank) => ({
    workerId: rank === 0 ? 'one' : 'two',
    rank,
    address: through('tls', address),
  }));
  const opened = await Promise.allSettled(
    listeners.map((listener, rank) => {
      const self = { workerId: must(peers[rank], 'self').workerId, rank };
      return open({ listener, self, peers: peers.filter((peer) => peer.rank !== rank), connectMs: 1_500 });
    }),
  );
  return opened.map((result) => (result.status === 'rejected' ? (result.reason as Error).message : 'connected'));
}

describe('a worker', () => {
  it('and another of the same CA are connected', async () => {
    expect(await outcome(await good(), await good())).toEqual(['connected', 'connected']);
  });

  it.each([
    ['of another CA', () => tlsOf((make) => make.foreign('foreign', 'worker'))],
    ['whose certificate has expired', () => tlsOf((make) => make.expired('late', 'worker'))],
    ['that is a client', () => tlsOf((make) => make.of('client', 'client'))],
    ['that is a coordinator', () => tlsOf((make) => make.of('coordinator', undefined))],
    ['without TLS', async () => undefined],
  ])('is not connected with one %s', async (_, other) => {
    for (const said of await outcome(await good(), await other())) {
      expect(said).toMatch(/^The connection to worker (one|two) over TCP .+ failed: /);
    }
  });
});

it('a stranger in the clear is cut off, and hears nothing', async () => {
  const listener = await listen({ tls: await good() });
  const socket = connect(Number(listener.address.tcp.split(':')[1]), '127.0.0.1');
  let heard = 0;
  socket.on('data', ({ length }) => {
    heard += length;
  });
  socket.on('error', () => undefined);
  socket.write('GNGH{"type":"hello"}');
  await once(socket, 'close');
  // A TLS alert of seven bytes at most.
  expect(heard).toBeLessThanOrEqual(7);
});

it('renewed certificates are used by the next connection; one that stands stands', async () => {
  const folder = await tlsOf((make) => make.of('renewed', 'worker'));
  const listeners = [await listen({ tls: folder }), await listen({ tls: folder })];
  const peers: MeshPeer[] = listeners.map(({ address }, rank) => ({
    workerId: `w${rank}`,
    rank,
    address: through('tls', address),
  }));
  const meshes = await Promise.all(
    listeners.map((listener, rank) =>
      open({ listener, self: { workerId: `w${rank}`, rank }, peers: peers.filter((peer) => peer.rank !== rank) }),
    ),
  );
  const arrivals = new Arrivals();
  must(meshes[1], 'mesh').onFrame(arrivals);
  const before = folder.current.own?.certificate.toString();
  const renewed = new Promise((resolve) => folder.onChange(resolve));
  await tlsOf((make) => make.of('renewed', 'worker'));
  await renewed;
  expect(folder.current.own?.certificate.toString()).not.toBe(before);
  const payload = new Uint8Array(8);
  await must(meshes[0], 'mesh').send(1, {
    kind: 'partial',
    phase: 3,
    firstShard: 0,
    shardCount: 1,
    offset: 0,
    length: 2,
    payload,
  });
  expect(await arrivals.count(1)).toMatchObject([{ head: { phase: 3 } }]);
  expect(await outcome(folder, await good())).toEqual(['connected', 'connected']);
});
