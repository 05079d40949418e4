/** Fetches a state from another worker: behaves as `mesh/stateTransfer.ts` does. */
import { GanglionError } from '../../errors/ganglionError.ts';
import { FETCH_ATTEMPTS_MAX, MESH_VERSION } from '../../mesh/limits.ts';
import type { StatePorts } from '../../worker/stateSource.ts';
import { sha256 as hashOf } from '../arithmetic/undisturbed.ts';
import type { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import type { StatePiece } from './calls.ts';
import { arriving } from './damage.ts';
import type { Dial, DialledEnd } from './door.ts';
import type { Network } from './network.ts';

export function stateFetcher(network: Network, process: SimulatedProcess) {
  return (connectMs: number): StatePorts['fetchState'] =>
    async (from, { runId, generation, key, phase }, signal) => {
      const who = { type: 'hello', version: MESH_VERSION, runId, generation, nonce: '', waitMs: connectMs } as const;
      const head: Dial = { hello: { ...who, purpose: 'state', phase, offset: 0 }, key };
      for (let attempt = 1; ; attempt++) {
        try {
          const end: DialledEnd = network.dial(process, from.tcp, { kind: 'socket', label: 'state', head, window: 1 });
          return await receive(network.world, end, connectMs, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof GanglionError && error.code === 'refused') throw error;
          if (attempt === FETCH_ATTEMPTS_MAX) {
            throw new GanglionError({ code: 'unreachable', message: `No state from ${from.tcp}.`, remedy: '' });
          }
          await pause(process, connectMs / FETCH_ATTEMPTS_MAX, signal);
        }
      }
    };
}

/** Rejects where nothing comes for so long, and with the signal's reason where that aborts. */
function receive(world: World, end: DialledEnd, connectMs: number, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: StatePiece[] = [];
  return new Promise<Uint8Array>((resolve, reject) => {
    const stop = () => {
      callOff();
      signal.removeEventListener('abort', onAbort);
      end.close();
    };
    const fail = (why: unknown) => {
      stop();
      reject(why);
    };
    const onAbort = () => fail(signal.reason);
    const silent = () => fail(new Error(`nothing came for ${connectMs} ms`));
    let callOff = end.process.after(connectMs, `${end.label} is silent`, silent);
    signal.addEventListener('abort', onAbort);
    end.listen({
      message: (said) => {
        if (said.type !== 'state') return;
        callOff();
        callOff = end.process.after(connectMs, `${end.label} is silent`, silent);
        pieces.push({ ...said.piece, data: arriving(world, said.piece.data) });
        if (said.piece.sha256 === '') return;
        const state = Buffer.concat(pieces.map(({ data }) => data));
        if (hashOf(state) !== said.piece.sha256) return fail(new Error('corrupt'));
        stop();
        resolve(state);
      },
      end: (why) => fail(why ?? new Error('it hung up')),
    });
  });
}

function pause(process: SimulatedProcess, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const callOff = process.after(ms, 'waits to fetch again', resolve);
    signal.addEventListener(
      'abort',
      () => {
        callOff();
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
