/**
 * Ctrl-C and SIGTERM: the first asks, the second skips the clean-up. Under `npx` the signal does not come: npm gives it to a shell
 * in between, which dies of it and passes nothing on. There the loss of the parent is the signal.
 */
import { EXIT } from './exitCode.ts';

export interface Interruption {
  /** Resolves at the first signal with its name. */
  readonly asked: Promise<NodeJS.Signals>;
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

const LOOK_MS = 500;

/** From now on a signal does not end the process by itself; a second one does, at once. */
export function listenForSignals(
  from: Pick<NodeJS.Process, 'on' | 'off' | 'exit' | 'ppid' | 'env'> = process,
): Interruption {
  const controller = new AbortController();
  const { promise: asked, resolve } = withResolvers<NodeJS.Signals>();
  const on = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) from.exit(EXIT.interrupted);
    controller.abort();
    resolve(signal);
  };
  from.on('SIGINT', on);
  from.on('SIGTERM', on);
  const parent = from.ppid;
  const look = () => {
    if (from.ppid === parent) return;
    clearInterval(looking);
    on('SIGTERM');
  };
  const looking = from.env.npm_command === 'exec' ? setInterval(look, LOOK_MS).unref() : undefined;
  return {
    asked,
    signal: controller.signal,
    release() {
      clearInterval(looking);
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
