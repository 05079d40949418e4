/** The connections between the workers of one generation: each with each. */
import { invariant, must } from '../errors/invariant.ts';
import type { EndListener, Frame, FrameListener } from './frame.ts';
import { connectAll, type MeshOptions } from './opening.ts';
import { PeerLink } from './peerLink.ts';

export type { MeshOptions, MeshPeer } from './opening.ts';

export class Mesh {
  readonly #links: ReadonlyMap<number, PeerLink>;
  readonly #leave: () => void;
  #frames: FrameListener | undefined;

  /**
   * Resolves when every pair is connected. Rejects with `unreachable`, naming the peer, the road and why, and with the
   * signal's reason where that aborts.
   */
  static async open(options: MeshOptions): Promise<Mesh> {
    const links = new Map(
      options.peers.map(({ workerId, rank }) => [rank, new PeerLink(workerId, options.generation)] as const),
    );
    return new Mesh(links, await connectAll(links, options));
  }

  private constructor(links: ReadonlyMap<number, PeerLink>, leave: () => void) {
    this.#links = links;
    this.#leave = leave;
  }

  /**
   * Resolves once the kernel has taken the whole frame: the payload, which is not copied, is the caller's again. Rejects
   * with `aborted` where the connection ends.
   */
  send(rank: number, frame: Frame): Promise<void> {
    return must(this.#links.get(rank), `link to rank ${rank}`).send(frame);
  }

  /** Frames are read from here on; those that came before wait in the sockets. */
  onFrame(listener: FrameListener): void {
    invariant(!this.#frames, 'one listener takes the frames');
    this.#frames = listener;
    for (const [rank, link] of this.#links) {
      link.listen({
        place: (head) => listener.place(rank, head),
        arrived: (head, payload) => listener.arrived(rank, head, payload),
      });
    }
  }

  /** Told for each peer whose connection ends, at once, and of those that have ended before. */
  onEnd(listener: EndListener): void {
    for (const [rank, link] of this.#links) link.onEnd((why) => listener(rank, why));
  }

  /** Cuts all connections; no listener is told of anything any more. What was being sent rejects. */
  close(): void {
    this.#leave();
    for (const link of this.#links.values()) link.close();
  }
}
