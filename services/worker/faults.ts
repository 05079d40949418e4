/**
 * Faults that this worker is made to meet on purpose (`ganglion chaos`), around its real ports: what follows from them
 * is the real thing.
 *
 *   kill       SIGKILL to this process           stop      SIGSTOP, and SIGCONT after a while
 *   partition  no coordinator, for a while       slow      every frame to another worker is late by 50 ms, for a while
 *   corrupt    one frame's bytes change on the way after its checksum was made
 *   nan        one gradient of one shard has a NaN
 *   flip       a bit of the summed gradient flips before this worker alone applies it, as in bad memory
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PeerRoad } from '../collective/peerRoad.ts';
import type { FaultKind } from '../control/messages.ts';
import type { Compute, ComputeCalls, ComputeVerb } from './compute/protocol.ts';
import type { MeshOpener } from './meshPort.ts';

const SLOW_MS = 50;

export class Faults {
  readonly #sever: (durationMs: number) => void;
  #slowUntilMs = 0;
  #corruptNext = false;
  #poisonNext = false;
  #flipNext = false;

  /** `sever` cuts the worker off its coordinator for so long. */
  constructor(sever: (durationMs: number) => void) {
    this.#sever = sever;
  }

  meet(kind: FaultKind, durationMs: number): void {
    switch (kind) {
      case 'kill':
        process.kill(process.pid, 'SIGKILL');
        return;
      case 'stop': {
        // A stopped process cannot wake itself.
        const script = 'kill -STOP "$1"; sleep "$2"; kill -CONT "$1"';
        const args = ['-c', script, 'sh', String(process.pid), String(durationMs / 1000)];
        spawn('/bin/sh', args, { detached: true, stdio: 'ignore' }).unref();
        return;
      }
      case 'partition':
        return this.#sever(durationMs);
      case 'slow':
        this.#slowUntilMs = performance.now() + durationMs;
        return;
      case 'corrupt':
        this.#corruptNext = true;
        return;
      case 'nan':
        this.#poisonNext = true;
        return;
      case 'flip':
        this.#flipNext = true;
    }
  }

  compute(inner: Compute): Compute {
    const call = async <Verb extends ComputeVerb>(verb: Verb, request: ComputeCalls[Verb]['request']) => {
      if (this.#flipNext && verb === 'apply') {
        const { sum } = request as ComputeCalls['apply']['request'];
        this.#flipNext = false;
        sum[0] = -(sum[0] || 1);
      }
      const answer = await inner.call(verb, request);
      if (this.#poisonNext && verb === 'gradient') {
        const { flat, network, plan } = request as ComputeCalls['gradient']['request'];
        // The first network's part is in front, once it stands. Another's call comes when that is on its way already.
        if (network !== plan.updates[0] || answer !== undefined) return answer;
        this.#poisonNext = false;
        flat[0] = Number.NaN;
      }
      return answer;
    };
    return { device: inner.device, takeFallbacks: () => inner.takeFallbacks(), call, close: () => inner.close() };
  }

  openMesh(inner: MeshOpener): MeshOpener {
    return async (request, signal) => {
      const mesh = await inner(request, signal);
      const road: PeerRoad = {
        onFrame: (listener) => mesh.onFrame(listener),
        onEnd: (listener) => mesh.onEnd(listener),
        close: () => mesh.close(),
        send: async (rank, frame) => {
          if (performance.now() < this.#slowUntilMs) await sleep(SLOW_MS);
          const damaged = this.#corruptNext;
          this.#corruptNext = false;
          return mesh.send(rank, damaged ? { ...frame, damaged } : frame);
        },
      };
      return road;
    };
  }
}
