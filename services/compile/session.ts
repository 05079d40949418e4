/** A recording in a TensorFlow session: the whole computation in one call. */
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import { graphOf } from './graph.ts';
import type { Recording } from './recording.ts';
import { loadGraph } from './savedModel.ts';
import type { SeamBackend } from './seam.ts';
import type { Inputs } from './tracer.ts';

export interface Session {
  /** The outputs belong to the caller's tidy. */
  run(inputs: Inputs): readonly Tensor[];
  dispose(): void;
}

/** Throws an Error where TensorFlow does not take the graph. */
export function openSession(backend: SeamBackend, recording: Recording): Session {
  const { binding } = backend;
  const { nodes, feeds, fetches } = graphOf(recording, binding);
  const id = loadGraph(binding, nodes);
  const [feedNames, fetchNames] = [feeds.join(), fetches.join()];
  return {
    run: (inputs) => {
      // On the CPU neither a read nor a feed copies anything: they share the variable's memory.
      const values = recording.captures.map(
        ({ handle, attributes }) => must(binding.executeOp('ReadVariableOp', attributes, [handle], 1)[0], 'value').id,
      );
      try {
        const fed = recording.inputs.map(({ name }) => must(inputs[name], name));
        const ids = [...backend.getInputTensorIds(fed), ...values];
        return binding.runSavedModel(id, ids, feedNames, fetchNames).map((one) => backend.createOutputTensor(one));
      } finally {
        // Before the next update: it would have to copy the variable if somebody still read it.
        for (const value of values) binding.deleteTensor(value);
      }
    },
    dispose: () => binding.deleteSavedModel(id),
  };
}
