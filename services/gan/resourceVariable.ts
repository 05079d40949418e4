/** A TensorFlow resource variable: memory that the optimizers' kernels update in place. */
import { randomUUID } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf, Variable } from './kernels.ts';
import type { RawOps } from './rawOps.ts';

export interface ResourceVariable extends Variable {
  readonly handle: Tensor;
}

export function resourceVariable(tf: Tf, raw: RawOps, shape: readonly number[]): ResourceVariable {
  const type = raw.floatType('dtype');
  // The name only has to be unique in the process: two replicas must never share memory.
  const name = raw.text('shared_name', `ganglion-${randomUUID()}`);
  const handle = tf.keep(raw.compute('VarHandleOp', [type, raw.shape('shape', shape), name], []));
  const assign = (value: Tensor) => raw.run('AssignVariableOp', [type], [handle, value]);
  tf.tidy(() => assign(tf.zeros([...shape])));
  return {
    shape,
    handle,
    // No copy: the tensor shares the variable's memory. An update while it lives would copy first, and cost a pass.
    read: () => raw.compute('ReadVariableOp', [type], [handle]),
    // A copy, because the tensor may share the memory of the array until the first update.
    assign: (values) => tf.tidy(() => assign(tf.tensor(values.slice(), [...shape]))),
    set: (next) => {
      assign(next);
      // The variable shares its memory, and must be the only one for the next update to be in place.
      next.dispose();
    },
    tensorCount: 1,
    dispose: () => {
      raw.run('DestroyResourceOp', [], [handle]);
      handle.dispose();
    },
  };
}
