/** The compiled computations of one replica, by key: each is a TensorFlow function of its own. */
import type { Tensor } from '@tensorflow/tfjs';
import { invariant } from '../errors/invariant.ts';
import { type CompiledFunction, compiledFunction } from './compiledFunction.ts';
import { seamOf } from './seam.ts';
import type { Computation, Inputs } from './tracer.ts';
import { xlaFunction } from './xlaFunction.ts';

/**
 * A replica has at most 20: the fakes, D's gradient with and without a penalty and G's, times two sizes of its shards (they
 * differ by one sample), times two for the short minibatch at an epoch's end; then the update of each network, and the sums of
 * its gradient's values.
 */
const FUNCTIONS_MAX = 20;

/** How many computations run in which way, for a log line and for tests. */
export interface CompileCounts {
  readonly compiled: number;
  readonly fellBack: number;
}

export interface Compiler {
  /**
   * The bits of op by op.
   * @param key names the computation: the same key stands for the same function, inputs and shapes.
   * @param compute a function of `inputs` and of variables alone, called inside a tidy; it may change variables.
   */
  call(key: string, inputs: Inputs, compute: Computation): readonly Tensor[];
  /** The same for one that changes no variable; with `compile: xla` the bits are XLA's, and a call may throw `backend`. */
  gradient(key: string, inputs: Inputs, compute: Computation): readonly Tensor[];
  readonly counts: CompileCounts;
  /** Releases the graphs. */
  dispose(): void;
}

export interface CompileListeners {
  /** Is told which computation stays op by op, and why. */
  fellBack(computation: string, why: string): void;
  /** Is told which one XLA begins to compile: seconds. */
  byXla(computation: string): void;
}

/**
 * @param backend tfjs-node's backend object.
 * @param isXla whether XLA compiles the gradients.
 */
export function createCompiler(backend: object, isXla: boolean, { fellBack, byXla }: CompileListeners): Compiler {
  const seam = seamOf(backend);
  const functions = new Map<string, CompiledFunction>();
  let fallbacks = 0;
  const call = (key: string, inputs: Inputs, create: () => CompiledFunction) => {
    let found = functions.get(key);
    if (found === undefined) {
      // One more must not stay op by op in silence: by XLA it would have other bits.
      invariant(functions.size < FUNCTIONS_MAX, `a replica has at most ${FUNCTIONS_MAX} computations`);
      found = create();
      functions.set(key, found);
    }
    return found.call(inputs);
  };
  const sameBits: Compiler['call'] = (key, inputs, compute) =>
    call(key, inputs, () =>
      compiledFunction(seam, compute, (why) => {
        fallbacks += 1;
        fellBack(key, why);
      }),
    );
  return {
    call: sameBits,
    gradient: isXla
      ? (key, inputs, compute) =>
          call(key, inputs, () => {
            byXla(key);
            return xlaFunction(seam, key, compute);
          })
      : sameBits,
    get counts() {
      return { compiled: [...functions.values()].filter(({ compiled }) => compiled).length, fellBack: fallbacks };
    },
    dispose: () => {
      for (const one of functions.values()) one.dispose();
      functions.clear();
    },
  };
}

/** Computes everything op by op: for the backends that have no graphs, and for `compile: off`. */
export const eagerCompiler: Compiler = {
  call: (_key, inputs, compute) => compute(inputs),
  gradient: (_key, inputs, compute) => compute(inputs),
  counts: { compiled: 0, fellBack: 0 },
  dispose: () => {},
};
