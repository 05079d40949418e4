/** What every layer can do. A layer owns no tensor: its parameters are variables of the replica. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';

/** What the forward pass of one layer leaves for the backward pass; every tensor has the samples as its first axis. */
export interface Trace {
  readonly input: Tensor2D;
  readonly output: Tensor2D;
  /** Dropout: the mask [n, units]. Maxout: the winning pieces as one-hot [n, units, pieces]. */
  readonly selection: Tensor | undefined;
}

/** The dropout mask [n, units] of a layer, with 1/keep or 0, for the batch in hand. */
export type MaskSource = (layer: number) => Tensor2D;

/** Which gradients a backward pass is for; what nobody wants is not computed. */
export interface Wanted {
  readonly input: boolean;
  readonly parameters: boolean;
}

export interface LayerGradient {
  readonly input: Tensor2D | undefined;
  /** Weight, then bias, summed over the samples; empty where unwanted and for dropout. */
  readonly parameters: readonly Tensor[];
}

export interface Layer {
  /** Without masks the layer is deterministic: dropout is the identity. */
  forward(input: Tensor2D, masks: MaskSource | undefined): Trace;
  backward(trace: Trace, dOutput: Tensor2D, wanted: Wanted): LayerGradient;
}
