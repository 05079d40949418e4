/** A recording as a function of TensorFlow's eager context: the whole computation in one call, on the variables themselves. */
import { createHash, randomUUID } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import { graphOf } from './graph.ts';
import { encodeGraph, runAsWritten } from './messages.ts';
import type { Recording } from './recording.ts';
import type { Binding, OpAttribute, SeamBackend } from './seam.ts';
import type { Inputs } from './tracer.ts';

export interface GraphFunction {
  readonly recording: Recording;
  /**
   * The outputs belong to the caller's tidy.
   * @param handles what stands in for the recording's variables; default: they themselves.
   */
  run(inputs: Inputs, handles?: readonly number[]): readonly Tensor[];
  dispose(): void;
}

/**
 * Throws an Error where TensorFlow does not take the graph.
 * @param isXla its first run compiles it by XLA, and throws where XLA cannot; without, TensorFlow runs it as it is written.
 */
export function addFunction(backend: SeamBackend, recording: Recording, isXla = false): GraphFunction {
  const { binding } = backend;
  const { nodes, given, results, changes } = graphOf(recording, binding);
  const graph = encodeGraph(nodes);
  // Functions of a process share one context, and never a name; but what XLA has compiled stays until the process ends, some
  // 3 MB each, and is found again by its name where a run comes back.
  const name = `ganglion_${isXla ? createHash('sha256').update(graph).digest('hex') : randomUUID().replaceAll('-', '_')}`;
  binding.addFunction(name, graph, given, results, changes);
  const options = runAsWritten();
  const call = (ids: readonly number[]) =>
    isXla
      ? binding.executeOp(name, [mustCompile(binding)], ids, results.length)
      : binding.runFunction(name, options, ids, results.length);
  const variables = recording.variables.map(({ handle }) => handle);
  return {
    recording,
    run: (inputs, handles = variables) => {
      const fed = recording.inputs.map((input) => must(inputs[input.name], input.name));
      const ids = [...backend.getInputTensorIds(fed), ...handles];
      return call(ids).map((output) => backend.createOutputTensor(output));
    },
    dispose: () => binding.removeFunction(name),
  };
}

/** What `jit_compile` of Python's `tf.function` sets: all of it by XLA, or an error. */
function mustCompile({ TF_ATTR_BOOL }: Binding): OpAttribute {
  return { name: '_XlaMustCompile', type: TF_ATTR_BOOL, value: true };
}
