/** Fetches a replica's state from a peer that is ahead; after a broken connection it goes on where that broke. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GanglionError } from '../errors/ganglionError.ts';
import type { TlsFolder } from '../security/tlsFolder.ts';
import { type PeerAddress, type Road, roadTo, thisMachine } from './address.ts';
import type { Generation } from './admission.ts';
import { ArrivingState } from './arrivingState.ts';
import { Deadline } from './deadline.ts';
import { type Dialled, dial, unreachable } from './dial.ts';
import { readFrames } from './frameReader.ts';
import { nonce } from './handshakeMessage.ts';
import { FETCH_ATTEMPTS_MAX, MESH_VERSION } from './limits.ts';
import type { HeldState } from './stateServer.ts';

export interface FetchOptions extends Generation {
  readonly from: PeerAddress;
  /** Phases applied in the state. */
  readonly phase: number;
  /** As the listener of the peer has it. */
  readonly tls?: TlsFolder | undefined;
  /** For a handshake, and for each next piece. */
  readonly connectMs: number;
  readonly signal: AbortSignal;
}

/**
 * Throws `refused` where the peer does not give it (it may not hold it), `unreachable` where nothing more comes,
 * `corrupt` where the whole has another SHA-256 than it was announced with, the signal's reason where that aborts.
 */
export async function fetchState(options: FetchOptions): Promise<HeldState> {
  const { from, connectMs, signal } = options;
  const road = roadTo(from, thisMachine());
  const arriving = new ArrivingState(options.phase);
  for (let attempt = 1; ; attempt++) {
    const before = arriving.byteCount;
    try {
      await fetchRest(road, options, arriving);
      return arriving.whole();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof GanglionError && (error.code === 'refused' || arriving.complete)) throw error;
      if (arriving.byteCount > before) attempt = 0;
      else if (attempt === FETCH_ATTEMPTS_MAX) throw unreachable('the peer that holds the state', road, error);
      else await sleep(connectMs / FETCH_ATTEMPTS_MAX, undefined, { signal });
    }
  }
}

async function fetchRest(road: Road, options: FetchOptions, arriving: ArrivingState): Promise<void> {
  const { runId, generation, key, phase, tls, connectMs, signal } = options;
  const deadline = new Deadline(signal, connectMs);
  const dialled = await dial(
    road,
    {
      type: 'hello',
      version: MESH_VERSION,
      purpose: 'state',
      runId,
      generation,
      phase,
      offset: arriving.byteCount,
      nonce: nonce(),
      waitMs: connectMs,
    },
    key,
    deadline.signal,
    tls,
  ).finally(() => deadline.end());
  try {
    arriving.announced(dialled.answer);
    if (!arriving.complete) await receive(dialled, options, arriving);
  } finally {
    dialled.inlet.socket.destroy();
  }
}

function receive(dialled: Dialled, options: FetchOptions, arriving: ArrivingState): Promise<void> {
  const { generation, connectMs, signal } = options;
  return new Promise((resolve, reject) => {
    const { socket } = dialled.inlet;
    const stop = () => socket.destroy();
    const silent = setTimeout(() => socket.destroy(new Error(`nothing came for ${connectMs} ms`)), connectMs);
    signal.addEventListener('abort', stop);
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(silent);
      signal.removeEventListener('abort', stop);
      reject(new Error('it hung up'));
    });
    readFrames(dialled, generation, {
      place: (head) => arriving.place(head),
      arrived: (_head, payload) => {
        silent.refresh();
        arriving.arrived(payload);
        if (arriving.complete) resolve();
      },
    });
  });
}
