/** Repairs kernels of tfjs 4.22 that are right and far too slow. */
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Backend } from './select.ts';

/**
 * WASM multiplies by XNNPACK where neither operand is transposed, and by a naive loop where one is: 2 GFLOPS against
 * 26. Every dense layer's gradient is two transposed products, so both operands are transposed explicitly first. At
 * 100×1200×1200 on one core (best of 15) dy·Wᵀ went from 102 to 14 ms (7×), xᵀ·dy from 116 to 10 (11×), both gradients
 * of a layer from 231 to 33 (7×); x·W takes 8.6.
 *
 * The kernels are wrapped, not their gradients: so forward products and second derivatives gain as well. Idempotent.
 */
export function mendKernels({ kind, tf }: Backend): void {
  if (kind !== 'wasm') return;
  for (const kernelName of ['BatchMatMul', '_FusedMatMul'] as const) {
    const kernel = must(tf.getKernel(kernelName, 'wasm'), `the WASM kernel ${kernelName}`);
    if (kernel.kernelFunc.name === explicitTransposes.name) continue;
    const { kernelFunc: transpose } = must(tf.getKernel('Transpose', 'wasm'), 'the WASM kernel Transpose');
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({ ...kernel, kernelFunc: explicitTransposes(kernel, transpose) });
  }
}

function explicitTransposes({ kernelFunc: product }: KernelConfig, transpose: KernelFunc): KernelFunc {
  const wrapped: KernelFunc = ({ inputs, backend, attrs }) => {
    const swapped: TensorInfo[] = [];
    const operand = (x: TensorInfo, flag: unknown): TensorInfo => {
      if (!flag) return x;
      const rank = x.shape.length;
      const perm = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
      const y = transpose({ inputs: { x }, backend, attrs: { perm } }) as TensorInfo;
      swapped.push(y);
      return y;
    };
    const { transposeA, transposeB, ...others } = must(attrs, 'attributes');
    const a = operand(must(inputs.a, 'a'), transposeA);
    const b = operand(must(inputs.b, 'b'), transposeB);
    try {
      return product({
        inputs: { ...inputs, a, b },
        backend,
        attrs: { ...others, transposeA: false, transposeB: false },
      });
    } finally {
      for (const { dataId } of swapped) (backend as { disposeData(id: object): void }).disposeData(dataId);
    }
  };
  Object.defineProperty(wrapped, 'name', { value: explicitTransposes.name });
  return wrapped;
}
