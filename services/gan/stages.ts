/**
 * The gradients of one shard in one phase, of the SUM of its samples' losses, in stages: the fakes, then D's gradient, then
 * G's. A stage's results are done with the device before the next begins, so that they can travel meanwhile; and the fakes,
 * which no update of D changes, can be made a phase ahead.
 *
 * D sees reals and fakes as one stacked batch: the same products, half the calls. `simultaneous` takes both gradients from
 * one point, and so needs one pass of G and one of D forward: G's gradient goes back through the fakes' rows of the pass
 * that D's gradient used.
 *
 * Each is a function of its inputs and of the networks' variables alone, with no read of a value on the way: so it can be
 * compiled.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import type { Tf } from './kernels.ts';
import type { Trace } from './layer.ts';
import { type Network, outputOf, sliceTraces } from './network.ts';
import { discriminatorLogitGradient, generatorLogitGradient } from './objective.ts';
import { penaltyGradient } from './penalty.ts';
import { inputOf, type PhaseInputs, passOf } from './phaseInputs.ts';
import type { ResolvedLayer } from './shapes.ts';

/** The tensors of the two players; the networks read the replica's variables. */
export interface Game {
  readonly tf: Tf;
  readonly config: RunConfig;
  readonly layers: Readonly<Record<NetworkName, readonly ResolvedLayer[]>>;
  readonly generator: Network;
  readonly discriminator: Network;
}

export type Stage = 'fakes' | NetworkName;

export interface StageResult {
  /** Of the stage's network, in the order of the flat gradient. */
  readonly gradients: readonly Tensor[];
  /** Of the stage's network, in the order of the flat gradient: what its running statistics move towards. */
  readonly moments: readonly Tensor[];
  /** D's logits [n, 1], of the reals where D is updated, then of the fakes: from the first stage that runs D. */
  readonly logits: Tensor2D | undefined;
  /** What later stages of the phase need, by name, as they need its inputs. */
  readonly carried: PhaseInputs;
}

/**
 * @param plan decides by what `stageKey` tells of it alone.
 * @param given the phase's inputs, and what its former stages carried.
 */
export function runStage(game: Game, stage: Stage, plan: PhasePlan, given: PhaseInputs): StageResult {
  if (stage === 'fakes') return fakesStage(game, given);
  if (stage === 'discriminator') return discriminatorStage(game, plan, given);
  return generatorStage(game, plan.updates.includes('discriminator'), given);
}

/** Names the computation of a stage: two with one key are the same function. */
export function stageKey({ config }: Pick<Game, 'config'>, stage: Stage, plan: PhasePlan): string {
  if (stage === 'fakes') return stage;
  const penalised = stage === 'discriminator' && penaltyWeights(config, plan).length > 0 ? ', penalised' : '';
  return `${stage}, of ${plan.updates.join(' and ')}${penalised}`;
}

/** Which of D's two stacked batches are penalised in this phase, and how strongly. */
function penaltyWeights({ objective: { penalty } }: RunConfig, { updatesBefore }: PhasePlan) {
  if (penalty === undefined || updatesBefore.discriminator % penalty.interval !== 0) return [];
  return [penalty.r1, penalty.r2].flatMap((gamma, first) =>
    gamma === undefined ? [] : [{ first, gamma: gamma * penalty.interval }],
  );
}

function fakesStage({ generator }: Game, given: PhaseInputs): StageResult {
  const traces = generator.forward(inputOf(given, 'latents'), passOf(given, 'generator'));
  return { gradients: [], moments: [], logits: undefined, carried: carry('generator', traces) };
}

function discriminatorStage(game: Game, plan: PhasePlan, given: PhaseInputs): StageResult {
  const { tf, config, discriminator } = game;
  const reals = inputOf(given, 'reals');
  const [count] = reals.shape;
  const images = tf.concat2d([reals, outputOf(fakesOf(game, given))], 0);
  const seen = discriminator.forward(images, passOf(given, 'discriminator', 2));
  const logits = outputOf(seen);
  const dLogits = discriminatorLogitGradient(tf, logits, count, config.objective);
  const { parameters } = discriminator.backward(seen, dLogits, { input: false, parameters: true });
  const penalties = penaltyWeights(config, plan).map(({ first, gamma }) =>
    penaltyGradient(tf, discriminator, sliceTraces(tf, seen, first * count, count), gamma),
  );
  const gradients = parameters.map((own, index) =>
    penalties.reduce((sum, penalty) => tf.add(sum, must(penalty[index], 'gradient')), own),
  );
  const carried = plan.updates.includes('generator') ? carry('discriminator', sliceTraces(tf, seen, count, count)) : {};
  return { gradients, moments: discriminator.moments(seen), logits, carried };
}

/** Back through D (whose weights stay) into G. */
function generatorStage(game: Game, isPassCarried: boolean, given: PhaseInputs): StageResult {
  const { tf, config, layers, generator, discriminator } = game;
  const fakes = fakesOf(game, given);
  const seen = isPassCarried
    ? carriedTraces('discriminator', layers.discriminator.length, outputOf(fakes), given)
    : discriminator.forward(outputOf(fakes), passOf(given, 'discriminator'));
  const logits = outputOf(seen);
  const dLogits = generatorLogitGradient(tf, logits, config.objective);
  const dFakes = discriminator.backward(seen, dLogits, { input: true, parameters: false }).input;
  const wanted = { input: false, parameters: true };
  const { parameters } = generator.backward(fakes, must(dFakes, "the fakes' gradient"), wanted);
  const seenLogits = isPassCarried ? undefined : logits;
  return { gradients: parameters, moments: generator.moments(fakes), logits: seenLogits, carried: {} };
}

function fakesOf({ layers }: Game, given: PhaseInputs): readonly Trace[] {
  return carriedTraces('generator', layers.generator.length, inputOf(given, 'latents'), given);
}

/** What a backward pass needs of a forward pass: each layer's input is the output below it. */
function carry(network: NetworkName, traces: readonly Trace[]): PhaseInputs {
  const carried: Record<string, Tensor> = {};
  for (const [layer, { output, selection }] of traces.entries()) {
    carried[`${network}.${layer}.output`] = output;
    if (selection !== undefined) carried[`${network}.${layer}.selection`] = selection;
  }
  return carried;
}

function carriedTraces(network: NetworkName, layerCount: number, images: Tensor2D, given: PhaseInputs): Trace[] {
  let input = images;
  return Array.from({ length: layerCount }, (_, layer) => {
    const output = must(given[`${network}.${layer}.output`], 'carried output') as Tensor2D;
    const trace = { input, output, selection: given[`${network}.${layer}.selection`], groups: 1 };
    input = output;
    return trace;
  });
}
