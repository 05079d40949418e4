/** Proves that the mended WASM products equal the plain ones, in value and gradient, and never run transposed. */
import type { KernelConfig, Rank, Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { mendKernels } from '../../services/backend/mends.ts';
import { type Backend, selectBackend } from '../../services/backend/select.ts';
import { must } from '../../services/errors/invariant.ts';

let wasm: Backend;
const flagsSeen: boolean[] = [];

beforeAll(async () => {
  await selectBackend({ require: 'cpu', intraOpThreads: 1 });
  wasm = await selectBackend({ require: 'wasm', intraOpThreads: 1 });
  for (const kernelName of ['BatchMatMul', '_FusedMatMul']) spyOn(kernelName);
  mendKernels(wasm);
  mendKernels(wasm);
});

/** Records the flags that reach the real kernel. */
function spyOn(kernelName: string): void {
  const kernel: KernelConfig = must(wasm.tf.getKernel(kernelName, 'wasm'), kernelName);
  wasm.tf.unregisterKernel(kernelName, 'wasm');
  wasm.tf.registerKernel({
    ...kernel,
    kernelFunc: (call) => {
      flagsSeen.push(Boolean(call.attrs?.transposeA), Boolean(call.attrs?.transposeB));
      return kernel.kernelFunc(call);
    },
  });
}

const FLAGS = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;
const SHAPES = [
  ['a layer', [7, 5], [5, 3]],
  ['a column', [1, 5], [5, 1]],
  ['a batch of products', [2, 4, 5], [2, 5, 3]],
] as const;

/** The product and both gradients of the sum of its squares. */
async function numbers(
  backend: string,
  a: readonly number[],
  b: readonly number[],
  [tA, tB]: readonly [boolean, boolean],
) {
  const { tf } = wasm;
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const turned = (shape: readonly number[], flag: boolean) =>
      flag ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : [...shape];
    const waves = (shape: number[], phase: number): Tensor<Rank> => {
      const size = shape.reduce((x, y) => x * y, 1);
      return tf.tensor(
        Float32Array.from({ length: size }, (_, i) => Math.sin(i + phase)),
        shape,
      );
    };
    const product = (x: Tensor, y: Tensor) => tf.matMul(x, y, tA, tB);
    const inputs = [waves(turned(a, tA), 0), waves(turned(b, tB), 1)] as const;
    const [da, db] = tf.grads((x, y) => tf.sum(tf.square(product(x as Tensor, y as Tensor))))([...inputs]);
    return [product(...inputs), must(da, 'da'), must(db, 'db')].map((x) => ({
      shape: x.shape,
      values: [...x.dataSync()],
    }));
  });
}

describe('mendKernels', () => {
  it.each(SHAPES.flatMap(([name, a, b]) => FLAGS.map((flags) => ({ name, a, b, flags }))))(
    '$name with flags $flags equals plain JavaScript',
    async ({ a, b, flags }) => {
      const plain = await numbers('cpu', a, b, flags);
      const mended = await numbers('wasm', a, b, flags);
      expect(mended.map(({ shape }) => shape)).toEqual(plain.map(({ shape }) => shape));
      mended.forEach(({ values }, which) => {
        for (const [i, value] of values.entries()) {
          expect(value).toBeCloseTo(plain[which]?.values[i] ?? Number.NaN, 4);
        }
      });
    },
  );

  it('mends the fused product as well', async () => {
    const { tf } = wasm;
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const [a, b, bias] = [tf.ones([4, 2]), tf.ones([3, 4]), tf.ones([3])] as const;
      const y = tf.fused.matMul({
        a: a as Tensor,
        b: b as Tensor,
        transposeA: true,
        transposeB: true,
        bias,
        activation: 'relu',
      });
      expect([y.shape, [...y.dataSync()]]).toEqual([
        [2, 3],
        [5, 5, 5, 5, 5, 5],
      ]);
    });
  });

  it('keeps no tensor', async () => {
    const { tf } = wasm;
    await tf.setBackend('wasm');
    const before = tf.memory();
    tf.tidy(() => tf.matMul(tf.ones([4, 3]), tf.ones([2, 4]), true, true).dataSync());
    tf.tidy(() => tf.matMul(tf.ones([1, 3]), tf.ones([2, 1]), true, true).dataSync());
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });

  it('lets no transposed product through', () => {
    expect(flagsSeen.length).toBeGreaterThan(0);
    expect(flagsSeen).not.toContain(true);
  });
});
