/** Classes of samples as the networks see them: one-hot rows. */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { RunConfig } from '../config/runConfig.ts';
import { invariant } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';

/** Classes that the networks know; 0 where no layer asks. */
export function classesOf({ generator, discriminator }: Pick<RunConfig, 'generator' | 'discriminator'>): number {
  const known = [...generator.layers, ...discriminator.layers].find((layer) => 'classes' in layer);
  return known !== undefined && 'classes' in known ? known.classes : 0;
}

/** [n, classes]. */
export function oneHot(tf: Tf, labels: Uint16Array, classes: number): Tensor2D {
  const values = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) {
    invariant(label < classes, `class ${label} is one of ${classes}`);
    values[row * classes + label] = 1;
  }
  return tf.tensor2d(values, [labels.length, classes]);
}
