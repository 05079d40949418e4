/**
 * Proves the life of a computation under `compile: xla`: what it gives is XLA's from the first call on, and of the same bits for
 * whoever begins later; and each way in which it cannot be, told at every call and never made up for op by op.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { CompiledFunction } from '../../services/compile/compiledFunction.ts';
import type { Computation } from '../../services/compile/tracer.ts';
import { xlaFunction } from '../../services/compile/xlaFunction.ts';
import { tensorflowKernels } from '../../services/gan/tensorflowKernels.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf, seam, counts } = await startTensorflow();
const kernels = tensorflowKernels(tf);
const input = (inputs: Parameters<Computation>[0]) => inputs.x as Tensor2D;
const numbers = (tensors: readonly Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);
/** Rows of different values: those of a batch that is all one number round alike in every order. */
const batch = (call: number) => tf.randomNormal([64, 48], 0, 1, 'float32', call) as Tensor2D;

it('gives XLA’s bits from its first call on, whoever begins when', () => {
  const weight = kernels.variable([48, 64]);
  weight.assign(tf.tidy(() => tf.randomNormal([48, 64], 0, 1, 'float32', 7).dataSync<'float32'>()));
  let runs = 0;
  const compute: Computation = (inputs) => {
    runs += 1;
    const y = tf.sigmoid(tf.matMul(input(inputs), weight.read() as Tensor2D));
    return [y, tf.sum(tf.exp(tf.tanh(y)), 0)];
  };
  const before = counts();
  const [early, late] = [xlaFunction(seam, 'y', compute), xlaFunction(seam, 'y', compute)];
  const results = [1, 2, 3, 4].map((call) =>
    tf.tidy(() => {
      const x = batch(call);
      const given = numbers(early.call({ x }));
      if (call > 2) expect(numbers(late.call({ x }))).toEqual(given);
      return { given, opByOp: numbers(compute({ x })) };
    }),
  );
  // Op by op beside the first two calls of each, and four times here.
  expect(runs).toBe(8);
  expect([early.compiled, late.compiled]).toEqual([true, true]);
  for (const { given, opByOp } of results) {
    expect(given).not.toEqual(opByOp);
    for (const [output, values] of given.entries()) {
      for (const [index, value] of values.entries()) expect(value).toBeCloseTo(opByOp[output]?.[index] ?? 0, 4);
    }
  }
  const last = batch(5);
  const lateValues = () => tf.tidy(() => numbers(late.call({ x: last })));
  const given = lateValues();
  early.dispose();
  // They share what XLA has compiled, and neither takes it from the other.
  expect(lateValues()).toEqual(given);
  last.dispose();
  late.dispose();
  expect(counts()).toEqual(before);
  weight.dispose();
});

function calling(computed: CompiledFunction, call: number): void {
  tf.tidy(() => void computed.call({ x: batch(call) }));
}

describe('a computation that XLA cannot have', () => {
  let factor = 1;
  const outside = tf.keep(tf.fill([64, 48], 7));
  const cases: Record<string, [Computation, string]> = {
    'has an op that XLA lacks': [
      (inputs) => {
        const image = tf.reshape(input(inputs), [1, 64, 48, 1]);
        return [tf.image.cropAndResize(image as never, [[0, 0, 1, 1]], tf.tensor1d([0], 'int32'), [2, 2])];
      },
      'it has no kernel for CropAndResize.',
    ],
    'reads a value on the way': [
      (inputs) => [tf.mul(input(inputs), input(inputs).dataSync()[0] ?? 0)],
      'it reads values of a tensor on the way',
    ],
    'reads a tensor that is no input': [
      (inputs) => [tf.add(input(inputs), outside)],
      'Add reads a tensor that was made outside',
    ],
    'gives a graph that does not load': [
      (inputs) => {
        const backend = tf.backend() as unknown as {
          executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly Tensor[]): Tensor;
        };
        return [backend.executeSingleOutput('Neg', [], [input(inputs)])];
      },
      "NodeDef missing attr 'T' from Op<name=Neg;",
    ],
  };

  it.each(Object.entries(cases))('because it %s, says so at every call', (_name, [compute, why]) => {
    const before = counts();
    const computed = xlaFunction(seam, 'the stage', compute);
    for (const call of [1, 2]) {
      const attempt = () => calling(computed, call);
      expect(attempt).toThrow(`XLA cannot compute "the stage": ${why}`);
      expect(attempt).toThrow(
        expect.objectContaining({ code: 'backend', remedy: expect.stringContaining('compile: auto') }),
      );
    }
    expect(computed.compiled).toBe(false);
    computed.dispose();
    expect(counts()).toEqual(before);
  });

  it('because a number in it changes from call to call: the second call finds it', () => {
    factor = 1;
    const computed = xlaFunction(seam, 'the stage', (inputs) => [tf.mul(input(inputs), factor)]);
    calling(computed, 1);
    factor = 1.1;
    for (const call of [2, 3]) {
      expect(() => calling(computed, call)).toThrow(
        /it computes something else than op by op: \d+ of the 3072 values of output 1 of 1 are apart by up to 0\.\d+, which rounding explains to 0\.0/,
      );
    }
    computed.dispose();
  });
});
