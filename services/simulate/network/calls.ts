/** The calls of the wire, as they travel in the simulated network: one connection each. */
import type { ReduceChunk, ReducedChunk } from '../../collective/chunk.ts';
import type { CoordinatorMessage, DownloadHead, TransferHead, WorkerMessage } from '../../control/messages.ts';
import type { Endpoint } from './connection.ts';

/** Where the coordinator listens. */
export const COORDINATOR = 'coordinator';

export type Call =
  | { readonly name: 'control' }
  | { readonly name: 'minibatches'; readonly head: TransferHead; readonly fromPhase: number }
  | { readonly name: 'download'; readonly head: DownloadHead; readonly phase: number }
  | { readonly name: 'upload'; readonly head: TransferHead; readonly phase: number }
  | { readonly name: 'reduce'; readonly head: TransferHead };

export type CallName = Call['name'];

export interface StatePiece {
  readonly data: Uint8Array;
  readonly sha256: string;
}

/** What goes to the coordinator, and what comes back, of each call. */
export interface CallMessages {
  control: { up: WorkerMessage; down: CoordinatorMessage };
  minibatches: {
    up: { readonly credit: number };
    down: { readonly phase: number; readonly samples: Uint8Array; readonly last: boolean };
  };
  download: { up: never; down: StatePiece };
  upload: { up: StatePiece; down: { readonly weightsSha256: string } };
  reduce: { up: ReduceChunk; down: ReducedChunk };
}

export type ClientEnd<Name extends CallName> = Endpoint<CallMessages[Name]['up'], CallMessages[Name]['down']>;
export type ServerEnd<Name extends CallName> = Endpoint<CallMessages[Name]['down'], CallMessages[Name]['up']>;

/** A state in pieces, the hash on the last, as the wire cuts it at 1 MiB. */
export function piecesOf(state: Uint8Array, sha256: string): StatePiece[] {
  const half = state.length >> 1;
  const [one, other] = [Uint8Array.from(state.subarray(0, half)), Uint8Array.from(state.subarray(half))];
  return [
    { data: one, sha256: '' },
    { data: other, sha256 },
  ];
}

/** For the trace: what a message of the control stream says, in few words. */
export function describeMessage(message: WorkerMessage | CoordinatorMessage): string {
  const fields = message as {
    generation?: number;
    phase?: number;
    graceful?: boolean;
    hasState?: boolean;
    message?: string;
    why?: string;
    activity?: string;
  };
  const { generation, phase, graceful, hasState, activity, message: why = fields.why } = fields;
  const told = Object.entries({ generation, phase, graceful, hasState, activity, why }).filter(
    ([, value]) => value !== undefined,
  );
  return [message.type, ...told.map(([name, value]) => `${name} ${value}`)].join(' ');
}
