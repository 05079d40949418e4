/**
 * A convolution between a large image and a small one (larger by the stride), in its three directions: down is the layer
 * `conv`, up is `conv-transpose`, and the filter's gradient is the same for both. Images are [n, height, width, channels].
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { invariant, must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';
import type { Shape } from './shapes.ts';

export interface ConvGeometry {
  /** [height, width, channels] of one image. */
  readonly large: Shape;
  readonly small: Shape;
  readonly kernel: number;
  readonly stride: number;
  /** A number: so many zeros around the large image, on each side. */
  readonly padding: 'same' | 'valid' | number;
}

export interface Convolution {
  /** @param filter [kernel, kernel, large channels, small channels], here and below. */
  down(large: Tensor4D, filter: Tensor4D): Tensor4D;
  up(small: Tensor4D, filter: Tensor4D): Tensor4D;
  /** Gradient of the filter, where one side is what was convolved and the other the gradient of what came out. */
  filterGradient(large: Tensor4D, small: Tensor4D): Tensor4D;
}

export function convolution(tf: Tf, geometry: ConvGeometry): Convolution {
  const { padding } = geometry;
  return typeof padding === 'number'
    ? paddedConvolution(tf, geometry, padding)
    : plainConvolution(tf, { ...geometry, padding });
}

/** TensorFlow's gradients take no number. */
function paddedConvolution(tf: Tf, geometry: ConvGeometry, by: number): Convolution {
  const [height = 0, width = 0, channels = 0] = geometry.large;
  const large = [height + 2 * by, width + 2 * by, channels];
  const { down, up, filterGradient } = plainConvolution(tf, { ...geometry, large, padding: 'valid' });
  const padded = (images: Tensor4D) =>
    tf.pad4d(images, [
      [0, 0],
      [by, by],
      [by, by],
      [0, 0],
    ]);
  return {
    down: (images, filter) => down(padded(images), filter),
    up: (small, filter) => tf.slice4d(up(small, filter), [0, by, by, 0], [-1, height, width, -1]),
    filterGradient: (images, small) => filterGradient(padded(images), small),
  };
}

type UnpaddedGeometry = ConvGeometry & { readonly padding: 'same' | 'valid' };

function plainConvolution(tf: Tf, geometry: UnpaddedGeometry): Convolution {
  const { stride, padding, kernel } = geometry;
  const [height = 0, width = 0, largeChannels = 0] = geometry.large;
  const smallChannels = must(geometry.small[2], 'channels');
  return {
    down: (large, filter) => tf.conv2d(large, filter, stride, padding),
    up: (small, filter) => {
      return tf.conv2dTranspose(small, filter, [small.shape[0], height, width, largeChannels], stride, padding);
    },
    filterGradient: (large, small) => {
      // WASM has no kernel for it.
      if (tf.getBackend() === 'wasm') return tf.tidy(() => filterGradientByConvolution(tf, geometry, large, small));
      const attributes = {
        ...{ strides: [stride, stride], pad: padding, dataFormat: 'NHWC' },
        filterShape: [kernel, kernel, largeChannels, smallChannels],
      };
      const [gradient] = [tf.engine().runKernel('Conv2DBackpropFilter', { x: large, dy: small }, attributes)].flat();
      return must(gradient as Tensor | undefined, 'gradient') as Tensor4D;
    },
  };
}

/**
 * dF[i, j, c, f] = Σ over n, y, x of large[n, y·stride + i, x·stride + j, c] · small[n, y, x, f]: a convolution as well, in
 * which channels and samples change places, and the stride becomes the distance of the filter's values.
 */
function filterGradientByConvolution(tf: Tf, geometry: UnpaddedGeometry, large: Tensor4D, small: Tensor4D): Tensor4D {
  const { kernel, stride } = geometry;
  const seen = [0, 1].map((axis) => {
    const [size, count] = [must(geometry.large[axis], 'size'), must(geometry.small[axis], 'size')];
    const needed = (count - 1) * stride + kernel;
    const total = geometry.padding === 'same' ? Math.max(needed - size, 0) : 0;
    // TensorFlow puts the odd one behind.
    return { needed, before: Math.floor(total / 2), after: Math.ceil(total / 2) };
  });
  const [rows, columns] = [must(seen[0], 'rows'), must(seen[1], 'columns')];
  const padded = tf.pad4d(large, [
    [0, 0],
    [rows.before, rows.after],
    [columns.before, columns.after],
    [0, 0],
  ]);
  const window = tf.slice4d(padded, [0, 0, 0, 0], [-1, rows.needed, columns.needed, -1]);
  const images = tf.transpose<Tensor4D>(window, [3, 1, 2, 0]);
  const filter = tf.transpose<Tensor4D>(small, [1, 2, 0, 3]);
  const gradient = tf.conv2d(images, filter, 1, 'valid', 'NHWC', stride);
  invariant(gradient.shape[1] === kernel && gradient.shape[2] === kernel, 'a gradient of the filter’s shape');
  return tf.transpose<Tensor4D>(gradient, [1, 2, 0, 3]);
}
