/** Cuts what an inlet brings into frames: header, then payload right into the place that the listener wants it in. */
import { GanglionError } from '../errors/ganglionError.ts';
import type { Dialled } from './dial.ts';
import type { FrameHead } from './frame.ts';
import { checkFrame, decodeHeader, HEADER_BYTES, SEALED_BYTES } from './header.ts';
import { FrameSeal } from './seal.ts';

export interface PayloadListener {
  place(head: FrameHead): Uint8Array | Promise<Uint8Array>;
  arrived(head: FrameHead, payload: Uint8Array): void;
}

/** Reads for as long as the inlet lives. A {@link GanglionError} from here or from the listener ends it. */
export function readFrames({ inlet, frameKey }: Dialled, generation: number, on: PayloadListener): void {
  const headerBytes = new Uint8Array(HEADER_BYTES);
  const seal = new FrameSeal(frameKey);

  function guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      refuse(error);
    }
  }

  function refuse(error: unknown): void {
    // A bug of ours is no reason to blame the peer: it crashes.
    if (!(error instanceof GanglionError)) throw error;
    inlet.socket.destroy(error);
  }

  function readHeader(): void {
    inlet.read(headerBytes, () => guarded(readPayload));
  }

  function readPayload(): void {
    const header = decodeHeader(headerBytes, generation);
    const read = (place: Uint8Array) => {
      const frameSeal = seal.begin(headerBytes.subarray(0, SEALED_BYTES));
      const whole = () =>
        guarded(() => {
          checkFrame(headerBytes, header, frameSeal);
          on.arrived(header, place);
          readHeader();
        });
      inlet.read(place, whole, (part) => frameSeal.add(part));
    };
    const place = on.place(header);
    if (place instanceof Uint8Array) read(place);
    else {
      place.then((later) => guarded(() => read(later)), refuse);
    }
  }

  readHeader();
}
