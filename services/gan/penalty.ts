/**
 * The gradient of γ/2 · Σ ‖∇D(x)‖² by D's parameters (R1 on real samples, R2 on fakes: Mescheder et al. 2018, "Which training
 * methods for GANs do actually converge?", equations 9 and 10; ∇ by the sample, D's output its logit).
 *
 * With v = ∇D(x) held still it is the gradient of v·∇D(x), the derivative of D along v: so it is how D's gradient by its
 * parameters moves when x moves along v. One pass forward and one backward in forward mode; no gradient of a gradient.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';
import type { Trace } from './layer.ts';
import { type Network, outputOf } from './network.ts';

/** @param seen D's pass over the samples. In the order of D's parameters. */
export function penaltyGradient(
  tf: Tf,
  discriminator: Network,
  seen: readonly Trace[],
  gamma: number,
): readonly Tensor[] {
  const dLogits = tf.onesLike(outputOf(seen)) as Tensor2D;
  const gradients = discriminator.inputGradients(seen, dLogits);
  return discriminator.moved(seen, gradients, tf.mul(must(gradients[0], 'slope'), gamma));
}
