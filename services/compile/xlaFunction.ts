/**
 * The life of a computation under `compile: xla`: what it gives is XLA's from its first call on, on every worker, so that
 * whoever joins or resumes later has the others' bits. Its first two calls run op by op as well, with different inputs, and
 * their results are dropped: they find a graph that is wrong, and no call ever falls back to them.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';
import type { CompiledFunction } from './compiledFunction.ts';
import { difference } from './difference.ts';
import { addFunction, type GraphFunction } from './graphFunction.ts';
import { roundingJudge } from './rounding.ts';
import type { SeamBackend } from './seam.ts';
import { type Computation, type Inputs, trace } from './tracer.ts';
import { xlaComplaint } from './xlaComplaint.ts';

/** XLA's kernels that are another function, too near to TensorFlow's for a comparison to find it in every network. */
const OTHER_FUNCTIONS: Readonly<Record<string, string>> = {
  MaxPoolGradGrad: 'its MaxPoolGradGrad takes for equal what differs below the digits of bfloat16',
};

type Stage =
  | { readonly name: 'untraced' }
  | { readonly name: 'unproven'; readonly graph: GraphFunction }
  | { readonly name: 'proven'; readonly graph: GraphFunction };

/**
 * A call throws `backend`, which ends the run, where XLA cannot compute it or computes something else.
 * @param computation names it in that sentence.
 * @param compute changes no variable; see `trace`.
 */
export function xlaFunction(backend: SeamBackend, computation: string, compute: Computation): CompiledFunction {
  let stage: Stage = { name: 'untraced' };

  function first(inputs: Inputs): readonly Tensor[] {
    const { outputs, recorded } = trace(backend, inputs, compute);
    if (typeof recorded === 'string') throw unfit(computation, recorded);
    const other = recorded.ops.map(({ name }) => OTHER_FUNCTIONS[name]).find((why) => why !== undefined);
    if (other !== undefined) throw unfit(computation, other);
    invariant(
      recorded.variables.every(({ isChanged }) => !isChanged),
      'what XLA computes changes no variable',
    );
    let graph: GraphFunction | undefined;
    try {
      graph = addFunction(backend, recorded, true);
      const actual = graph.run(inputs);
      compare(actual, outputs);
      stage = { name: 'unproven', graph };
      return actual;
    } catch (error) {
      graph?.dispose();
      throw error instanceof GanglionError ? error : unfit(computation, xlaComplaint(error));
    }
  }

  function compare(actual: readonly Tensor[], expected: readonly Tensor[]): void {
    const differs = difference('output', actual, expected, roundingJudge(expected));
    if (differs !== undefined) throw unfit(computation, `it computes something else than op by op: ${differs}`);
  }

  return {
    call: (inputs) => {
      if (stage.name === 'untraced') return first(inputs);
      const actual = stage.graph.run(inputs);
      if (stage.name === 'unproven') {
        compare(actual, compute(inputs));
        stage = { ...stage, name: 'proven' };
      }
      return actual;
    },
    get compiled() {
      return stage.name === 'proven';
    },
    dispose: () => {
      if ('graph' in stage) stage.graph.dispose();
      stage = { name: 'untraced' };
    },
  };
}

function unfit(computation: string, why: string): GanglionError {
  return new GanglionError({
    code: 'backend',
    message: `XLA cannot compute "${computation}": ${why}.`,
    remedy: 'Launch the run with `compile: auto`.',
  });
}
