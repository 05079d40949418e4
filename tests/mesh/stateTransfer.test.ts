/**
 * Proves that a state comes whole from a peer, that a broken or damaged connection costs no byte that was there, and
 * that whatever keeps a state from coming is named, within the time that was given.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { PeerAddress } from '../../services/mesh/address.ts';
import type { PeerListener } from '../../services/mesh/listener.ts';
import type { HeldState } from '../../services/mesh/stateServer.ts';
import { fetchState } from '../../services/mesh/stateTransfer.ts';
import { KEY, listen, RUN } from './meshes.ts';
import { damagingProxy } from './proxy.ts';

const PHASE = 7;
const MIB = 1024 * 1024;
const IN = { runId: RUN, generation: 3, key: KEY };

function held(byteCount: number, seed = 1): HeldState {
  const state = new Uint8Array(byteCount);
  for (let i = 0; i < byteCount; i++) state[i] = i * 31 + (i >> 12) + seed;
  return { state, sha256: createHash('sha256').update(state).digest('hex') };
}

/** A worker that holds `state` after {@link PHASE} phases, and counts how often it was asked. */
async function server(state: () => HeldState | undefined, refusals: string[] = []): Promise<PeerListener> {
  const listener = await listen({ refused: (why) => void refusals.push(why.message) });
  listener.enter(IN);
  listener.serveState(async (runId, phase) => (runId === RUN && phase === PHASE ? state() : undefined));
  return listener;
}

function fetchFrom(from: PeerAddress, change: Partial<Parameters<typeof fetchState>[0]> = {}) {
  const { signal } = new AbortController();
  return fetchState({ ...IN, from, phase: PHASE, connectMs: 2000, signal, ...change });
}

const tcpOnly = (tcp: string): PeerAddress => ({ tcp, unix: '', machine: '' });

describe('a state', () => {
  it.each([0, 1, MIB, 5 * MIB + 3])('of %i bytes comes whole, over either door', async (byteCount) => {
    const expected = held(byteCount);
    const { address } = await server(() => expected);
    for (const from of [address, tcpOnly(address.tcp)]) {
      const { state, sha256 } = await fetchFrom(from);
      expect(sha256).toBe(expected.sha256);
      expect(Buffer.compare(state, expected.state)).toBe(0);
      // Whoever loads it wants to see floats in it.
      expect([state.byteOffset, state.buffer.byteLength]).toEqual([0, byteCount]);
    }
  });

  it('goes to several at a time', async () => {
    const expected = held(3 * MIB);
    const { address } = await server(() => expected);
    const all = await Promise.all([1, 2, 3].map(() => fetchFrom(address)));
    for (const { state } of all) expect(Buffer.compare(state, expected.state)).toBe(0);
  });

  it('waits for the peer to hear of the generation', async () => {
    const listener = await listen();
    const expected = held(10);
    listener.serveState(async () => expected);
    const fetching = fetchFrom(listener.address);
    setTimeout(() => listener.enter(IN), 50);
    expect((await fetching).sha256).toBe(expected.sha256);
  });
});

describe('a connection that breaks', () => {
  /** Cuts each connection after about so many bytes; counts the bytes of all. */
  async function cutting(target: string, cutAfter: number) {
    const sent = { byteCount: 0, connections: 0 };
    let onThisOne = 0;
    const tcp = await damagingProxy(target, (piece) => {
      if (piece.includes('challenge')) {
        sent.connections += 1;
        onThisOne = 0;
      }
      sent.byteCount += piece.length;
      onThisOne += piece.length;
      return onThisOne > cutAfter ? 'cut' : 'go on';
    });
    return { tcp, sent };
  }

  it('is dialled again, and no piece comes twice', async () => {
    const expected = held(12 * MIB);
    const { address } = await server(() => expected);
    const { tcp, sent } = await cutting(address.tcp, 4 * MIB);
    const { state } = await fetchFrom(tcpOnly(tcp));
    expect(Buffer.compare(state, expected.state)).toBe(0);
    expect(sent.connections).toBeGreaterThanOrEqual(3);
    // A cut costs at most the piece that was under way, and what the proxy still passed on.
    expect(sent.byteCount).toBeLessThan((12 + 2 * sent.connections) * MIB);
  });

  it('where a piece was damaged, too: it is fetched again', async () => {
    const expected = held(3 * MIB);
    const { address } = await server(() => expected);
    let damaged = false;
    const tcp = await damagingProxy(address.tcp, (piece) => {
      if (!damaged && piece.length > 10_000) {
        piece[9000] = (piece[9000] ?? 0) ^ 1;
        damaged = true;
      }
      return 'go on';
    });
    const { state } = await fetchFrom(tcpOnly(tcp));
    expect(damaged).toBe(true);
    expect(Buffer.compare(state, expected.state)).toBe(0);
  });

  it('again and again, without a new byte, is given up within connectMs', async () => {
    const { address } = await server(() => held(MIB));
    const { tcp, sent } = await cutting(address.tcp, 1000);
    const began = performance.now();
    await expect(fetchFrom(tcpOnly(tcp), { connectMs: 400 })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        /^The connection to the peer that holds the state over TCP .* failed: it hung up\.$/,
      ),
    });
    expect(sent.connections).toBe(4);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('does not go on with another state', async () => {
    const states = [held(6 * MIB, 1), held(6 * MIB, 2)];
    const { address } = await server(() => states.shift());
    const { tcp } = await cutting(address.tcp, 3 * MIB);
    await expect(fetchFrom(tcpOnly(tcp))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('it is another one than before the connection broke'),
    });
  });
});

describe('a state that does not come', () => {
  it('is named where the peer does not hold it', async () => {
    const refusals: string[] = [];
    const { address } = await server(() => undefined, refusals);
    const why = `This worker does not hold the state of run ${RUN} after ${PHASE} phases.`;
    await expect(fetchFrom(address)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(why),
    });
    expect(refusals).toEqual([why]);
  });

  it('is named where its SHA-256 is not what was announced', async () => {
    const { state } = held(100);
    const { address } = await server(() => ({ state, sha256: 'ab'.repeat(32) }));
    await expect(fetchFrom(address)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(
        /^The state after 7 phases arrived with SHA-256 [0-9a-f]{12}…, not abababababab…\.$/,
      ),
    });
  });

  it.each([
    ['of another key', { key: 'another' }, 'it does not know the key of generation 3'],
    ['of an older generation', { generation: 2 }, 'generation 2 is over; generation 3 is current'],
  ])('is refused to a worker %s', async (_, change, why) => {
    const { address } = await server(() => held(100));
    await expect(fetchFrom(address, change)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(why),
    });
  });

  it('is given up where nobody listens', async () => {
    await expect(fetchFrom(tcpOnly('127.0.0.1:1'), { connectMs: 100 })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is given up where the peer stands still', async () => {
    const listener = await listen();
    listener.enter(IN);
    listener.serveState(() => new Promise(() => undefined));
    await expect(fetchFrom(listener.address, { connectMs: 60 })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('ends with the reason of the signal, at once', async () => {
    const listener = await listen();
    const stop = new AbortController();
    const why = new GanglionError({ code: 'aborted', message: 'Halted.', remedy: 'Wait.' });
    const fetching = fetchFrom(listener.address, { signal: stop.signal });
    setTimeout(() => stop.abort(why), 20);
    await expect(fetching).rejects.toBe(why);
  });
});
