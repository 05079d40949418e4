/**
 * The gradients of one shard in one phase, of the SUM of its samples' losses. D sees reals and fakes as one stacked
 * batch: the same products, half the calls. `simultaneous` takes both gradients from one point, and so needs one pass
 * of G and one of D forward: G's gradient goes back through the fakes' rows of the pass that D's gradient used.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import type { SampleRange } from '../plan/shards.ts';
import type { StreamName } from '../random/streams.ts';
import type { Tf } from './kernels.ts';
import type { MaskSource, Trace } from './layer.ts';
import { type Network, outputOf, sliceTraces } from './network.ts';
import { latents, stackedMask } from './noise.ts';
import { discriminatorLogitGradient, generatorLogitGradient } from './objective.ts';

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
  /** D's logits [n, 1]: the reals' (`realCount` of them), then the fakes'. */
  readonly logits: Tensor2D;
  readonly realCount: number;
}

/** @param reals [count, sampleSize] in [0, 1]; undefined in a G phase. Call it inside a tidy. */
export function phaseGradients(
  game: Game,
  plan: PhasePlan,
  range: SampleRange,
  reals: Tensor2D | undefined,
): PhaseGradients {
  if (!plan.updates.includes('discriminator')) return generatorPhase(game, plan, range);
  const { tf, config, discriminator } = game;
  const fakes = generate(game, plan, range);
  const batch = tf.concat2d([must(reals, "the phase's samples"), outputOf(fakes)], 0);
  const seen = discriminator.forward(batch, masks(game, plan, range, REAL_AND_FAKE));
  const logits = outputOf(seen);
  const dLogits = discriminatorLogitGradient(tf, logits, range.count, config.objective.discriminatorScale);
  const own = discriminator.backward(seen, dLogits, { input: false, parameters: true }).parameters;
  const gradients = plan.updates.flatMap((network) =>
    network === 'discriminator' ? own : generatorGradient(game, fakes, sliceTraces(tf, seen, range.count, range.count)),
  );
  return { gradients, logits, realCount: range.count };
}

function generatorPhase(game: Game, plan: PhasePlan, range: SampleRange): PhaseGradients {
  const fakes = generate(game, plan, range);
  const seen = game.discriminator.forward(outputOf(fakes), masks(game, plan, range, FAKE));
  return { gradients: generatorGradient(game, fakes, seen), logits: outputOf(seen), realCount: 0 };
}

/** Back through D (whose weights stay) into G. */
function generatorGradient(game: Game, fakes: readonly Trace[], seen: readonly Trace[]): readonly Tensor[] {
  const { tf, config, generator, discriminator } = game;
  const dLogits = generatorLogitGradient(tf, outputOf(seen), config.objective.generator);
  const dFakes = discriminator.backward(seen, dLogits, { input: true, parameters: false }).input;
  return generator.backward(fakes, must(dFakes, "the fakes' gradient"), { input: false, parameters: true }).parameters;
}

function generate(game: Game, plan: PhasePlan, range: SampleRange): readonly Trace[] {
  const { tf, config, generator } = game;
  const z = tf.tensor2d(latents(config, 'latent', plan.phase, range), [range.count, config.latent.size]);
  return generator.forward(z, masks(game, plan, range, OF_GENERATOR));
}

const REAL_AND_FAKE: readonly StreamName[] = ['discriminatorDropoutReal', 'discriminatorDropoutFake'];
const FAKE: readonly StreamName[] = ['discriminatorDropoutFake'];
const OF_GENERATOR: readonly StreamName[] = ['generatorDropout'];

function masks({ tf, config }: Game, plan: PhasePlan, range: SampleRange, streams: readonly StreamName[]): MaskSource {
  return (index, keep, width) => {
    const values = stackedMask(config, streams, plan.phase, range, { index, keep, width });
    return tf.tensor2d(values, [streams.length * range.count, width]);
  };
}
