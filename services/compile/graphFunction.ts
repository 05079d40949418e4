/** A recording as a function of TensorFlow's eager context: the whole computation in one call, on the variables themselves. */
import { randomUUID } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import { graphOf } from './graph.ts';
import { encodeGraph, runAsWritten } from './messages.ts';
import type { Recording } from './recording.ts';
import type { SeamBackend } from './seam.ts';
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

/** Throws an Error where TensorFlow does not take the graph. */
export function addFunction(backend: SeamBackend, recording: Recording): GraphFunction {
  const { binding } = backend;
  const { nodes, given, results, changes } = graphOf(recording, binding);
  // Functions of a process share one context, and never a name.
  const name = `ganglion_${randomUUID().replaceAll('-', '_')}`;
  binding.addFunction(name, encodeGraph(nodes), given, results, changes);
  const options = runAsWritten();
  const variables = recording.variables.map(({ handle }) => handle);
  return {
    recording,
    run: (inputs, handles = variables) => {
      const fed = recording.inputs.map((input) => must(inputs[input.name], input.name));
      const ids = [...backend.getInputTensorIds(fed), ...handles];
      return binding
        .runFunction(name, options, ids, results.length)
        .map((output) => backend.createOutputTensor(output));
    },
    dispose: () => binding.removeFunction(name),
  };
}
