/** What the direct all-reduce needs of the connections between workers: `Mesh` is one, a test's fake network another. */
import type { EndListener, Frame, FrameListener } from '../mesh/frame.ts';

export interface PeerRoad {
  /** Resolves when the payload is the sender's again. Rejects where the peer's connection ends. */
  send(rank: number, frame: Frame): Promise<void>;
  /** Each peer's frames come in the order in which they were sent. What the listener throws ends that peer's connection. */
  onFrame(listener: FrameListener): void;
  onEnd(listener: EndListener): void;
  close(): void;
}
