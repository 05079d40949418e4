/** A worker's side of the simulated wire: behaves as `wire/coordinatorLink.ts` does over gRPC. */
import type { GanglionError } from '../../errors/ganglionError.ts';
import { GanglionError as Failure } from '../../errors/ganglionError.ts';
import type { CoordinatorLink } from '../../wire/coordinatorLink.ts';
import type { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import {
  type Call,
  type CallMessages,
  type CallName,
  type ClientEnd,
  COORDINATOR,
  describeMessage,
  piecesOf,
  type StatePiece,
} from './calls.ts';
import { arriving, damaged, isDamaged } from './damage.ts';
import type { Network } from './network.ts';

/** Messages under way from which on a stream wants no more. */
const WINDOW = 4;

export function dialCoordinator(world: World, network: Network, process: SimulatedProcess): CoordinatorLink {
  const open = <Name extends CallName>(head: Extract<Call, { name: Name }>): ClientEnd<Name> =>
    network.dial(process, COORDINATOR, { kind: 'grpc', label: head.name, head, window: WINDOW });

  return {
    address: COORDINATOR,
    openControl(on) {
      const end = open({ name: 'control' });
      listen(end, { message: on.message, end: on.end });
      return {
        send(message) {
          if (end.isOver || !process.isAlive) return;
          world.note(`${process.name} says ${describeMessage(message)}`);
          world.checks.said(process.name, message);
          end.send(message);
        },
        end: () => end.finish(),
      };
    },
    streamMinibatches(head, fromPhase, on) {
      const end = open({ name: 'minibatches', head, fromPhase });
      const take = ({ phase, samples, last }: CallMessages['minibatches']['down']) => on.chunk(phase, samples, last);
      listen(end, { message: checked(world, end, take, on.end), end: on.end });
      return { credit: (credit) => end.send({ credit }), cancel: () => cancel(end, on.end) };
    },
    async *downloadState(head, phase, signal) {
      const end = open({ name: 'download', head, phase });
      const stop = () => end.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const { data, sha256 } of pieces(end, signal)) yield { data: arriving(world, data), sha256 };
      } finally {
        signal.removeEventListener('abort', stop);
        end.close();
      }
    },
    uploadState(head, phase, state, sha256) {
      const end = open({ name: 'upload', head, phase });
      for (const piece of piecesOf(state, sha256)) end.send(piece);
      end.finish();
      return new Promise((resolve, reject) => {
        listen(end, { message: resolve, end: (why) => reject(why ?? cancelled()) });
      });
    },
    openReduce(head, on) {
      const end = open({ name: 'reduce', head });
      listen(end, { message: checked(world, end, on.chunk, on.end), end: on.end });
      return {
        send(chunk) {
          end.send({ ...chunk, values: Uint8Array.from(chunk.values) });
          return end.drained();
        },
        cancel: () => cancel(end, on.end),
      };
    },
    close: () => undefined,
  };
}

/** However the server ends a call, it is over for the client. */
function listen<Name extends CallName>(end: ClientEnd<Name>, on: Parameters<ClientEnd<Name>['listen']>[0]): void {
  end.listen({
    message: on.message,
    end: (why) => {
      end.close();
      on.end(why);
    },
  });
}

/** Gives on what arrives whole; what is damaged ends the call. */
function checked<Message>(
  world: World,
  end: { close(): void },
  take: (message: Message) => void,
  tell: (why: GanglionError) => void,
): (message: Message) => void {
  return (message) => {
    if (!isDamaged(world)) return take(message);
    end.close();
    tell(damaged('A chunk'));
  };
}

/** gRPC tells the end of a call that its own side cancelled, too: in a turn of its own. */
function cancel<Name extends CallName>(end: ClientEnd<Name>, tell: (why: GanglionError | undefined) => void): void {
  if (end.isOver) return;
  end.close();
  end.process.after(0, `${end.label} is cancelled`, () => tell(undefined));
}

async function* pieces(end: ClientEnd<'download'>, signal: AbortSignal): AsyncIterable<StatePiece> {
  const come: StatePiece[] = [];
  let ended: { why: GanglionError | undefined } | undefined;
  let wake: () => void = () => undefined;
  listen(end, {
    message: (piece) => {
      come.push(piece);
      wake();
    },
    end: (why) => {
      ended = { why };
      wake();
    },
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  for (;;) {
    const piece = come.shift();
    if (piece) yield piece;
    else if (signal.aborted) throw cancelled();
    else if (ended?.why) throw ended.why;
    else if (ended) return;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

function cancelled(): GanglionError {
  return new Failure({ code: 'aborted', message: 'The call was cancelled.', remedy: 'Try again.' });
}
