/** Proves that every TensorFlow op is counted under its name, and that the backend is left as it was. */
import { beforeAll, expect, it } from 'vitest';
import { kernelTimes } from '../../services/bench/kernelTimes.ts';
import { must } from '../../services/errors/invariant.ts';
import type { Tf } from '../../services/gan/kernels.ts';
import { testBackends } from '../gan/backends.ts';

let tf: Tf;

beforeAll(async () => {
  const tensorflow = testBackends().find(({ kind }) => kind === 'tensorflow');
  tf = await must(tensorflow, 'tensorflow').start();
});

it('counts calls and sums their time, the costliest first', () => {
  const doors = () => {
    const { executeSingleOutput, executeMultipleOutputs } = tf.backend() as unknown as Record<string, unknown>;
    return { executeSingleOutput, executeMultipleOutputs };
  };
  const before = doors();
  const x = tf.ones([300, 300]);
  const times = kernelTimes(tf, 'tensorflow', () => {
    tf.tidy(() => tf.matMul(tf.matMul(x, x), x).relu());
  });
  expect(times.map(({ op, calls }) => [op, calls])).toEqual(
    expect.arrayContaining([
      ['BatchMatMulV2', 2],
      ['Relu', 1],
    ]),
  );
  expect(times.map(({ ms }) => ms)).toEqual(times.map(({ ms }) => ms).sort((a, b) => b - a));
  expect(times.every(({ ms }) => ms > 0)).toBe(true);
  expect(doors()).toEqual(before);
  x.dispose();
});

it('leaves the backend as it was after an error too', () => {
  const before = (tf.backend() as unknown as Record<string, unknown>).executeSingleOutput;
  expect(() =>
    kernelTimes(tf, 'tensorflow', () => {
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect((tf.backend() as unknown as Record<string, unknown>).executeSingleOutput).toBe(before);
});
