/** The coordinator's side of the simulated wire: gives each call to the handlers as `wire/services.ts` does. */
import { describeError, GanglionError } from '../../errors/ganglionError.ts';
import type { CoordinatorHandlers, ReduceListener, SessionListener } from '../../wire/handlers.ts';
import type { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import { type Call, COORDINATOR, describeMessage, piecesOf, type ServerEnd, type StatePiece } from './calls.ts';
import { arriving, damaged, isDamaged } from './damage.ts';
import type { Network } from './network.ts';

export function serveCoordinator(
  world: World,
  network: Network,
  process: SimulatedProcess,
  handlers: CoordinatorHandlers,
): void {
  /** What a client is told where a handler threw. Anything but a GanglionError is a bug. */
  const failure = (error: unknown): GanglionError => {
    if (error instanceof GanglionError) return error;
    world.checks.fail(`a handler of the coordinator threw ${error instanceof Error ? error.stack : error}`);
    return new GanglionError({ code: 'refused', message: describeError(error), remedy: '' });
  };
  const attempt = <Value>(end: { close(why?: GanglionError): void }, work: () => Value): Value | undefined => {
    try {
      return work();
    } catch (error) {
      end.close(failure(error));
      return undefined;
    }
  };

  const control = (end: ServerEnd<'control'>) => {
    let isRefused = false;
    const listener: SessionListener = handlers.openSession({
      send(message) {
        if (end.isOver || !process.isAlive) return;
        isRefused ||= message.type === 'refused';
        world.note(`${process.name} tells ${end.other.process.name} ${describeMessage(message)}`);
        world.checks.told(process.name, message);
        end.send(message);
      },
      end: () => {
        if (!isRefused) world.checks.takenForLost(process, end.other.process.name);
        end.close();
      },
    });
    end.listen({
      message: (message) => void attempt(end, () => listener.message(message)),
      end: () => {
        end.close();
        listener.closed();
      },
    });
  };

  const minibatches = (end: ServerEnd<'minibatches'>, call: Extract<Call, { name: 'minibatches' }>) => {
    let rows: Iterator<{ phase: number; samples: Uint8Array }> | undefined;
    let credit = 0;
    let isPumping = false;
    const pump = async () => {
      if (isPumping || !rows) return;
      isPumping = true;
      try {
        while (credit > 0 && !end.isOver) {
          const next = rows.next();
          if (next.done) return end.close();
          credit -= 1;
          end.send({ phase: next.value.phase, samples: next.value.samples, last: true });
          await end.drained();
        }
      } catch (error) {
        if (!end.isOver) end.close(failure(error));
      } finally {
        isPumping = false;
      }
    };
    end.listen({
      message: (message) => {
        attempt(end, () => {
          rows ??= handlers.minibatches(call.head, call.fromPhase)[Symbol.iterator]();
        });
        credit += message.credit;
        void pump();
      },
      end: () => end.close(),
    });
  };

  const download = async (end: ServerEnd<'download'>, { head, phase }: Extract<Call, { name: 'download' }>) => {
    end.listen({ message: () => undefined, end: () => end.close() });
    try {
      const { state, sha256 } = await handlers.downloadState(head.runId, head.generation, phase);
      for (const piece of piecesOf(state, sha256)) end.send(piece);
      end.close();
    } catch (error) {
      end.close(failure(error));
    }
  };

  const upload = async (end: ServerEnd<'upload'>, { head, phase }: Extract<Call, { name: 'upload' }>) => {
    try {
      end.send(await handlers.uploadState(head, phase, piecesThatCome(world, end)));
      end.close();
    } catch (error) {
      end.close(failure(error));
    }
  };

  const reduce = (end: ServerEnd<'reduce'>, { head }: Extract<Call, { name: 'reduce' }>) => {
    let isOpen = true;
    let listener: ReduceListener | undefined;
    const closed = () => {
      if (!isOpen) return;
      isOpen = false;
      listener?.closed();
      end.close();
    };
    listener = attempt(end, () =>
      handlers.joinReduce(head, {
        send(chunk) {
          end.send({ ...chunk, values: Uint8Array.from(chunk.values) });
          return end.drained();
        },
        end: () => end.close(),
      }),
    );
    end.listen({
      message: (chunk) => {
        const refuse = (error: unknown) => {
          end.close(failure(error));
          closed();
        };
        if (isDamaged(world)) return refuse(damaged('A chunk'));
        end.pause();
        listener?.chunk(chunk).then(() => end.resume(), refuse);
      },
      end: closed,
    });
  };

  network.serve(COORDINATOR, process, (head, endpoint) => {
    const call = head as Call;
    if (call.name === 'control') control(endpoint);
    else if (call.name === 'minibatches') minibatches(endpoint, call);
    else if (call.name === 'download') void download(endpoint, call);
    else if (call.name === 'upload') void upload(endpoint, call);
    else reduce(endpoint, call);
  });
}

/** The pieces of an upload as they come; throws where the client goes before it has sent all. */
async function* piecesThatCome(world: World, end: ServerEnd<'upload'>): AsyncIterable<StatePiece> {
  const come: StatePiece[] = [];
  let ended: { why: GanglionError | undefined } | undefined;
  let wake: () => void = () => undefined;
  end.listen({
    message: (piece) => {
      come.push({ ...piece, data: arriving(world, piece.data) });
      wake();
    },
    end: (why) => {
      ended = { why };
      wake();
    },
  });
  for (;;) {
    const piece = come.shift();
    if (piece) yield piece;
    else if (ended?.why) throw ended.why;
    else if (ended) return;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}
