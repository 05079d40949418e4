/**
 * The gradient by D's parameters of a penalty on g = ∇D(x), the gradient of D's output (its logit) by the sample, summed over
 * samples:
 *
 *   γ/2 · ‖g‖²        R1 on real samples, R2 on fakes (Mescheder et al. 2018, equations 9 and 10)
 *   λ(‖g‖ − norm)²    between a real and a fake (Gulrajani et al. 2017, equation 3), or around a real (Kodali et al. 2017, section 2.3)
 *
 * It is Σ v·∂g/∂θ with v = γ·g, or v = 2λ(‖g‖ − norm)/‖g‖ · g; with v held still that is the gradient of v·∇D(x), the
 * derivative of D along v: so it is how D's gradient by its parameters moves when x moves along v. One pass forward and
 * one backward in forward mode; no gradient of a gradient.
 */
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';
import type { Trace } from './layer.ts';
import { type Network, outputOf } from './network.ts';
import type { PenaltyTerm } from './penaltyTerms.ts';

export interface Penalty {
  /** Times `interval`. In the order of D's parameters. */
  readonly gradients: readonly Tensor[];
  /** The penalty itself, once. */
  readonly value: Scalar;
}

/** Below it a gradient has no direction: D is flat there, and stays as it is. */
const NORM_MIN = 1e-12;

/**
 * @param seen D's pass over the samples.
 * @param strength γ or λ, times `interval`: it may follow a schedule, so it is an input.
 */
export function penaltyOf(
  tf: Tf,
  discriminator: Network,
  seen: readonly Trace[],
  { norm }: Pick<PenaltyTerm, 'norm'>,
  strength: Scalar,
  interval: number,
): Penalty {
  const dLogits = tf.onesLike(outputOf(seen)) as Tensor2D;
  const gradients = discriminator.inputGradients(seen, dLogits);
  const slope = must(gradients[0], 'slope');
  const along = (direction: Tensor2D) => discriminator.moved(seen, gradients, direction);
  const paid = (squares: Tensor, share: number) => tf.mul<Scalar>(tf.mul(tf.sum(squares), strength), share / interval);
  if (norm === undefined) {
    return { gradients: along(tf.mul(slope, strength)), value: paid(tf.square(slope), 0.5) };
  }
  const steepness_N1 = tf.sqrt(tf.sum<Tensor2D>(tf.square(slope), 1, true));
  const excess_N1 = tf.sub<Tensor2D>(steepness_N1, norm);
  const pull_N1 = tf.mul<Tensor2D>(tf.div(excess_N1, tf.maximum(steepness_N1, NORM_MIN)), 2);
  return {
    gradients: along(tf.mul(slope, tf.mul<Tensor2D>(pull_N1, strength))),
    value: paid(tf.square(excess_N1), 1),
  };
}
