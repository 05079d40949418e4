/** Proves that our function in the addon copies what the package's own gives, and refuses what does not fit. */
import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { rawOps } from '../../services/gan/rawOps.ts';
import { Arena } from '../../services/simd/arena.ts';
import { startTensorflow } from '../compile/tensorflow.ts';

const { tf } = await startTensorflow();
const raw = rawOps(tf);

function within(use: (tensor: Tensor) => void, tensor: Tensor): void {
  use(tensor);
  tensor.dispose();
}

describe('read', () => {
  it('copies the bits, NaN and −0 too, to where they are wanted and nowhere else', () => {
    const values = Float32Array.of(1.5, Number.NaN, -0, Number.NEGATIVE_INFINITY, 1e-45, 3);
    for (const room of [new Float32Array(8), new Float32Array(new SharedArrayBuffer(32)), new Arena().floats(8)]) {
      room.fill(7);
      within((tensor) => raw.read(tensor, room.subarray(1, 7)), tf.tensor2d(values, [2, 3]));
      expect(Array.from(room)).toEqual([7, ...values, 7]);
    }
  });

  it('reads what an op gave, again and again, without a new tensor', () => {
    const room = new Float32Array(4);
    const before = tf.memory().numTensors;
    within(
      (sum) => {
        raw.read(sum, room);
        raw.read(sum, room);
      },
      tf.tidy(() => tf.add(tf.ones([4]), tf.range(0, 4))),
    );
    expect([Array.from(room), tf.memory().numTensors]).toEqual([[1, 2, 3, 4], before]);
  });

  it('reads an empty tensor', () => {
    within((tensor) => raw.read(tensor, new Float32Array(0)), tf.tensor1d([], 'float32'));
  });

  it.each([
    ['a shorter room', new Float32Array(3), 'float32', 'readTensor: a tensor of 16 bytes is not 3 float32 values'],
    ['a longer room', new Float32Array(5), 'float32', 'readTensor: a tensor of 16 bytes is not 5 float32 values'],
    ['another type', new Float32Array(4), 'int32', 'readTensor: a tensor of 16 bytes is not 4 float32 values'],
    ['another room', new Int32Array(4), 'float32', "readTensor: takes a tensor's id and a Float32Array"],
  ] as const)('refuses %s', (_name, room, dtype, message) => {
    within(
      (tensor) => expect(() => raw.read(tensor, room as Float32Array)).toThrow(message),
      tf.tensor1d([1, 2, 3, 4], dtype),
    );
  });
});
