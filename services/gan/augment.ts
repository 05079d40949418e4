/**
 * Differentiable augmentation on the device (Zhao et al. 2020): brightness, saturation, contrast, then the shift and the cut. Each
 * is linear in the sample but for what brightness adds, and its transpose takes a gradient back. The numbers are inputs,
 * drawn in `augmentDraw.ts`. Shape suffixes: N samples, P pixels, C channels.
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { AugmentDraw, Choice } from './augmentDraw.ts';
import type { Kernels, Tf } from './kernels.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/** @param back also what the gradient needs. */
export function augmentTensors(tf: Tf, prefix: string, draw: AugmentDraw, back: boolean): Tensors {
  const column = (values: Float32Array) => tf.tensor2d(values, [values.length, 1]);
  const choice = (name: string, { from, keep }: Choice) => ({
    [`${prefix}.${name}.from`]: tf.tensor1d(from, 'int32'),
    [`${prefix}.${name}.keep`]: tf.tensor1d(keep),
  });
  return {
    [`${prefix}.brightness`]: column(draw.brightness),
    [`${prefix}.saturation`]: column(draw.saturation),
    [`${prefix}.contrast`]: column(draw.contrast),
    ...choice('seen', draw.seen),
    ...(back ? choice('back', draw.back) : {}),
  };
}

export interface Device {
  readonly tf: Tf;
  readonly kernels: Kernels;
}

/** What D sees of samples [n, values]. */
export function augmented(
  device: Device,
  given: Tensors,
  prefix: string,
  channels: number,
  samples: Tensor2D,
): Tensor2D {
  const { tf } = device;
  const input = (name: string) => must(given[`${prefix}.${name}`], name);
  const bright = tf.add<Tensor2D>(samples, input('brightness'));
  const saturated = aboutGrey(tf, bright, input('saturation'), channels);
  return chosen(device, aboutMean(tf, saturated, input('contrast')), input('seen.from'), input('seen.keep'));
}

/** The gradient by the samples, by that of what D saw. */
export function augmentedBack(
  device: Device,
  given: Tensors,
  prefix: string,
  channels: number,
  dSeen: Tensor2D,
): Tensor2D {
  const { tf } = device;
  const input = (name: string) => must(given[`${prefix}.${name}`], name);
  const dContrasted = chosen(device, dSeen, input('back.from'), input('back.keep'));
  // Both are symmetric: each is its own transpose.
  return aboutGrey(tf, aboutMean(tf, dContrasted, input('contrast')), input('saturation'), channels);
}

/** m + factor·(x − m) with m the mean over a pixel's channels; nothing where there is one. */
function aboutGrey(tf: Tf, x: Tensor2D, factor_N1: Tensor, channels: number): Tensor2D {
  if (channels === 1) return x;
  const x_NPC = tf.reshape(x, [x.shape[0], -1, channels]) as Tensor3D;
  const grey_NP1 = tf.mean<Tensor3D>(x_NPC, 2, true);
  const stretched = tf.mul<Tensor3D>(tf.sub(x_NPC, grey_NP1), tf.reshape(factor_N1, [-1, 1, 1]));
  return tf.reshape(tf.add(stretched, grey_NP1), x.shape) as Tensor2D;
}

/** The same with m the mean over the sample. */
function aboutMean(tf: Tf, x: Tensor2D, factor_N1: Tensor): Tensor2D {
  const mean_N1 = tf.mean<Tensor2D>(x, 1, true);
  return tf.add(tf.mul<Tensor2D>(tf.sub(x, mean_N1), factor_N1), mean_N1);
}

function chosen({ tf, kernels }: Device, x: Tensor2D, from: Tensor, keep: Tensor): Tensor2D {
  const values = kernels.gather(tf.reshape(x, [-1]) as Tensor1D, from as Tensor1D);
  return tf.reshape(tf.mul(values, keep), x.shape) as Tensor2D;
}
