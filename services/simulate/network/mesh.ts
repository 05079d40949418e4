/** The connections between the workers of a generation: behaves as `mesh/mesh.ts` and `mesh/opening.ts` do. */
import type { PeerRoad } from '../../collective/peerRoad.ts';
import { describeError, GanglionError } from '../../errors/ganglionError.ts';
import { must } from '../../errors/invariant.ts';
import type { EndListener, Frame, FrameListener } from '../../mesh/frame.ts';
import { MESH_VERSION } from '../../mesh/limits.ts';
import type { MeshOpener, MeshRequest } from '../../worker/meshPort.ts';
import type { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import { damaged, isDamaged } from './damage.ts';
import type { AcceptedEnd, Dial, DialledEnd, Door } from './door.ts';
import type { Network } from './network.ts';

/** Frames in a socket's buffers from which on it takes no more. */
const WINDOW = 3;

interface Pair {
  readonly workerId: string;
  dialled: DialledEnd | undefined;
  isWelcome: boolean;
  accepted: AcceptedEnd | undefined;
  ended: GanglionError | undefined;
}

export function meshOpener(network: Network, process: SimulatedProcess, door: Door): (connectMs: number) => MeshOpener {
  return (connectMs) => (request, signal) => FakeMesh.open({ network, process, door, connectMs, request, signal });
}

interface Opening {
  readonly network: Network;
  readonly process: SimulatedProcess;
  readonly door: Door;
  readonly connectMs: number;
  readonly request: MeshRequest;
  readonly signal: AbortSignal;
}

class FakeMesh implements PeerRoad {
  readonly #world: World;
  readonly #pairs: ReadonlyMap<number, Pair>;
  #leave: () => void = () => undefined;
  #frames: FrameListener | undefined;
  #told: EndListener | undefined;
  #changed: () => void = () => undefined;
  #isClosed = false;

  static async open(opening: Opening): Promise<PeerRoad> {
    const { signal, process, connectMs } = opening;
    signal.throwIfAborted();
    const mesh = new FakeMesh(opening);
    let callOff: () => void = () => undefined;
    let onAbort: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        onAbort = () => reject(signal.reason);
        signal.addEventListener('abort', onAbort);
        mesh.#changed = () => mesh.#settle(resolve, reject);
        callOff = process.after(connectMs, 'mesh is late', () => {
          const missing = [...mesh.#pairs.values()].find((pair) => !pair.isWelcome || !pair.accepted);
          reject(unreachable(missing?.workerId ?? '', `it did not answer and dial back within ${connectMs} ms`));
        });
        mesh.#connect(opening);
      });
      return mesh;
    } catch (error) {
      mesh.close();
      throw error;
    } finally {
      callOff();
      signal.removeEventListener('abort', onAbort);
    }
  }

  private constructor({ request, network }: Opening) {
    this.#world = network.world;
    const pair = (workerId: string): Pair => ({
      workerId,
      dialled: undefined,
      isWelcome: false,
      accepted: undefined,
      ended: undefined,
    });
    this.#pairs = new Map(request.peers.map(({ workerId, rank }) => [rank, pair(workerId)]));
  }

  async send(rank: number, frame: Frame): Promise<void> {
    const pair = this.#pair(rank);
    const { accepted } = pair;
    if (pair.ended || this.#isClosed || !accepted) throw pair.ended ?? ended(pair.workerId, undefined);
    accepted.send({ type: 'frame', frame: { ...frame, payload: Uint8Array.from(frame.payload) } });
    try {
      await accepted.drained();
    } catch (error) {
      throw pair.ended ?? ended(pair.workerId, error);
    }
  }

  onFrame(listener: FrameListener): void {
    this.#frames = listener;
    for (const { dialled } of this.#pairs.values()) dialled?.resume();
  }

  onEnd(listener: EndListener): void {
    this.#told = listener;
    for (const [rank, { ended: why }] of this.#pairs) if (why) listener(rank, why);
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
    for (const pair of this.#pairs.values()) cut(pair);
  }

  #connect({ network, process, door, connectMs, request }: Opening): void {
    const { runId, generation, key, self, peers } = request;
    const present = new Set<number>();
    this.#leave = door.admit(request, {
      workerId: self.workerId,
      rankOf: new Map(peers.map(({ workerId, rank }) => [workerId, rank])),
      present,
      accept: (rank, end) => {
        present.add(rank);
        this.#pair(rank).accepted = end;
        end.listen({ message: () => undefined, end: (why) => this.#gone(rank, why) });
        this.#changed();
      },
    });
    for (const { workerId, rank, address } of peers) {
      const who = { type: 'hello', version: MESH_VERSION, runId, generation, nonce: '' } as const;
      const hello = {
        ...who,
        purpose: 'gradient',
        workerId: self.workerId,
        rank: self.rank,
        to: workerId,
        waitMs: connectMs,
      } as const;
      const head: Dial = { hello, key };
      const end: DialledEnd = network.dial(process, address.tcp, {
        kind: 'socket',
        label: 'mesh',
        head,
        window: WINDOW,
      });
      this.#pair(rank).dialled = end;
      end.listen({ message: (said) => this.#heard(rank, end, said), end: (why) => this.#gone(rank, why) });
    }
  }

  #heard(rank: number, end: DialledEnd, said: Parameters<Parameters<DialledEnd['listen']>[0]['message']>[0]): void {
    if (said.type === 'welcome') {
      this.#pair(rank).isWelcome = true;
      if (!this.#frames) end.pause();
      this.#changed();
    } else if (said.type === 'frame') {
      this.#read(rank, end, said.frame);
    }
  }

  /** Whatever the listener throws ends the connection. */
  #read(rank: number, end: DialledEnd, { payload, ...rest }: Frame): void {
    const head = { ...rest, payloadBytes: payload.byteLength };
    const frames = must(this.#frames, 'listener of frames');
    const arrive = (place: Uint8Array) => {
      place.set(payload);
      if (isDamaged(this.#world)) {
        place[0] = (place[0] ?? 0) ^ 1;
        throw damaged('A frame');
      }
      frames.arrived(rank, head, place);
    };
    try {
      const place = frames.place(rank, head);
      if (place instanceof Uint8Array) return arrive(place);
      end.pause();
      place
        .then((later) => {
          arrive(later);
          end.resume();
        })
        .catch((error) => this.#gone(rank, error));
    } catch (error) {
      this.#gone(rank, error);
    }
  }

  #gone(rank: number, why: unknown): void {
    const pair = this.#pair(rank);
    if (this.#isClosed || pair.ended) return;
    pair.ended = ended(pair.workerId, why);
    cut(pair);
    this.#changed();
    this.#told?.(rank, pair.ended);
  }

  #settle(resolve: () => void, reject: (why: GanglionError) => void): void {
    const pairs = [...this.#pairs.values()];
    const lost = pairs.find((pair) => pair.ended);
    if (lost?.ended) reject(unreachable(lost.workerId, lost.ended.message));
    else if (pairs.every((pair) => pair.isWelcome && pair.accepted)) resolve();
  }

  #pair(rank: number): Pair {
    return must(this.#pairs.get(rank), `pair with rank ${rank}`);
  }
}

function cut({ dialled, accepted }: Pair): void {
  dialled?.close();
  accepted?.close();
}

function ended(workerId: string, cause: unknown): GanglionError {
  if (cause instanceof GanglionError && cause.code !== 'unreachable') return cause;
  return new GanglionError({
    code: 'aborted',
    message: `The connection to worker ${workerId} ended${cause ? `: ${describeError(cause)}` : ''}.`,
    remedy: 'The worker joins the next generation by itself.',
  });
}

function unreachable(workerId: string, why: string): GanglionError {
  return new GanglionError({
    code: 'unreachable',
    message: `The connection to worker ${workerId} failed: ${why}`,
    remedy: 'Let the workers reach each other.',
  });
}
