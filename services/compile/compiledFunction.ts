/**
 * The life of one computation: its first call is traced, its second runs both ways and compares every bit, and from
 * the third on its graph alone computes. The second call has other inputs than the first, so that a value which was
 * taken for constant and is not shows up as a difference.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { describeError } from '../errors/ganglionError.ts';
import { difference } from './difference.ts';
import { addFunction, type GraphFunction } from './graphFunction.ts';
import { scratchVariables } from './scratchVariables.ts';
import type { SeamBackend } from './seam.ts';
import { type Computation, type Inputs, trace } from './tracer.ts';

export interface CompiledFunction {
  /** The outputs belong to the caller's tidy. */
  call(inputs: Inputs): readonly Tensor[];
  /** Whether its graph computes it now. */
  readonly compiled: boolean;
  dispose(): void;
}

type Stage =
  | { readonly name: 'untraced' }
  | { readonly name: 'unproven'; readonly graph: GraphFunction }
  | { readonly name: 'proven'; readonly graph: GraphFunction }
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
    if ('graph' in stage) stage.graph.dispose();
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
      stage = { name: 'unproven', graph: addFunction(backend, recorded) };
    } catch (error) {
      fallBack(`its graph cannot be loaded: ${firstLine(error)}`);
    }
    return outputs;
  }

  function second(graph: GraphFunction, inputs: Inputs): readonly Tensor[] {
    const scratch = scratchVariables(backend, graph.recording.variables);
    try {
      const actual = attempt(() => graph.run(inputs, scratch.handles));
      const outputs = compute(inputs);
      const variables = scratch.values();
      const differs =
        typeof actual === 'string'
          ? actual
          : (difference('output', actual, outputs) ?? difference('variable', variables.scratch, variables.own));
      if (differs === undefined) stage = { name: 'proven', graph };
      else fallBack(`its graph does not give the same bits: ${differs}`);
      return outputs;
    } finally {
      scratch.dispose();
    }
  }

  return {
    call: (inputs) => {
      switch (stage.name) {
        case 'untraced':
          return first(inputs);
        case 'unproven':
          return second(stage.graph, inputs);
        case 'proven':
          return stage.graph.run(inputs);
        case 'eager':
          return compute(inputs);
      }
    },
    get compiled() {
      return stage.name === 'proven';
    },
    dispose: () => {
      if ('graph' in stage) stage.graph.dispose();
      stage = { name: 'eager' };
    },
  };
}

/** Its result, or the error as a sentence. */
function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return firstLine(error);
  }
}

/** TensorFlow's errors name the node again on further lines. */
function firstLine(error: unknown): string {
  return describeError(error).split('\n', 1).join();
}
