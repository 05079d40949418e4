/** Sends a replica's state to a member that is behind, from wherever that member got to. */
import { once } from 'node:events';
import { GanglionError } from '../errors/ganglionError.ts';
import type { Doorway } from './doorway.ts';
import type { Hello } from './handshakeMessage.ts';
import { PAYLOAD_BYTES_MAX } from './limits.ts';
import { Outlet } from './outlet.ts';

export interface HeldState {
  /** Not changed while it is sent. */
  readonly state: Uint8Array;
  /** Hex. */
  readonly sha256: string;
}

/** The state after `phase` phases of the run, or nothing where this worker does not hold that one. */
export type StateProvider = (runId: string, phase: number) => Promise<HeldState | undefined>;

/** Throws `not-found` where this worker does not hold it. Resolves when it is sent, or the other side is gone. */
export async function sendState(
  provider: StateProvider,
  hello: Hello & { readonly purpose: 'state' },
  doorway: Doorway,
  key: Uint8Array,
): Promise<void> {
  const { runId, generation, phase } = hello;
  const held = await provider(runId, phase);
  if (!held || hello.offset > held.state.byteLength) throw notHeld(runId, phase);
  const { state, sha256 } = held;
  const length = state.byteLength;
  doorway.say({ type: 'state', byteCount: length, sha256 });
  const outlet = new Outlet(doorway.open(), generation, key);
  for (let offset = hello.offset; offset < length && !doorway.gone.aborted; offset += PAYLOAD_BYTES_MAX) {
    const payload = state.subarray(offset, offset + PAYLOAD_BYTES_MAX);
    await outlet.send({ kind: 'state', phase, firstShard: 0, shardCount: 0, offset, length, payload });
  }
  // The other side hangs up when it has all: it may ask for nothing else here.
  if (!doorway.gone.aborted) await once(doorway.gone, 'abort');
}

function notHeld(runId: string, phase: number): GanglionError {
  return new GanglionError({
    code: 'not-found',
    message: `This worker does not hold the state of run ${runId} after ${phase} phases.`,
    remedy: 'Fetch it from a worker that does, or from the coordinator’s newest checkpoint.',
  });
}
