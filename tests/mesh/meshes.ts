/** Real listeners and meshes of one test, closed with it. */
import { afterAll, afterEach } from 'vitest';
import type { PeerAddress } from '../../services/mesh/address.ts';
import type { FrameHead, FrameListener } from '../../services/mesh/frame.ts';
import { type ListenerOptions, PeerListener } from '../../services/mesh/listener.ts';
import { Mesh, type MeshOptions, type MeshPeer } from '../../services/mesh/mesh.ts';
import { openTlsFolder, type TlsFolder } from '../../services/security/tlsFolder.ts';
import { Certificates } from '../security/certificates.ts';

const opened: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

export const RUN = 'run-1';
export const KEY = 'the key of generation 1';
const NAMES = ['one', 'two', 'three', 'four'];

export type Doors = 'unix' | 'tcp' | 'tls';

let certificates: Certificates | undefined;
const folders: TlsFolder[] = [];

afterAll(async () => {
  for (const folder of folders) folder.close();
  await certificates?.remove();
});

/** Closed with the test file. */
export async function tlsOf(make: (certificates: Certificates) => Promise<string>): Promise<TlsFolder> {
  certificates ??= await Certificates.make();
  const folder = await openTlsFolder(await make(certificates), (why) => {
    throw new Error(why);
  });
  folders.push(folder);
  return folder;
}

export async function listen(options: Partial<ListenerOptions> = {}): Promise<PeerListener> {
  const listener = await PeerListener.open({ host: '127.0.0.1', ...options });
  opened.push(() => listener.close());
  return listener;
}

/** The listener's address, as one gives it who does not see the other door. */
export function through(doors: Doors, address: PeerAddress): PeerAddress {
  return doors === 'unix' ? { ...address, tcp: '127.0.0.1:1' } : { ...address, unix: '' };
}

export async function open(options: Partial<MeshOptions> & Pick<MeshOptions, 'listener' | 'self' | 'peers'>) {
  const mesh = await Mesh.open({
    runId: RUN,
    generation: 1,
    key: KEY,
    connectMs: 5000,
    signal: new AbortController().signal,
    ...options,
  });
  opened.push(() => mesh.close());
  return mesh;
}

/** `count` workers of one generation, each connected with each. */
export async function meshesOf(count: number, doors: Doors, change: (peers: MeshPeer[]) => MeshPeer[] = (all) => all) {
  const tls = doors === 'tls' ? await tlsOf((make) => make.of('worker', 'worker')) : undefined;
  const listeners = await Promise.all(NAMES.slice(0, count).map(() => listen({ tls })));
  const members = listeners.map(({ address }, rank) => ({
    workerId: NAMES[rank] ?? '',
    rank,
    address: through(doors, address),
  }));
  const others = (rank: number) => change(members).filter((member) => member.rank !== rank);
  return Promise.all(
    listeners.map((listener, rank) =>
      open({ listener, self: { workerId: NAMES[rank] ?? '', rank }, peers: others(rank) }),
    ),
  );
}

export interface Arrived {
  readonly rank: number;
  readonly head: FrameHead;
  readonly payload: Uint8Array;
}

/** Keeps what arrives; `next` resolves with the next one. */
export class Arrivals implements FrameListener {
  readonly all: Arrived[] = [];
  #wake: () => void = () => undefined;

  place(_rank: number, { payloadBytes }: FrameHead): Uint8Array | Promise<Uint8Array> {
    return new Uint8Array(payloadBytes);
  }

  arrived(rank: number, head: FrameHead, payload: Uint8Array): void {
    this.all.push({ rank, head, payload });
    this.#wake();
  }

  async count(count: number): Promise<Arrived[]> {
    while (this.all.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.all;
  }
}
