/**
 * A small classifier of digits: two convolutions (LeCun et al. 1998, with ReLU and max pooling), one layer of 64 features,
 * ten classes. Images are 28 × 28 values in [0, 1].
 *
 * Shape suffixes: N images, H height, W width, C channels, F features, K classes.
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { TensorSpec } from '../../checkpoint/safetensors.ts';
import { must } from '../../errors/invariant.ts';
import type { Tf } from '../../gan/kernels.ts';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;
export const FEATURES = 64;

/** In the order of the file. */
export const PARAMETERS: readonly TensorSpec[] = [
  { name: 'conv1.weight', shape: [5, 5, 1, 16] },
  { name: 'conv1.bias', shape: [16] },
  { name: 'conv2.weight', shape: [5, 5, 16, 32] },
  { name: 'conv2.bias', shape: [32] },
  { name: 'features.weight', shape: [7 * 7 * 32, FEATURES] },
  { name: 'features.bias', shape: [FEATURES] },
  { name: 'classes.weight', shape: [FEATURES, CLASSES] },
  { name: 'classes.bias', shape: [CLASSES] },
];

export function sizeOf({ shape }: TensorSpec): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** @param parameters in the order of PARAMETERS. Call it inside a tidy. */
export function forward(
  tf: Tf,
  parameters: readonly Tensor[],
  images_NP: Tensor2D,
): { features_NF: Tensor2D; logits_NK: Tensor2D } {
  const parameter = (index: number) => must(parameters[index], 'parameter');
  const images_NHWC = tf.reshape(images_NP, [-1, SIDE, SIDE, 1]) as Tensor4D;
  const block = (input_NHWC: Tensor4D, first: number) => {
    const mapped = tf.conv2d(input_NHWC, parameter(first) as Tensor4D, 1, 'same');
    return tf.maxPool(tf.relu(tf.add(mapped, parameter(first + 1))) as Tensor4D, 2, 2, 'valid');
  };
  const flat = tf.reshape(block(block(images_NHWC, 0), 2), [-1, 7 * 7 * 32]) as Tensor2D;
  const features_NF = tf.relu(tf.add(tf.matMul(flat, parameter(4) as Tensor2D), parameter(5) as Tensor1D)) as Tensor2D;
  const logits_NK = tf.add(tf.matMul(features_NF, parameter(6) as Tensor2D), parameter(7) as Tensor1D) as Tensor2D;
  return { features_NF, logits_NK };
}
