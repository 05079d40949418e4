/** Proves when two workers take the Unix socket, and when TCP. */
import { describe, expect, it } from 'vitest';
import { describeRoad, joinHostPort, roadTo, thisMachine } from '../../services/mesh/address.ts';
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
