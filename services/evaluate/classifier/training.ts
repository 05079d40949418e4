/**
 * Trains the classifier on MNIST's 60,000 training images: Adam (Kingma and Ba 2015), cross-entropy, a rate that falls in a
 * straight line to 0. First weights are He et al.'s (2015), drawn by Philox, and the order is an epoch's permutation: so the
 * weights follow from this file, the data and the device class.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Backend } from '../../backend/select.ts';
import { epochPermutation } from '../../data/permutation.ts';
import { must } from '../../errors/invariant.ts';
import { createKernels } from '../../gan/createKernels.ts';
import { fillNormal } from '../../random/normal.ts';
import type { LabelledImages } from './labelledImages.ts';
import { CLASSES, forward, PARAMETERS, PIXELS, sizeOf } from './network.ts';

const SEED = 20_140_610;
const BATCH = 100;
const RATE = 2e-3;
const EPOCHS = 6;

/**
 * @param batches fewer than all of them, for tests.
 * @returns the parameters, flat, in the order of PARAMETERS.
 */
export function trainClassifier(
  backend: Pick<Backend, 'tf' | 'kind'>,
  data: LabelledImages,
  options: { readonly batches?: number; readonly log: (line: string) => void },
): Float32Array {
  const { tf } = backend;
  const kernels = createKernels(tf, backend.kind);
  const weights = PARAMETERS.map((spec, index) => {
    const variable = kernels.variable(spec.shape);
    variable.assign(firstValues(index));
    return { variable, m: kernels.variable(spec.shape), v: kernels.variable(spec.shape) };
  });
  const perEpoch = Math.floor(data.count / BATCH);
  const total = Math.min(options.batches ?? Number.POSITIVE_INFINITY, EPOCHS * perEpoch);
  let losses = 0;
  for (let step = 0; step < total; step += 1) {
    const order = epochPermutation(SEED, Math.floor(step / perEpoch), data.count);
    const chosen = Array.from({ length: BATCH }, (_, i) => order((step % perEpoch) * BATCH + i));
    const [loss, gradients] = gradientsOf(
      backend,
      weights.map(({ variable }) => variable.read.bind(variable)),
      data,
      chosen,
    );
    losses += loss;
    tf.tidy(() => {
      const scalars = adamScalars(backend, step + 1, RATE * (1 - step / total));
      for (const [index, gradient] of gradients.entries()) {
        const { variable, m, v } = must(weights[index], 'weight');
        kernels.adam(variable, m, v, gradient, scalars);
      }
    });
    tf.dispose(gradients);
    if ((step + 1) % perEpoch === 0) {
      options.log(`epoch ${(step + 1) / perEpoch} of ${EPOCHS}: cross-entropy ${(losses / perEpoch).toFixed(4)}`);
      losses = 0;
    }
  }
  const flat = new Float32Array(PARAMETERS.reduce((sum, spec) => sum + sizeOf(spec), 0));
  let offset = 0;
  for (const { variable, m, v } of weights) {
    const values = tf.tidy(() => variable.read().clone());
    flat.set(values.dataSync(), offset);
    offset += values.size;
    values.dispose();
    for (const held of [variable, m, v]) held.dispose();
  }
  return flat;
}

function gradientsOf(
  { tf }: Pick<Backend, 'tf'>,
  reads: readonly (() => Tensor)[],
  data: LabelledImages,
  chosen: readonly number[],
): [number, Tensor[]] {
  const gradients = tf.tidy(() => {
    const images_NP = tf.tensor2d(data.images(chosen), [chosen.length, PIXELS]);
    const labels = tf.tensor1d(chosen.map(data.label), 'int32');
    const classes_NK = tf.oneHot(labels, CLASSES);
    const loss = (...parameters: Tensor[]) => {
      return tf.losses.softmaxCrossEntropy(classes_NK, forward(tf, parameters, images_NP as Tensor2D).logits_NK);
    };
    const { value, grads } = tf.valueAndGrads(loss)(reads.map((read) => read()));
    return [value, ...grads];
  });
  const [value, ...grads] = gradients;
  const loss = must(must(value, 'loss').dataSync()[0], 'loss');
  tf.dispose(value);
  return [loss, grads];
}

/** Both moments' corrections are in the rate, as Kingma and Ba put it at the end of their section 2. */
function adamScalars({ tf }: Pick<Backend, 'tf'>, step: number, rate: number) {
  const [beta1, beta2] = [0.9, 0.999];
  const corrected = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
  return { rate: tf.scalar(corrected), beta1: tf.scalar(beta1), beta2: tf.scalar(beta2), epsilon: tf.scalar(1e-8) };
}

/** Weights of variance 2 / inputs; biases 0. */
function firstValues(index: number): Float32Array {
  const { name, shape } = must(PARAMETERS[index], 'parameter');
  const width = must(shape.at(-1), 'outputs');
  const values = new Float32Array(sizeOf({ name, shape }));
  if (shape.length === 1) return values;
  const inputs = values.length / width;
  fillNormal(
    { seed: SEED, stream: 'classifierInit', phase: 0, layer: index },
    { first: 0, count: inputs, width },
    values,
  );
  return values.map((value) => value * Math.sqrt(2 / inputs));
}
