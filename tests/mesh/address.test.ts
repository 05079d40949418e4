/** Proves when two workers take the Unix socket, and when TCP. */
import { describe, expect, it } from 'vitest';
import { describeRoad, joinHostPort, placeAmongNeighbours, roadTo, thisMachine } from '../../services/mesh/address.ts';
import { listen } from './meshes.ts';

describe('the road to a peer', () => {
  it('is its Unix socket on the same machine', async () => {
    const { address } = await listen();
    expect(roadTo(address, thisMachine())).toEqual({ kind: 'unix', path: address.unix });
  });

  it.each([
    ['on another machine', (unix: string) => ({ unix, machine: 'another' })],
    ['where its socket file is not seen, as from another container', () => ({ unix: '/no/such', machine: 'this' })],
    ['where it has no Unix socket', () => ({ unix: '', machine: 'this' })],
  ])('is TCP %s', async (_, change) => {
    const { address } = await listen();
    const road = roadTo({ ...address, ...change(address.unix) }, 'this');
    expect(road).toEqual({ kind: 'tcp', host: '127.0.0.1', port: Number(address.tcp.split(':')[1]) });
  });

  it('reads and writes IPv6 hosts in brackets', () => {
    expect(joinHostPort('::1', 80)).toBe('[::1]:80');
    expect(roadTo({ tcp: '[::1]:80', unix: '', machine: '' }, '')).toEqual({ kind: 'tcp', host: '::1', port: 80 });
    expect(describeRoad({ kind: 'tcp', host: '::1', port: 80 })).toBe('TCP [::1]:80');
  });
});

describe('the place among neighbours', () => {
  it('counts those on this kernel whose files are here, this worker in any case', async () => {
    const [one, two] = [await listen(), await listen()];
    const elsewhere = { ...one.address, machine: 'another' };
    const container = { ...one.address, unix: '/nowhere/socket' };
    const peers = [elsewhere, one.address, container, two.address];
    expect(placeAmongNeighbours(peers, 1)).toEqual({ index: 0, count: 2 });
    expect(placeAmongNeighbours(peers, 3)).toEqual({ index: 1, count: 2 });
    expect(placeAmongNeighbours(peers, 0)).toEqual({ index: 0, count: 1 });
    // In its container it sees its own socket, and the others' as well where they are in the same one.
    expect(placeAmongNeighbours([container], 0)).toEqual({ index: 0, count: 1 });
  });
});
