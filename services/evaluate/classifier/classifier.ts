/** The classifier as it is used: features and classes of images, by the committed weights. */
import type { Tf } from '../../gan/kernels.ts';
import { type Matrix, rowsOf } from '../matrix.ts';
import { CLASSES, FEATURES, forward, PARAMETERS, sizeOf } from './network.ts';

export interface Classifier {
  /** Of the weights' values; hex. */
  readonly weightsSha256: string;
  /** What the last hidden layer makes of images with values in [0, 1], 64 a row. */
  features(images: Matrix): Matrix;
  /** The likeliest digit of each image. */
  classes(images: Matrix): Uint8Array;
  dispose(): void;
}

/** Images in one pass: activations of 25 MB. */
const BATCH = 500;

/** @param weights flat, in the order of PARAMETERS. */
export function createClassifier(tf: Tf, weights: Float32Array, weightsSha256: string): Classifier {
  let offset = 0;
  const parameters = PARAMETERS.map((spec) => {
    const size = sizeOf(spec);
    offset += size;
    return tf.tensor(weights.slice(offset - size, offset), [...spec.shape]);
  });
  const through = (images: Matrix, columns: number, output: 'features_NF' | 'logits_NK'): Matrix => {
    const values = new Float32Array(images.rows * columns);
    for (let first = 0; first < images.rows; first += BATCH) {
      const some = rowsOf(images, first, Math.min(BATCH, images.rows - first));
      const result = tf.tidy(() => {
        return forward(tf, parameters, tf.tensor2d(some.values.slice(), [some.rows, some.columns]))[output];
      });
      values.set(result.dataSync(), first * columns);
      result.dispose();
    }
    return { rows: images.rows, columns, values };
  };
  return {
    weightsSha256,
    features: (images) => through(images, FEATURES, 'features_NF'),
    classes: (images) => {
      const { values } = through(images, CLASSES, 'logits_NK');
      return Uint8Array.from({ length: images.rows }, (_, row) => {
        const logits = values.subarray(row * CLASSES, (row + 1) * CLASSES);
        return logits.indexOf(Math.max(...logits));
      });
    },
    dispose: () => tf.dispose(parameters),
  };
}
