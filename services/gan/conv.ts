/** Convolution and transposed convolution with a bias for each channel, or for each value, on images as [n, values]. */
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { AffineMap, AffineParameters } from './affineLayer.ts';
import { convolution } from './convolution.ts';
import type { Kernels, Tf } from './kernels.ts';
import type { ConvConfig, Shape } from './shapes.ts';

/** @param outputShape before any maximum over pieces. */
export function convMap(
  tf: Tf,
  kernels: Kernels,
  { weight, bias }: AffineParameters,
  config: ConvConfig,
  shapes: { readonly inputShape: Shape; readonly outputShape: Shape },
): AffineMap {
  const { inputShape, outputShape } = shapes;
  const { kernel, stride, padding, untiedBias } = config;
  const isDown = config.type !== 'conv-transpose';
  const [large, small] = isDown ? [inputShape, outputShape] : [outputShape, inputShape];
  const { down, up, filterGradient } = convolution(tf, { large, small, kernel, stride, padding });
  const image = (values: Tensor2D, [height = 0, width = 0, channels = 0]: Shape) =>
    tf.reshape(values, [-1, height, width, channels]) as Tensor4D;
  const flat = (images: Tensor4D) => tf.reshape(images, [images.shape[0], -1]) as Tensor2D;
  const filter = () => weight.read() as Tensor4D;
  const biases = must(bias.shape[0], 'biases');
  /** As a bias and its gradient see an image: a row for each place, a column for each channel; untied, a row for each image. */
  const places = (values: Tensor2D) => (untiedBias ? values : (tf.reshape(values, [-1, biases]) as Tensor2D));
  const linear = (x: Tensor2D) => {
    const images = image(x, inputShape);
    return flat(isDown ? down(images, filter()) : up(images, filter()));
  };
  return {
    linear,
    forward: (x) => {
      const z = linear(x);
      return tf.reshape(kernels.addBias(places(z), bias.read() as Tensor1D), z.shape) as Tensor2D;
    },
    inputGradient: (dz) => {
      const images = image(dz, outputShape);
      return flat(isDown ? up(images, filter()) : down(images, filter()));
    },
    weightGradient: (x, dz) => {
      const [images, dImages] = [image(x, inputShape), image(dz, outputShape)];
      return isDown ? filterGradient(images, dImages) : filterGradient(dImages, images);
    },
    biasGradient: (dz) => kernels.biasGradient(places(dz)),
    zeroBiasGradient: () => tf.zeros([biases]),
  };
}
