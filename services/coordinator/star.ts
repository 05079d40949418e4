/** The star's hubs, one a run: opened with a generation, cut at once when it ends. */
import { SparesGate } from '../collective/sparesGate.ts';
import { StarReducer } from '../collective/starReducer.ts';
import type { WireCodec } from '../collective/wireFormat.ts';
import type { TransferHead } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { Member } from '../report/runEvent.ts';
import type { ReduceListener, ReducePeer } from '../wire/handlers.ts';

export interface StarRun {
  readonly runId: string;
  readonly shardCount: number;
  readonly codec: WireCodec;
}

interface Hub {
  readonly generation: number;
  readonly members: readonly Member[];
  readonly reducer: StarReducer;
  readonly gate: SparesGate;
  readonly peers: Map<string, ReducePeer>;
}

export class Star {
  readonly #hubs = new Map<string, Hub>();

  open({ runId, shardCount, codec }: StarRun, generation: number, members: readonly Member[]): void {
    this.close(runId);
    const peers = new Map<string, ReducePeer>();
    const gate = new SparesGate(members, (chunk) => {
      // A peer that is gone is the control stream's to notice: its loss ends the generation, and this hub with it.
      for (const peer of peers.values()) peer.send(chunk).catch(() => undefined);
    });
    const reducer = new StarReducer(shardCount, members, (chunk) => gate.offer(chunk), codec);
    this.#hubs.set(runId, { generation, members, reducer, gate, peers });
  }

  /** Ends every stream of the run's generation. */
  close(runId: string): void {
    const hub = this.#hubs.get(runId);
    this.#hubs.delete(runId);
    for (const peer of hub?.peers.values() ?? []) peer.end();
  }

  join(head: TransferHead, peer: ReducePeer): ReduceListener {
    const hub = this.#hubs.get(head.runId);
    if (!hub || hub.generation !== head.generation || !hub.members.some((m) => m.workerId === head.workerId)) {
      throw staleGeneration(head, hub?.generation);
    }
    hub.peers.set(head.workerId, peer);
    return {
      chunk: async (chunk) => {
        if (!hub.gate.admits(head.workerId, chunk)) hub.reducer.accept(head.workerId, chunk);
      },
      closed: () => {
        if (hub.peers.get(head.workerId) === peer) hub.peers.delete(head.workerId);
      },
    };
  }
}

/** Stale is not wrong: the worker learns by Halt or Release what to do next. */
export function staleGeneration(head: TransferHead, current: number | undefined): GanglionError {
  return new GanglionError({
    code: 'aborted',
    message:
      `Worker ${head.workerId} is not a member of generation ${head.generation} of run ${head.runId}` +
      (current === undefined ? '.' : `; generation ${current} is current.`),
    remedy: 'The worker joins the next generation by itself.',
  });
}
