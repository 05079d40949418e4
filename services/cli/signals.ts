/** Ctrl-C and SIGTERM: the first asks, the second skips the clean-up. */
import { EXIT } from './exitCode.ts';

export interface Interruption {
  /** Resolves at the first signal with its name. */
  readonly asked: Promise<NodeJS.Signals>;
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/** From now on a signal does not end the process by itself; a second one does, at once. */
export function listenForSignals(from: Pick<NodeJS.Process, 'on' | 'off' | 'exit'> = process): Interruption {
  const controller = new AbortController();
  const { promise: asked, resolve } = withResolvers<NodeJS.Signals>();
  const on = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) from.exit(EXIT.interrupted);
    controller.abort();
    resolve(signal);
  };
  from.on('SIGINT', on);
  from.on('SIGTERM', on);
  return {
    asked,
    signal: controller.signal,
    release() {
      from.off('SIGINT', on);
      from.off('SIGTERM', on);
    },
  };
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
