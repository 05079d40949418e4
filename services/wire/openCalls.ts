/** The calls that a server has open: a shutdown ends each by a status of its own, where a cut connection would look like a crash. */
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';

export class OpenCalls {
  readonly #calls = new Set<ServerInterceptingCallInterface>();

  /** Counts the calls of a connection. */
  readonly interceptor: ServerInterceptor = (_, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        this.#calls.add(call);
        next({ onCancel: () => void this.#calls.delete(call) });
      },
      // What a handler has to say after the end is nobody's any more.
      sendMessage: (message, next) => this.#calls.has(call) && next(message),
      sendStatus: (answer, next) => this.#calls.delete(call) && next(answer),
    });

  endAll(): void {
    for (const call of this.#calls) call.sendStatus({ code: status.CANCELLED, details: 'The coordinator shuts down.' });
    this.#calls.clear();
  }
}
