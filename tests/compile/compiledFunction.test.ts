/**
 * Proves the life of a compiled computation: traced at its first call, compared bit by bit at its second, replayed from the
 * third on with the variables' newest values; and each way in which it stays op by op instead, told once and by its cause.
 */
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compiledFunction } from '../../services/compile/compiledFunction.ts';
import type { Computation } from '../../services/compile/tracer.ts';
import { rawOps } from '../../services/gan/rawOps.ts';
import { resourceVariable } from '../../services/gan/resourceVariable.ts';
import { tensorflowKernels } from '../../services/gan/tensorflowKernels.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf, seam, counts } = await startTensorflow();
const kernels = tensorflowKernels(tf);
const raw = rawOps(tf);

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
  expect(after.tensors).toBe(before.tensors);
  for (const { actual, expected } of results) expect(actual).toEqual(expected);
  return { told, runs, replays };
}

const VALUES = [1, 2, 3, 4];
const input = (inputs: Parameters<Computation>[0]) => inputs.x as Tensor2D;

describe('a computation that can be compiled', () => {
  it('runs op by op twice, and then as its graph', () => {
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

describe('a computation that changes variables', () => {
  const names = ['weight', 'm', 'v', 'average'] as const;
  const fresh = () => {
    const [weight, m, v, average] = names.map(() => kernels.variable([2, 3]));
    if (!weight || !m || !v || !average) throw new Error('four variables');
    weight.assign(Float32Array.of(1, 2, 3, 4, 5, 6));
    return { weight, m, v, average };
  };
  /** Reads what it has just changed, changes what it has just read, and gives back both values. */
  const update =
    ({ weight, m, v, average }: ReturnType<typeof fresh>): Computation =>
    ({ x, rate }) => {
      const before = tf.mul(weight.read(), 2);
      kernels.descend(weight, x as Tensor, rate as Scalar);
      weight.set(tf.tidy(() => tf.minimum(weight.read(), 4)));
      const scalars = { rate: tf.scalar(0.1), beta1: tf.scalar(0.5), beta2: tf.scalar(0.9), epsilon: tf.scalar(1e-3) };
      kernels.adam(weight, m, v, x as Tensor, scalars);
      kernels.average(average, weight, rate as Scalar);
      return [before, tf.add(average.read(), weight.read())];
    };
  const values = (variables: ReturnType<typeof fresh>) =>
    names.map((name) => tf.tidy(() => [...variables[name].read().dataSync()]));

  it('changes each once a call, in the order of its ops, with the bits of an eager twin', () => {
    const [own, twin] = [fresh(), fresh()];
    const before = counts();
    const compiled = compiledFunction(seam, update(own), (why) => expect.fail(why));
    for (const value of [...VALUES, 5, 6]) {
      tf.tidy(() => {
        const inputs = { x: tf.fill([2, 3], value - 3), rate: tf.scalar(0.5 / value) };
        const actual = compiled.call(inputs).map((tensor) => [...tensor.dataSync()]);
        expect(actual).toEqual(update(twin)(inputs).map((tensor) => [...tensor.dataSync()]));
      });
      expect(values(own)).toEqual(values(twin));
    }
    expect(compiled.compiled).toBe(true);
    compiled.dispose();
    expect(counts()).toEqual(before);
    for (const variable of [...Object.values(own), ...Object.values(twin)]) variable.dispose();
  });

  it('stays op by op, and changes each once, where its graph gives other bits', () => {
    const [own, twin] = [fresh(), fresh()];
    const told: string[] = [];
    let calls = 0;
    // A factor that is no input: it is taken for constant.
    const factor = (count: number) => Math.ceil(count / 2);
    const of =
      ({ weight }: ReturnType<typeof fresh>): Computation =>
      ({ x, rate }) => {
        calls += 1;
        kernels.descend(weight, tf.mul(x as Tensor, factor(calls)), rate as Scalar);
        return [];
      };
    const compiled = compiledFunction(seam, of(own), (why) => told.push(why));
    for (const value of VALUES) {
      tf.tidy(() => {
        const inputs = { x: tf.fill([2, 3], value), rate: tf.scalar(0.5) };
        compiled.call(inputs);
        of(twin)(inputs);
      });
      expect(values(own)).toEqual(values(twin));
    }
    expect(told).toEqual([
      expect.stringMatching(/^its graph does not give the same bits: \d bytes of variable 1 of 1 differ$/),
    ]);
    compiled.dispose();
    for (const variable of [...Object.values(own), ...Object.values(twin)]) variable.dispose();
  });
});

describe('a computation that stays op by op', () => {
  let calls = 0;
  const outside = tf.keep(tf.fill([2, 3], 7));
  const variable = resourceVariable(tf, raw, [2, 3]);
  const cases: Record<string, [Computation, string]> = {
    'reads a value on the way': [
      (inputs) => {
        const x = input(inputs);
        return [tf.mul(x, x.dataSync()[0] === 2 ? 3 : 4)];
      },
      'it reads values of a tensor on the way',
    ],
    'changes a variable by an op that is not known': [
      (inputs) => {
        raw.run('AssignAddVariableOp', [raw.floatType('dtype')], [variable.handle, input(inputs)]);
        return [tf.neg(input(inputs))];
      },
      'AssignAddVariableOp changes state',
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
    expect(told).toEqual([
      expect.stringMatching(/^its graph cannot be loaded: NodeDef missing attr 'T' from Op<name=Neg;/),
    ]);
  });
});
