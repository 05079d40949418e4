/**
 * Spectral normalisation (Miyato et al. 2018, "Spectral normalization for generative adversarial networks", equations 7 and 8
 * and algorithm 1): a layer computes with W/σ, where σ = ‖W·u‖ is W's largest singular value as u has it. u belongs to the state
 * and takes one step of the power iteration behind each update of its network, so that it follows from the weights alone,
 * on every replica. While a gradient is taken u stands still; with v = W·u/σ, which is the other side of the paper's iteration,
 *
 *     dL/dW = (G − ⟨G, W/σ⟩·v·uᵀ) / σ        (equation 12),  G the gradient by W/σ.
 *
 * Shape suffixes: I rows of the weight as a matrix, O outputs.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { AffineMap } from './affineLayer.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import { parameterName, spectralName } from './layerTensors.ts';
import { unit } from './powerIteration.ts';
import { hasSpectralNorm, type ResolvedLayer } from './shapes.ts';

/** Of a weight of zeros. */
const SIGMA_MIN = 1e-12;

type Readable = Pick<Variable, 'read'>;

/** @param mapOf the map with a weight. @param u [outputs]. */
export function spectralMap(
  tf: Tf,
  kernels: Kernels,
  weight: Readable,
  u: Readable,
  mapOf: (weight: Readable) => AffineMap,
): AffineMap {
  const map = mapOf({ read: () => tf.div(weight.read(), singular(tf, kernels, weight, u).sigma) });
  return {
    ...map,
    weightGradient: (x, dz) => {
      const gradient = map.weightGradient(x, dz);
      const { sigma, w_IO, v_I1, u_O1 } = singular(tf, kernels, weight, u);
      const g_IO = tf.reshape(gradient, w_IO.shape);
      const along = tf.div(tf.sum(tf.mul(g_IO, w_IO)), sigma);
      // No matMul: WASM's keeps what it made of u as a right factor, and would take it for this shape too.
      const outer_IO = tf.mul<Tensor2D>(v_I1, tf.reshape(u_O1, [1, -1]));
      return tf.reshape(tf.div(tf.sub(g_IO, tf.mul(outer_IO, along)), sigma), gradient.shape);
    },
  };
}

function singular(tf: Tf, kernels: Kernels, weight: Readable, u: Readable) {
  const u_O1 = tf.reshape(u.read(), [-1, 1]) as Tensor2D;
  const w_IO = tf.reshape(weight.read(), [-1, u_O1.shape[0]]) as Tensor2D;
  const wu_I1 = kernels.multiply(w_IO, u_O1);
  const sigma = tf.maximum(tf.sqrt(tf.sum(tf.square(wu_I1))), SIGMA_MIN) as Tensor;
  return { u_O1, w_IO, sigma, v_I1: tf.div<Tensor2D>(wu_I1, sigma) };
}

/** u ← Wᵀ·v / ‖Wᵀ·v‖ for each such layer of a network that was updated. */
export function movePowerIteration(
  { tf, kernels }: { readonly tf: Tf; readonly kernels: Kernels },
  network: NetworkName,
  layers: readonly ResolvedLayer[],
  variable: (name: string) => Variable,
): void {
  for (const { index } of layers.filter(({ config }) => hasSpectralNorm(config))) {
    const u = variable(spectralName(network, index));
    const values = new Float32Array(must(u.shape[0], 'outputs'));
    tf.tidy(() => {
      const { w_IO, v_I1 } = singular(tf, kernels, variable(parameterName(network, index, 'weight')), u);
      kernels.read(kernels.weightGradient(w_IO, v_I1), values);
    });
    // On the host, in float64, as running statistics.
    u.assign(Float32Array.from(unit(Float64Array.from(values))));
  }
}
