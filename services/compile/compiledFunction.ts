/**
 * The life of one computation: its first call is traced, its second runs both ways and compares every bit, and from
 * the third on the session alone computes. The second call has other inputs than the first, so that a value which was
 * taken for constant and is not shows up as a difference.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { describeError } from '../errors/ganglionError.ts';
import { difference } from './difference.ts';
import type { SeamBackend } from './seam.ts';
import { openSession, type Session } from './session.ts';
import { type Computation, type Inputs, trace } from './tracer.ts';

export interface CompiledFunction {
  /** The outputs belong to the caller's tidy. */
  call(inputs: Inputs): readonly Tensor[];
  /** Whether a session computes it now. */
  readonly compiled: boolean;
  dispose(): void;
}

type Stage =
  | { readonly name: 'untraced' }
  | { readonly name: 'unproven'; readonly session: Session }
  | { readonly name: 'proven'; readonly session: Session }
  | { readonly name: 'eager' };

/**
 * @param compute see `trace`; the shapes of its inputs never change.
 * @param fellBack is told, once, why this computation stays op by op.
 */
export function compiledFunction(
  backend: SeamBackend,
  compute: Computation,
  fellBack: (why: string) => void,
): CompiledFunction {
  let stage: Stage = { name: 'untraced' };
  const fallBack = (why: string) => {
    if ('session' in stage) stage.session.dispose();
    stage = { name: 'eager' };
    fellBack(why);
  };

  function first(inputs: Inputs): readonly Tensor[] {
    const { outputs, recorded } = trace(backend, inputs, compute);
    if (typeof recorded === 'string') {
      fallBack(recorded);
      return outputs;
    }
    try {
      stage = { name: 'unproven', session: openSession(backend, recorded) };
    } catch (error) {
      fallBack(`its graph cannot be loaded: ${firstLine(error)}`);
    }
    return outputs;
  }

  function second(session: Session, inputs: Inputs): readonly Tensor[] {
    const outputs = compute(inputs);
    let differs: string | undefined;
    try {
      differs = difference(session.run(inputs), outputs);
    } catch (error) {
      differs = firstLine(error);
    }
    if (differs === undefined) stage = { name: 'proven', session };
    else fallBack(`its graph does not give the same bits: ${differs}`);
    return outputs;
  }

  return {
    call: (inputs) => {
      switch (stage.name) {
        case 'untraced':
          return first(inputs);
        case 'unproven':
          return second(stage.session, inputs);
        case 'proven':
          return stage.session.run(inputs);
        case 'eager':
          return compute(inputs);
      }
    },
    get compiled() {
      return stage.name === 'proven';
    },
    dispose: () => {
      if ('session' in stage) stage.session.dispose();
      stage = { name: 'eager' };
    },
  };
}

/** TensorFlow's errors name the node again on further lines. */
function firstLine(error: unknown): string {
  return describeError(error).split('\n', 1).join();
}
