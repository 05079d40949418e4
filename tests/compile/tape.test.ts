/**
 * Proves that tfjs's own gradients compile as well, with the same bits: convolutions forth and back, batch moments, and a
 * gradient penalty, which differentiates a gradient.
 */
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { compiledFunction } from '../../services/compile/compiledFunction.ts';
import type { Computation } from '../../services/compile/tracer.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf, seam } = await startTensorflow();

const SAMPLES = 16;
const keep = <T extends Tensor>(tensor: T): T => tf.keep(tensor);
const kernel = keep(tf.randomNormal([4, 4, 1, 32], 0, 0.2, 'float32', 1) as Tensor4D);
const deep = keep(tf.randomNormal([4, 4, 32, 64], 0, 0.1, 'float32', 2) as Tensor4D);
const dense = keep(tf.randomNormal([7 * 7 * 64, 1], 0, 0.1, 'float32', 3) as Tensor2D);
const up = keep(tf.randomNormal([4, 4, 1, 32], 0, 0.2, 'float32', 4) as Tensor4D);

function critic(images: Tensor, first: Tensor, second: Tensor, last: Tensor): Tensor {
  const leaky = (x: Tensor) => tf.add(tf.mul(x, 0.2), tf.mul(tf.relu(x), 0.8));
  const one = leaky(tf.conv2d(images as Tensor4D, first as Tensor4D, 2, 'same'));
  const two = tf.conv2d(one as Tensor4D, second as Tensor4D, 2, 'same');
  const { mean, variance } = tf.moments(two, [0, 1, 2]);
  const normal = leaky(tf.div(tf.sub(two, mean), tf.sqrt(tf.add(variance, 1e-5))));
  return tf.matMul(tf.reshape(normal, [SAMPLES, -1]), last as Tensor2D);
}

const CASES: Record<string, Computation> = {
  'the gradient of a convolutional critic with batch moments': ({ images, first, second, last }) => {
    const loss = (a: Tensor, b: Tensor, c: Tensor) => tf.sum(tf.softplus(critic(images as Tensor, a, b, c)));
    return tf.grads(loss)([first as Tensor, second as Tensor, last as Tensor]);
  },
  'a transposed convolution and its gradient': ({ images, up: weights }) => {
    const half = tf.tile(tf.avgPool(images as Tensor4D, 2, 2, 'same'), [1, 1, 1, 32]);
    const paint = (w: Tensor) => tf.conv2dTranspose(half as Tensor4D, w as Tensor4D, [SAMPLES, 28, 28, 1], 2, 'same');
    return [paint(weights as Tensor), tf.grad((w) => tf.sum(tf.square(tf.relu(paint(w)))))(weights as Tensor)];
  },
  'a gradient penalty': ({ images, last }) => {
    const flat = tf.slice(tf.reshape(images as Tensor, [SAMPLES, 784]), [0, 0], [SAMPLES, 784]);
    const weights = tf.slice(last as Tensor, [0, 0], [784, 1]);
    const penalty = (w: Tensor) => {
      const slope = tf.grad((x) => tf.sum(tf.softplus(tf.matMul(tf.square(x as Tensor2D), w as Tensor2D))))(flat);
      return tf.sum(tf.square(slope));
    };
    return tf.grads(penalty)([weights]);
  },
};

it.each(Object.entries(CASES))('%s', (_name, compute) => {
  const compiled = compiledFunction(seam, compute, (why) => expect.fail(why));
  for (let call = 0; call < 4; call += 1) {
    tf.tidy(() => {
      const images = tf.randomUniform([SAMPLES, 28, 28, 1], 0, 1, 'float32', 10 + call);
      const inputs = { images, first: kernel, second: deep, last: dense, up };
      const actual = compiled.call(inputs);
      const expected = compute(inputs);
      expect(actual.map((tensor) => tensor.shape)).toEqual(expected.map((tensor) => tensor.shape));
      for (const [index, tensor] of expected.entries()) {
        const values = tensor.dataSync();
        expect(actual[index]?.dataSync()).toEqual(values);
        expect(values.some((value) => value !== 0)).toBe(true);
      }
    });
  }
  expect(compiled.compiled).toBe(true);
  compiled.dispose();
});
