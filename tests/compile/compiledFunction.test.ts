/**
 * Proves the life of a compiled computation: traced at its first call, compared bit by bit at its second, replayed from the
 * third on with the variables' newest values; and each way in which it stays op by op instead, told once and by its cause.
 */
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compiledFunction } from '../../services/compile/compiledFunction.ts';
import type { Computation } from '../../services/compile/tracer.ts';
import { tensorflowKernels } from '../../services/gan/tensorflowKernels.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf, seam, counts } = await startTensorflow();
const kernels = tensorflowKernels(tf);

/** Calls `compute` once for each of `values`, compiled and not, and returns what both gave, as plain numbers. */
function play(compute: Computation, values: readonly number[]) {
  const told: string[] = [];
  let runs = 0;
  const counting: Computation = (inputs) => {
    runs += 1;
    return compute(inputs);
  };
  const compiled = compiledFunction(seam, counting, (why) => told.push(why));
  const before = counts();
  const results = values.map((value) =>
    tf.tidy(() => {
      const numbers = (tensors: readonly Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);
      const x = tf.fill([2, 3], value);
      const actual = numbers(compiled.call({ x }));
      const eagerly = runs;
      const expected = numbers(compute({ x }));
      return { actual, expected, eagerly };
    }),
  );
  const after = counts();
  const { compiled: replays } = compiled;
  compiled.dispose();
  expect(counts().sessions).toBe(before.sessions);
  expect(after.tensors).toBe(before.tensors);
  for (const { actual, expected } of results) expect(actual).toEqual(expected);
  return { told, runs, replays };
}

const VALUES = [1, 2, 3, 4];
const input = (inputs: Parameters<Computation>[0]) => inputs.x as Tensor2D;

describe('a computation that can be compiled', () => {
  it('runs op by op twice, and then in its session', () => {
    const compute: Computation = (inputs) => {
      const y = tf.tanh(tf.add(tf.matMul(input(inputs), tf.ones([3, 3])), 0.5));
      return [y, tf.max(y, 1), input(inputs), y];
    };
    expect(play(compute, VALUES)).toEqual({ told: [], runs: 2, replays: true });
  });

  it('reads variables anew, however they were updated', () => {
    const variable = kernels.variable([3]);
    variable.assign(Float32Array.of(1, 2, 3));
    const rate = tf.scalar(0.5);
    const compiled = compiledFunction(
      seam,
      (inputs) => [tf.add(tf.mul(input(inputs), variable.read()), variable.read())],
      (why) => expect.fail(why),
    );
    for (const value of [...VALUES, 5]) {
      tf.tidy(() => {
        const x = tf.fill([1, 3], value);
        const [actual] = compiled.call({ x });
        const expected = tf.add(tf.mul(x, variable.read()), variable.read());
        expect(actual?.dataSync()).toEqual(expected.dataSync());
        kernels.descend(variable, tf.tensor1d([value, 1, -value]), rate);
      });
    }
    expect(compiled.compiled).toBe(true);
    compiled.dispose();
    variable.dispose();
    rate.dispose();
  });

  it('takes attributes of every kind', () => {
    const compute: Computation = (inputs) => {
      const image: Tensor4D = tf.reshape(input(inputs), [1, 2, 3, 1]);
      const kernel: Tensor4D = tf.ones([2, 2, 1, 2]);
      const seen = tf.conv2d(image, kernel, 1, 'same');
      return [tf.leakyRelu(seen, 0.3), tf.cast(tf.argMax(seen, 3), 'float32')];
    };
    expect(play(compute, VALUES)).toEqual({ told: [], runs: 2, replays: true });
  });
});

describe('a computation that stays op by op', () => {
  let calls = 0;
  const outside = tf.keep(tf.fill([2, 3], 7));
  const variable = kernels.variable([2, 3]);
  const cases: Record<string, [Computation, string]> = {
    'reads a value on the way': [
      (inputs) => {
        const x = input(inputs);
        return [tf.mul(x, x.dataSync()[0] === 2 ? 3 : 4)];
      },
      'it reads values of a tensor on the way',
    ],
    'changes state': [
      (inputs) => {
        kernels.descend(variable, input(inputs), tf.scalar(0));
        return [tf.neg(input(inputs))];
      },
      'ResourceApplyGradientDescent changes state',
    ],
    'reads a tensor that is no input': [
      (inputs) => [tf.add(input(inputs), outside)],
      'Add reads a tensor that was made outside',
    ],
    'makes a large constant': [
      (inputs) => [tf.add(tf.sum(tf.tensor1d(new Float32Array(200_000).fill(1))), input(inputs))],
      'it makes a tensor of 800000 bytes, where constants have 524288',
    ],
    'has a number that changes from call to call': [
      (inputs) => {
        calls += 1;
        // Twice for each value: the first time by the compiled function, then to compare; both with the same number.
        return [tf.mul(input(inputs), Math.ceil(calls / 2))];
      },
      'its graph does not give the same bits: 6 bytes of output 1 of 1 differ',
    ],
  };

  it.each(Object.entries(cases))('because it %s', (_name, [compute, why]) => {
    calls = 0;
    const { told, runs, replays } = play(compute, VALUES);
    expect({ told, runs, replays }).toEqual({ told: [why], runs: 4, replays: false });
  });

  it('because its graph cannot be loaded', () => {
    const backend = tf.backend() as unknown as {
      executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly Tensor[]): Tensor;
    };
    // Op by op the type is told from the input; a graph must say it.
    const { told, runs, replays } = play((inputs) => [backend.executeSingleOutput('Neg', [], [input(inputs)])], VALUES);
    expect({ runs, replays }).toEqual({ runs: 4, replays: false });
    expect(told).toEqual(["its graph cannot be loaded: Failed to load SavedModel: No attr named 'T' in NodeDef:"]);
  });
});
