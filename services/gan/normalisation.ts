/**
 * Samples as they lie in the data, and as the networks see them: `unit` is bytes / 255, `symmetric` bytes / 127.5 − 1, `gcn`
 * each sample without its mean and with a Euclidean norm of 55, as the authors' CIFAR-10 experiments have it (pylearn2's
 * GlobalContrastNormalization). On the device, by divisions that IEEE 754 rounds the same everywhere but for `gcn`'s sums.
 */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { RunConfig } from '../config/runConfig.ts';
import type { Tf } from './kernels.ts';

export type Normalisation = RunConfig['data']['normalize'];

const BYTE_MAX = 255;
const HALF_BYTE = 127.5;
const CONTRAST_NORM = 55;
/** Of an image of one colour: it stays 0. */
const NORM_MIN = 1e-8;

/** @param raw [n, values]. */
export function normalise(tf: Tf, raw: Tensor2D, normalisation: Normalisation): Tensor2D {
  switch (normalisation) {
    case 'none':
      return raw;
    case 'unit':
      return tf.div(raw, BYTE_MAX);
    case 'symmetric':
      return tf.sub(tf.div(raw, HALF_BYTE), 1);
    case 'gcn': {
      const centred = tf.sub<Tensor2D>(raw, tf.mean(raw, 1, true));
      const norm = tf.sqrt(tf.sum(tf.square(centred), 1, true));
      return tf.mul(tf.div<Tensor2D>(centred, tf.maximum(norm, NORM_MIN)), CONTRAST_NORM);
    }
  }
}

/** The same on the host, for tools: within float32's rounding of what the device gives. @param raw [n, sampleSize]. */
export function normaliseOnHost(raw: Float32Array, sampleSize: number, normalisation: Normalisation): Float32Array {
  if (normalisation === 'none') return raw;
  if (normalisation === 'unit') return raw.map((value) => value / BYTE_MAX);
  if (normalisation === 'symmetric') return raw.map((value) => value / HALF_BYTE - 1);
  const out = new Float32Array(raw.length);
  for (let first = 0; first < raw.length; first += sampleSize) {
    const own = raw.subarray(first, first + sampleSize);
    const mean = own.reduce((sum, value) => sum + value, 0) / sampleSize;
    const norm = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    out.set(
      own.map((value) => ((value - mean) / Math.max(norm, NORM_MIN)) * CONTRAST_NORM),
      first,
    );
  }
  return out;
}

/** For pictures: rounded, and clamped to 0 … 255; a NaN becomes 0. What `gcn` took away is lost: each is stretched about grey. */
export function toBytes(values: Float32Array, sampleSize: number, normalisation: Normalisation): Uint8Array {
  const bytes = new Uint8ClampedArray(values.length);
  for (let first = 0; first < values.length; first += sampleSize) {
    const own = values.subarray(first, first + sampleSize);
    bytes.set(own.map(toByte(own, normalisation)), first);
  }
  return new Uint8Array(bytes.buffer);
}

function toByte(sample: Float32Array, normalisation: Normalisation): (value: number) => number {
  if (normalisation === 'none') return (value) => value;
  if (normalisation === 'unit') return (value) => value * BYTE_MAX;
  if (normalisation === 'symmetric') return (value) => (value + 1) * HALF_BYTE;
  const largest = sample.reduce((max, value) => Math.max(max, Math.abs(value)), NORM_MIN);
  return (value) => (value / largest + 1) * HALF_BYTE;
}
