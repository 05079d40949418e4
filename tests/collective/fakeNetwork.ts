/**
 * A network between workers without sockets or clock: each directed pair keeps its order, anything else happens in the
 * order that the test chooses. A payload is read when the "kernel" takes it, so that a buffer which is reused too early
 * shows.
 */
import type { PeerRoad } from '../../services/collective/peerRoad.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { EndListener, Frame, FrameHead, FrameListener } from '../../services/mesh/frame.ts';

interface Sent {
  readonly frame: Frame;
  readonly taken: () => void;
  readonly cut: (why: unknown) => void;
}

interface Pair {
  readonly network: FakeNetwork;
  readonly from: FakeRoad;
  readonly to: FakeRoad;
  /** Given to `send`, not read yet. */
  readonly queue: Sent[];
  /** Read, on its way. */
  readonly wire: { readonly head: FrameHead; readonly payload: Uint8Array }[];
  /** The receiver has not said yet where the payload shall go. */
  waiting: boolean;
}

export class FakeNetwork {
  readonly roads: readonly FakeRoad[];
  readonly pairs: Pair[] = [];
  /** In the order of arrival. */
  readonly delivered: { readonly from: number; readonly head: FrameHead }[] = [];

  constructor(ranks: readonly number[]) {
    this.roads = ranks.map((rank) => new FakeRoad(rank, this));
    for (const from of this.roads) {
      for (const to of this.roads)
        if (from !== to) this.pairs.push({ network: this, from, to, queue: [], wire: [], waiting: false });
    }
  }

  /** What can happen next. */
  get steps(): (() => void)[] {
    return this.pairs.flatMap(stepsOf);
  }

  /** Carries what one rank has sent another, and nothing else. */
  async carry(sender: number, receiver: number): Promise<void> {
    const pair = this.pairs.find(({ from, to }) => from.rank === sender && to.rank === receiver);
    for (;;) {
      const [step] = pair ? stepsOf(pair) : [];
      if (!step) return;
      step();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Lets one thing after the other happen, as `choose` says, until nothing can. */
  async run(choose: () => number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const { steps } = this;
      if (steps.length === 0) return;
      steps[choose() % steps.length]?.();
    }
  }
}

export class FakeRoad implements PeerRoad {
  readonly rank: number;
  readonly #network: FakeNetwork;
  closed = false;
  frames: FrameListener | undefined;
  #ended: EndListener = () => undefined;

  constructor(rank: number, network: FakeNetwork) {
    this.rank = rank;
    this.#network = network;
  }

  send(rank: number, frame: Frame): Promise<void> {
    return new Promise((taken, cut) => {
      if (this.closed) cut(goneFrom(this.rank));
      const pair = this.#network.pairs.find(({ from, to }) => from === this && to.rank === rank);
      pair?.queue.push({ frame, taken, cut });
    });
  }

  onFrame(listener: FrameListener): void {
    this.frames = listener;
  }

  onEnd(listener: EndListener): void {
    this.#ended = listener;
  }

  /** As a killed process does: everybody else is told. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const { from, to, queue } of this.#network.pairs) {
      if (from === this) for (const { cut } of queue) cut(goneFrom(this.rank));
      if (from === this) to.lose(this.rank, goneFrom(this.rank));
    }
  }

  lose(rank: number, why: GanglionError): void {
    if (!this.closed) this.#ended(rank, why);
  }
}

function stepsOf(pair: Pair): (() => void)[] {
  const { from, to, queue, wire, waiting } = pair;
  if (from.closed || to.closed) return [];
  return [
    ...(queue.length > 0 ? [() => take(pair)] : []),
    ...(wire.length > 0 && !waiting ? [() => deliver(pair)] : []),
  ];
}

function take(pair: Pair): void {
  const sent = pair.queue.shift();
  if (!sent) return;
  const { payload, ...rest } = sent.frame;
  pair.wire.push({ head: { ...rest, payloadBytes: payload.byteLength }, payload: payload.slice() });
  sent.taken();
}

function deliver(pair: Pair): void {
  const { network, from, to, wire } = pair;
  const arriving = wire.shift();
  if (!arriving) return;
  const { head, payload } = arriving;
  const arrive = (place: Uint8Array) => {
    pair.waiting = false;
    if (place.byteLength !== payload.byteLength) throw new Error('the place does not fit');
    place.set(payload);
    network.delivered.push({ from: from.rank, head });
    to.frames?.arrived(from.rank, head, place);
  };
  const refuse = (error: unknown) => {
    if (!(error instanceof GanglionError)) throw error;
    to.lose(from.rank, error);
    from.lose(to.rank, goneFrom(to.rank));
  };
  try {
    const place = to.frames?.place(from.rank, head);
    if (place instanceof Uint8Array) arrive(place);
    else {
      pair.waiting = true;
      place?.then(arrive).catch(refuse);
    }
  } catch (error) {
    refuse(error);
  }
}

function goneFrom(rank: number): GanglionError {
  return new GanglionError({
    code: 'aborted',
    message: `The connection to rank ${rank} ended.`,
    remedy: 'The worker joins the next generation by itself.',
  });
}

/** Lets the network carry until the work is done. */
export async function carried<Value>(network: FakeNetwork, work: Promise<Value>): Promise<Value> {
  let done = false;
  const over = work.finally(() => {
    done = true;
  });
  while (!done) await network.run(() => 0);
  return over;
}
