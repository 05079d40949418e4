/**
 * What this machine's sockets cost without an all-reduce: the same bytes to another process and back, and one way. The
 * other process does nothing else; this side reads right into one buffer, as the mesh does.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { answerOf, Leftovers } from './leftovers.ts';
import { median } from './median.ts';
import { WARM_UP_ROUNDS } from './warmUp.ts';

export interface EchoBench {
  readonly bytes: number;
  readonly rounds: number;
  /** To the other process and back, both at once. */
  readonly echoMs: number;
  readonly minEchoMs: number;
  /** One way. */
  readonly copyMs: number;
}

export type EchoMode = 'echo' | 'swallow';

export async function benchEcho(bytes: number, rounds: number): Promise<EchoBench> {
  const echo = await measure('echo', bytes, rounds);
  const copy = await measure('swallow', bytes, rounds);
  return { bytes, rounds, echoMs: median(echo), minEchoMs: Math.min(...echo), copyMs: median(copy) };
}

/** The ms until all that comes back is back: the bytes themselves, or one byte that says that all were read. */
async function measure(mode: EchoMode, bytes: number, rounds: number): Promise<number[]> {
  const leftovers = new Leftovers();
  try {
    const path = join(leftovers.folder(), 'echo');
    await answerOf(leftovers.fork('echoPeer.js', [path, mode, `${bytes}`]));
    const payload = new Uint8Array(bytes);
    const room = new Uint8Array(1 << 20);
    let missing = 0;
    let back: () => void = () => undefined;
    const took = (count: number) => {
      missing -= count;
      if (missing === 0) back();
      return true;
    };
    const socket: Socket = connect({ path, onread: { buffer: room, callback: took } });
    await once(socket, 'connect');
    const roundMs: number[] = [];
    for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
      missing = mode === 'echo' ? bytes : 1;
      const start = performance.now();
      const all = new Promise<void>((resolve) => {
        back = resolve;
      });
      socket.write(payload);
      await all;
      roundMs.push(performance.now() - start);
    }
    socket.destroy();
    return roundMs.slice(WARM_UP_ROUNDS);
  } finally {
    await leftovers.clear();
  }
}
