/**
 * Pooling of images [n, height, width, channels] in windows that all lie inside: the maximum, the average, and what a gradient
 * or a tangent makes of them. One implementation speaks TensorFlow's kernels. The other is a convolution of each channel by
 * itself, whose filters pick one place of the window each: for WASM, which lacks the gradients, and for plain JS.
 */
import type { Tensor4D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import { convolution } from './convolution.ts';
import type { Tf } from './kernels.ts';
import { rawOps } from './rawOps.ts';

export interface WindowGeometry {
  /** Rows and columns of an image, and of what its windows give. */
  readonly image: readonly [number, number];
  readonly pooled: readonly [number, number];
  readonly channels: number;
  readonly size: number;
  readonly stride: number;
}

export interface Windows {
  maximum(x: Tensor4D): Tensor4D;
  /** To the first place of each window that has the maximum y, row by row. */
  maximumGradient(x: Tensor4D, y: Tensor4D, dy: Tensor4D): Tensor4D;
  /** The tangent of y, by that of x. */
  maximumTangent(x: Tensor4D, y: Tensor4D, tangent: Tensor4D): Tensor4D;
  average(x: Tensor4D): Tensor4D;
  averageGradient(dy: Tensor4D): Tensor4D;
}

export function createWindows(tf: Tf, geometry: WindowGeometry): Windows {
  return tf.getBackend() === 'tensorflow' ? tensorflowWindows(tf, geometry) : plainWindows(tf, geometry);
}

function tensorflowWindows(tf: Tf, { image, channels, size, stride }: WindowGeometry): Windows {
  const raw = rawOps(tf);
  const attributes = [
    raw.float,
    raw.integers('ksize', [1, size, size, 1]),
    raw.integers('strides', [1, stride, stride, 1]),
    raw.text('padding', 'VALID'),
    raw.text('data_format', 'NHWC'),
  ];
  return {
    maximum: (x) => raw.compute('MaxPool', attributes, [x]) as Tensor4D,
    maximumGradient: (x, y, dy) => raw.compute('MaxPoolGrad', attributes, [x, y, dy]) as Tensor4D,
    maximumTangent: (x, y, tangent) => raw.compute('MaxPoolGradGrad', attributes, [x, y, tangent]) as Tensor4D,
    average: (x) => raw.compute('AvgPool', attributes, [x]) as Tensor4D,
    averageGradient: (dy) => {
      const shape = tf.tensor1d([dy.shape[0], ...image, channels], 'int32');
      return raw.compute('AvgPoolGrad', attributes, [shape, dy]) as Tensor4D;
    },
  };
}

function plainWindows(tf: Tf, { image, pooled, channels, size, stride }: WindowGeometry): Windows {
  const places = size * size;
  const shapes = { large: [...image, 1], small: [...pooled, places], kernel: size, stride, padding: 'valid' } as const;
  const { down, up } = convolution(tf, shapes);
  const picks = () => tf.reshape(tf.eye(places), [size, size, 1, places]) as Tensor4D;
  const shares = () => tf.fill([size, size, 1, 1], 1 / places) as Tensor4D;
  /** [n × channels, height, width, 1] and back. */
  const apart = (x: Tensor4D) =>
    tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [
      -1,
      must(x.shape[1], 'rows'),
      must(x.shape[2], 'columns'),
      1,
    ]) as Tensor4D;
  const together = (x: Tensor4D) =>
    tf.transpose(tf.reshape(x, [-1, channels, x.shape[1], x.shape[2]]) as Tensor4D, [0, 2, 3, 1]) as Tensor4D;
  const seen = (x: Tensor4D) => down(apart(x), picks());
  // As integers first: see maxout.ts.
  const winners = (x: Tensor4D) => tf.cast(tf.oneHot(tf.argMax(seen(x), 3), places), 'float32') as Tensor4D;
  return {
    maximum: (x) => together(tf.max<Tensor4D>(seen(x), 3, true)),
    maximumGradient: (x, _y, dy) => together(up(tf.mul(winners(x), apart(dy)), picks())),
    maximumTangent: (x, _y, tangent) => together(tf.sum<Tensor4D>(tf.mul(winners(x), seen(tangent)), 3, true)),
    average: (x) => together(down(apart(x), shares())),
    averageGradient: (dy) => together(up(apart(dy), shares())),
  };
}
