/** Who may come in: what a listener answers a hello, as a pure decision. */
import { GanglionError } from '../errors/ganglionError.ts';
import type { Hello } from './handshakeMessage.ts';
import { MESH_VERSION } from './limits.ts';

/** A generation that this worker is a member of. */
export interface Generation {
  readonly runId: string;
  readonly generation: number;
  /** Known to the members of this generation alone. */
  readonly key: string;
}

/** The members, as the mesh of the generation knows them. */
export interface Guests {
  readonly workerId: string;
  readonly rankOf: ReadonlyMap<string, number>;
  /** Ranks that are in. */
  readonly present: ReadonlySet<number>;
}

export interface House {
  readonly current: Generation | undefined;
  /** Undefined until the mesh of the current generation is opened. */
  readonly guests: Guests | undefined;
  /** The mesh of the current generation was closed again. */
  readonly over: boolean;
  readonly servesStates: boolean;
}

/** `wait`: this worker may hear of that generation soon. */
export type Verdict = { readonly answer: 'welcome' | 'wait' } | { readonly answer: 'refuse'; readonly why: string };

export function admit(hello: Hello, { current, guests, over, servesStates }: House): Verdict {
  const { runId, generation, version } = hello;
  if (version !== MESH_VERSION) return refuse(`it speaks version ${version}; this worker speaks ${MESH_VERSION}`);
  if (!current || runId !== current.runId || generation > current.generation) return { answer: 'wait' };
  if (generation < current.generation) {
    return refuse(`generation ${generation} is over; generation ${current.generation} is current`);
  }
  if (hello.purpose === 'state') {
    return servesStates ? { answer: 'welcome' } : refuse('this worker gives no state away');
  }
  if (over) return refuse(`generation ${generation} is over`);
  if (!guests) return { answer: 'wait' };
  if (hello.to !== guests.workerId) return refuse(`this is worker ${guests.workerId}, not ${hello.to}`);
  if (guests.rankOf.get(hello.workerId) !== hello.rank) {
    return refuse(`worker ${hello.workerId} is no member of generation ${generation} with rank ${hello.rank}`);
  }
  if (guests.present.has(hello.rank)) return refuse(`worker ${hello.workerId} is connected already`);
  return { answer: 'welcome' };
}

function refuse(why: string): Verdict {
  return { answer: 'refuse', why };
}

export function turnedAway(from: string, why: string): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: `A connection from ${from} was refused: ${why}.`,
    remedy: 'A worker joins the next generation by itself; nothing else should dial this port.',
  });
}

export function nameOf(hello: Hello): string {
  return hello.purpose === 'gradient' ? `worker ${hello.workerId}` : `a worker that wants the state of ${hello.runId}`;
}
