/** The gradients of the losses by D's outputs, on the device; the losses themselves are in `objective.ts`. */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';

type Objective = RunConfig['objective'];

/** Gradient of D's loss by its outputs [n, 1], real samples first. */
export function discriminatorLogitGradient(
  tf: Tf,
  logits: Tensor2D,
  realCount: number,
  objective: Objective,
): Tensor2D {
  const count = logits.shape[0];
  const column = (real: number, fake: number) =>
    tf.tensor2d(
      Float32Array.from({ length: count }, (_, row) => (row < realCount ? real : fake)),
      [count, 1],
    );
  const { loss, discriminatorScale: scale, labelSmoothing } = objective;
  const sign = column(-1, 1);
  switch (loss) {
    case 'log': {
      // −sigmoid(−l) for a real sample, sigmoid(l) for a fake: written so, neither loses digits where D is sure.
      const gradient = tf.mul<Tensor2D>(tf.sigmoid(tf.mul(logits, sign)), tf.mul(sign, scale));
      return labelSmoothing === 0 ? gradient : tf.add(gradient, column(scale * labelSmoothing, 0));
    }
    case 'least-squares':
      return tf.mul(tf.sub(logits, column(1 - labelSmoothing, 0)), scale);
    case 'hinge':
      return tf.mul(tf.step(tf.add(tf.mul(logits, sign), 1)), tf.mul(sign, scale));
    case 'wasserstein':
      return tf.mul(sign, scale);
    case 'relativistic': {
      const [real, fake] = [tf.slice2d(logits, [0, 0], [realCount, 1]), tf.slice2d(logits, [realCount, 0], [-1, 1])];
      const byFake = tf.mul<Tensor2D>(tf.sigmoid(tf.sub(fake, real)), scale);
      return tf.concat2d([tf.neg(byFake), byFake], 0);
    }
  }
}

/**
 * Gradient of G's loss by D's outputs for the fakes [n, 1].
 * @param reals D's outputs for the real samples [n, 1], where the loss pairs them.
 */
export function generatorLogitGradient(
  tf: Tf,
  fakes: Tensor2D,
  reals: Tensor2D | undefined,
  { loss, generator }: Objective,
): Tensor2D {
  switch (loss) {
    case 'log':
      return tf.neg(tf.sigmoid(generator === 'minimax' ? fakes : tf.neg(fakes)));
    case 'least-squares':
      return tf.sub(fakes, 1);
    case 'hinge':
    case 'wasserstein':
      return tf.neg(tf.onesLike(fakes));
    case 'relativistic':
      return tf.neg(tf.sigmoid(tf.sub(must(reals, "the reals' outputs"), fakes)));
  }
}
