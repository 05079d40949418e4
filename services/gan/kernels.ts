/**
 * What a replica asks of a device: a few products, activations and in-place updates. One implementation speaks TensorFlow's
 * own kernels, the other plain tfjs.
 *
 * Forward and backward are separate calls and nothing is recorded on tfjs's tape: what differentiates a gradient goes
 * through both in forward mode (`LayerTangent`), by these same kernels.
 *
 * Shape suffixes: N samples, I inputs, O outputs.
 */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { LayerConfig } from '../config/runConfig.ts';

/** The tfjs module that the chosen backend is registered in. */
export type Tf = typeof import('@tensorflow/tfjs');
export type Activation = Extract<LayerConfig, { type: 'dense' }>['activation'];

/** Slope of leaky ReLU below zero, as in Radford et al. 2016 (DCGAN). */
export const LEAKY_SLOPE = 0.2;

/** A tensor that lives as long as the replica and is updated in place. */
export interface Variable {
  readonly shape: readonly number[];
  /** The value now, as a tensor that belongs to the caller's tidy; must be gone before the next update. */
  read(): Tensor;
  assign(values: Float32Array): void;
  /** Takes ownership of `next`. What was read of the former value must be gone. */
  set(next: Tensor): void;
  /** Tensors that this variable keeps alive. */
  readonly tensorCount: number;
  dispose(): void;
}

/** The numbers of one Adam update; see `adamStep`. */
export interface AdamScalars {
  readonly rate: Scalar;
  readonly beta1: Scalar;
  readonly beta2: Scalar;
  readonly epsilon: Scalar;
}

/** The numbers of one RMSProp update. */
export interface RmsPropScalars {
  readonly rate: Scalar;
  readonly rho: Scalar;
  readonly epsilon: Scalar;
}

/** Batch normalisation of each channel over N rows, in training; suffixes as in `batchNorm.ts`. */
export interface FusedBatchNorm {
  /** `statistics` [n, C] are for the other two. */
  forward(
    x_NC: Tensor2D,
    gamma_C: Tensor1D,
    beta_C: Tensor1D,
    epsilon: number,
  ): { readonly output: Tensor2D; readonly statistics: Tensor2D };
  backward(
    dz_NC: Tensor2D,
    x_NC: Tensor2D,
    gamma_C: Tensor1D,
    statistics: Tensor,
    epsilon: number,
  ): { readonly input: Tensor2D; readonly weight: Tensor1D; readonly bias: Tensor1D };
  /** Mean and variance over `rows` rows. @param statistics [n, groups, C], stacked. */
  moments(statistics: Tensor, rows: number): readonly [mean_GC: Tensor2D, variance_GC: Tensor2D];
}

export interface Kernels {
  /** Undefined where the backend has none. */
  readonly fusedBatchNorm?: FusedBatchNorm;

  /** x·w. */
  multiply(x_NI: Tensor2D, w_IO: Tensor2D): Tensor2D;
  /** x·w + b. */
  affine(x_NI: Tensor2D, w_IO: Tensor2D, b_O: Tensor1D): Tensor2D;
  /** z + b, the same for every row. */
  addBias(z_NO: Tensor2D, b_O: Tensor1D): Tensor2D;
  /** xᵀ·dz. */
  weightGradient(x_NI: Tensor2D, dz_NO: Tensor2D): Tensor2D;
  /** dz·wᵀ. */
  inputGradient(dz_NO: Tensor2D, w_IO: Tensor2D): Tensor2D;
  /** Sum of dz over the samples. */
  biasGradient(dz_NO: Tensor2D): Tensor1D;
  activate(z_NO: Tensor2D, activation: Activation): Tensor2D;
  /** dz from dy, by the activation's output y (each activation's slope can be told from its output). */
  activationGradient(dy_NO: Tensor2D, y_NO: Tensor2D, activation: Activation): Tensor2D;

  /** values[from], by int32 indices. */
  gather(values: Tensor1D, from: Tensor1D): Tensor1D;

  /** Copies a tensor's values into memory that is there already; as many as it has. */
  read(tensor: Tensor, into: Float32Array): void;

  variable(shape: readonly number[]): Variable;
  /** w ← w − rate·g. */
  descend(w: Variable, gradient: Tensor, rate: Scalar): void;
  /** v ← momentum·v − rate·g; w ← w + v. */
  descendWithMomentum(w: Variable, v: Variable, gradient: Tensor, rate: Scalar, momentum: Scalar): void;
  /** m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − rate·m / (√v + ε). */
  adam(w: Variable, m: Variable, v: Variable, gradient: Tensor, scalars: AdamScalars): void;
  /** v ← ρv + (1 − ρ)g²; w ← w − rate·g / (√v + ε). */
  rmsProp(w: Variable, v: Variable, gradient: Tensor, scalars: RmsPropScalars): void;
  /** average ← average − share·(average − w). */
  average(average: Variable, w: Variable, share: Scalar): void;
}
