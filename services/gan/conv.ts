/** Convolution and transposed convolution with a bias for each channel and an activation, on images as [n, values]. */
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { convolution } from './convolution.ts';
import type { AffineParameters } from './dense.ts';
import type { Kernels, Tf } from './kernels.ts';
import type { Layer } from './layer.ts';
import type { ConvConfig, Shape } from './shapes.ts';

export function convLayer(
  tf: Tf,
  kernels: Kernels,
  { weight, bias }: AffineParameters,
  config: ConvConfig,
  shapes: { readonly inputShape: Shape; readonly outputShape: Shape },
): Layer {
  const { inputShape, outputShape } = shapes;
  const { kernel, stride, padding, activation, filters } = config;
  const isDown = config.type === 'conv';
  const [large, small] = isDown ? [inputShape, outputShape] : [outputShape, inputShape];
  const { down, up, filterGradient } = convolution(tf, { large, small, kernel, stride, padding });
  const image = (values: Tensor2D, [height = 0, width = 0, channels = 0]: Shape) =>
    tf.reshape(values, [-1, height, width, channels]) as Tensor4D;
  const flat = (images: Tensor4D) => tf.reshape(images, [images.shape[0], -1]) as Tensor2D;
  const filter = () => weight.read() as Tensor4D;
  /** A row for each place, a column for each channel: as a bias and its gradient see an image. */
  const places = (values: Tensor2D) => tf.reshape(values, [-1, filters]) as Tensor2D;
  return {
    forward: (input, pass) => {
      const images = image(input, inputShape);
      const z = flat(isDown ? down(images, filter()) : up(images, filter()));
      const biased = kernels.addBias(places(z), bias.read() as Tensor1D);
      const output = kernels.activate(tf.reshape(biased, z.shape) as Tensor2D, activation);
      return { input, output, selection: undefined, groups: pass?.groups ?? 1 };
    },
    backward: (trace, dOutput, wanted) => {
      const dz = kernels.activationGradient(dOutput, trace.output, activation);
      const [images, dImages] = [image(trace.input, inputShape), image(dz, outputShape)];
      const back = () => flat(isDown ? up(dImages, filter()) : down(dImages, filter()));
      const gradients = () => [
        isDown ? filterGradient(images, dImages) : filterGradient(dImages, images),
        kernels.biasGradient(places(dz)),
      ];
      return { input: wanted.input ? back() : undefined, parameters: wanted.parameters ? gradients() : [] };
    },
  };
}
