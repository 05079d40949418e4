/** What every layer can do. A layer owns no tensor: its parameters are variables of the replica. */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Synchronised } from './synchronised.ts';

/** What the forward pass of one layer leaves for the backward pass; every tensor has the samples as its first axis. */
export interface Trace {
  readonly input: Tensor2D;
  readonly output: Tensor2D;
  /** Dropout: the mask [n, units]. Maxout: the winning pieces as one-hot [n, units, pieces]. Class layers: the labels. */
  readonly selection: Tensor | undefined;
  /** See `Pass`. */
  readonly groups: number;
  /**
   * Batch norm: synchronised, mean and variance [2, groups, 1, channels], which a shard could not find again by itself; by the
   * backend's kernels, theirs [n, groups, channels].
   */
  readonly statistics?: Tensor | undefined;
}

/** A forward pass in training. */
export interface Pass {
  /** The dropout mask [n, units] of a layer, with 1/keep or 0, for the batch in hand. */
  mask(layer: number): Tensor2D;
  /** Batches of one size that are stacked in it: 2 for reals above fakes. */
  readonly groups: number;
}

/** Mean and variance of each channel [channels], averaged over the stacked batches. */
export type Moments = readonly [Tensor1D, Tensor1D];

/** Which gradients a backward pass is for; what nobody wants is not computed. */
export interface Wanted {
  readonly input: boolean;
  readonly parameters: boolean;
}

export interface LayerGradient {
  readonly input: Tensor2D | undefined;
  /** In the order of `parameterShapes`, summed over the samples; empty where unwanted and of a layer without any. */
  readonly parameters: readonly Tensor[];
}

/** Where a pass moves to; the parameters stand still. */
export interface LayerTangent {
  forward(trace: Trace, inputTangent: Tensor2D): Tensor2D;
  /**
   * @param dOutput what `backward` got. @param moves the tangents of the layer's input, of its output, and of `dOutput`.
   * Gives the tangents of what `backward` gives.
   */
  backward(trace: Trace, dOutput: Tensor2D, moves: Moves, wanted: Wanted): LayerGradient;
}

export interface Moves {
  readonly input: Tensor2D;
  readonly output: Tensor2D;
  /** Undefined where the gradient does not move, as at the top. */
  readonly dOutput: Tensor2D | undefined;
}

export interface Layer {
  /**
   * Without a pass the layer is as it is used, not as it is trained: dropout is the identity.
   * @param labels one-hot [n, classes]; undefined where the run knows no classes.
   */
  forward(input: Tensor2D, pass: Pass | undefined, labels?: Tensor2D): Trace;
  backward(trace: Trace, dOutput: Tensor2D, wanted: Wanted): LayerGradient;
  /**
   * How output and gradients move when the input does: forward mode through both passes, which gives the gradient of a
   * gradient (Pearlmutter 1994, "Fast exact multiplication by the Hessian"). Left out of batch-norm (see
   * `config/twiceDifferentiable.ts`).
   */
  readonly tangent?: LayerTangent;
  /** Only of a layer whose samples are those of all shards: what takes the place of both while it is trained. */
  readonly synchronised?: {
    forward(input: Tensor2D, pass: Pass): Synchronised<Trace>;
    backward(trace: Trace, dOutput: Tensor2D, wanted: Wanted): Synchronised<LayerGradient>;
  };
  /** Only of a layer that keeps running statistics. */
  moments?(trace: Trace): Moments;
}
