/** Variables that stand in for those that a recording changes, while its graph is tried: theirs must change once, op by op. */
import { randomUUID } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { RecordedVariable } from './recording.ts';
import type { Binding, OpAttribute, SeamBackend, TensorMetadata } from './seam.ts';

export interface ScratchVariables {
  /** In the order of the recording's variables; those that it only reads are themselves. */
  readonly handles: readonly number[];
  /** The values of the changed ones, now, in what stands in and in themselves. They belong to the caller's tidy. */
  values(): { readonly scratch: readonly Tensor[]; readonly own: readonly Tensor[] };
  dispose(): void;
}

/** Each begins with the value that its variable has. */
export function scratchVariables(backend: SeamBackend, variables: readonly RecordedVariable[]): ScratchVariables {
  const changed = variables.filter(({ isChanged }) => isChanged).map(({ handle }) => handle);
  const standIns = changed.map((handle) => copyOf(backend.binding, handle));
  const values = (handles: readonly number[]) =>
    handles.map((handle) => backend.createOutputTensor(read(backend.binding, handle)));
  return {
    handles: variables.map(({ handle, isChanged }) =>
      isChanged ? must(standIns[changed.indexOf(handle)], 'variable') : handle,
    ),
    values: () => ({ scratch: values(standIns), own: values(changed) }),
    dispose: () => {
      for (const handle of standIns) {
        backend.binding.executeOp('DestroyResourceOp', [], [handle], 0);
        backend.binding.deleteTensor(handle);
      }
    },
  };
}

function read(binding: Binding, handle: number): TensorMetadata {
  return must(binding.executeOp('ReadVariableOp', [dtype(binding)], [handle], 1)[0], 'value');
}

/** It shares the variable's memory until one of the two is changed. */
function copyOf(binding: Binding, handle: number): number {
  const value = read(binding, handle);
  const shape = { name: 'shape', type: binding.TF_ATTR_SHAPE, value: value.shape };
  // The name only has to be unique in the process.
  const name = { name: 'shared_name', type: binding.TF_ATTR_STRING, value: `scratch-${randomUUID()}` };
  const { id } = must(binding.executeOp('VarHandleOp', [dtype(binding), shape, name], [], 1)[0], 'handle');
  binding.executeOp('AssignVariableOp', [dtype(binding)], [id, value.id], 0);
  binding.deleteTensor(value.id);
  return id;
}

function dtype(binding: Binding): OpAttribute {
  return { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}
