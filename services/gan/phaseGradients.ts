/**
 * The gradients of one shard in one phase, of the SUM of its samples' losses. D sees reals and fakes as one stacked
 * batch: the same products, half the calls. `simultaneous` takes both gradients from one point, and so needs one pass
 * of G and one of D forward: G's gradient goes back through the fakes' rows of the pass that D's gradient used.
 *
 * A function of its inputs and of the networks' variables alone, with no read of a value on the way: so it can be compiled.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';
import type { Trace } from './layer.ts';
import { type Network, outputOf, sliceTraces } from './network.ts';
import { discriminatorLogitGradient, generatorLogitGradient } from './objective.ts';
import { inputOf, masksOf, type PhaseInputs } from './phaseInputs.ts';

/** The tensors of the two players; the networks read the replica's variables. */
export interface Game {
  readonly tf: Tf;
  readonly config: RunConfig;
  readonly generator: Network;
  readonly discriminator: Network;
}

export interface PhaseGradients {
  /** In the order of the flat gradient. */
  readonly gradients: readonly Tensor[];
  /** D's logits [n, 1]: the reals' where D is updated, then the fakes'. */
  readonly logits: Tensor2D;
}

/** @param updates the networks that the phase updates. Call it inside a tidy. */
export function phaseGradients(game: Game, updates: readonly NetworkName[], inputs: PhaseInputs): PhaseGradients {
  const { tf, config, generator, discriminator } = game;
  const fakes = generator.forward(inputOf(inputs, 'latents'), masksOf(inputs, 'generator'));
  const masks = masksOf(inputs, 'discriminator');
  if (!updates.includes('discriminator')) {
    const seen = discriminator.forward(outputOf(fakes), masks);
    return { gradients: generatorGradient(game, fakes, seen), logits: outputOf(seen) };
  }
  const reals = inputOf(inputs, 'reals');
  const [count] = reals.shape;
  const seen = discriminator.forward(tf.concat2d([reals, outputOf(fakes)], 0), masks);
  const logits = outputOf(seen);
  const dLogits = discriminatorLogitGradient(tf, logits, count, config.objective.discriminatorScale);
  const own = discriminator.backward(seen, dLogits, { input: false, parameters: true }).parameters;
  const gradients = updates.flatMap((network) =>
    network === 'discriminator' ? own : generatorGradient(game, fakes, sliceTraces(tf, seen, count, count)),
  );
  return { gradients, logits };
}

/** Back through D (whose weights stay) into G. */
function generatorGradient(game: Game, fakes: readonly Trace[], seen: readonly Trace[]): readonly Tensor[] {
  const { tf, config, generator, discriminator } = game;
  const dLogits = generatorLogitGradient(tf, outputOf(seen), config.objective.generator);
  const dFakes = discriminator.backward(seen, dLogits, { input: true, parameters: false }).input;
  return generator.backward(fakes, must(dFakes, "the fakes' gradient"), { input: false, parameters: true }).parameters;
}
