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
 * compiled, unless it waits for other shards.
 */
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { exchangesSums } from './exchangedSums.ts';
import type { Kernels, Tf } from './kernels.ts';
import type { Trace } from './layer.ts';
import { discriminatorLogitGradient, generatorLogitGradient } from './logitGradients.ts';
import { type Network, outputOf, sliceTraces } from './network.ts';
import { type Penalty, penaltyOf } from './penalty.ts';
import { type PenaltyPlace, penaltyTerms } from './penaltyTerms.ts';
import { inputOf, labelsOf, type PhaseInputs, passOf, strengthOf } from './phaseInputs.ts';
import type { ResolvedLayer } from './shapes.ts';
import { backToSamples, seenBy } from './sight.ts';
import { type Synchronised, unpaused } from './synchronised.ts';

/** The tensors of the two players; the networks read the replica's variables. */
export interface Game {
  readonly tf: Tf;
  readonly kernels: Kernels;
  readonly config: RunConfig;
  readonly layers: Readonly<Record<NetworkName, readonly ResolvedLayer[]>>;
  readonly generator: Network;
  readonly discriminator: Network;
}

export const STAGES = ['fakes', 'discriminator', 'generator'] as const;
export type Stage = (typeof STAGES)[number];

export interface StageResult {
  /** Of the stage's network, in the order of the flat gradient. */
  readonly gradients: readonly Tensor[];
  /** Of the stage's network, in the order of the flat gradient: what its running statistics move towards. */
  readonly moments: readonly Tensor[];
  /** D's logits [n, 1], of the reals where the phase reads them, then of the fakes: from the first stage that runs D. */
  readonly logits: Tensor2D | undefined;
  /** What D pays beside its loss, where it is penalised. */
  readonly penalty: Scalar | undefined;
  /** What later stages of the phase need, by name, as they need its inputs. */
  readonly carried: PhaseInputs;
}

/**
 * @param plan decides by what `stageKey` tells of it alone.
 * @param given the phase's inputs, and what its former stages carried.
 */
export function runStage(game: Game, stage: Stage, plan: PhasePlan, given: PhaseInputs): Synchronised<StageResult> {
  if (stage === 'fakes') return fakesStage(game, given);
  if (stage === 'discriminator') return discriminatorStage(game, plan, given);
  return generatorStage(game, plan, given);
}

/** Whether a stage exchanges sums with other shards, and so is no function of its inputs that could be compiled. */
export function waitsForShards(config: RunConfig, stage: Stage): boolean {
  const passes: Record<Stage, readonly NetworkName[]> = {
    fakes: ['generator'],
    discriminator: ['discriminator'],
    generator: ['generator', 'discriminator'],
  };
  return passes[stage].some((network) => exchangesSums(config, network));
}

/** Names the computation of a stage: two with one key are the same function. */
export function stageKey({ config }: Pick<Game, 'config'>, stage: Stage, plan: PhasePlan): string {
  if (stage === 'fakes') return stage;
  const isPenalised = stage === 'discriminator' && penaltyTerms(config.objective, plan).length > 0;
  return `${stage}, of ${plan.updates.join(' and ')}${isPenalised ? ', penalised' : ''}`;
}

function* fakesStage({ generator }: Game, given: PhaseInputs): Synchronised<StageResult> {
  const traces = yield* generator.forward(
    inputOf(given, 'latents'),
    passOf(given, 'generator'),
    labelsOf(given, 'fakeLabels'),
  );
  return { gradients: [], moments: [], logits: undefined, penalty: undefined, carried: carry('generator', traces) };
}

function* discriminatorStage(game: Game, plan: PhasePlan, given: PhaseInputs): Synchronised<StageResult> {
  const { tf, config, discriminator } = game;
  const reals = inputOf(given, 'reals');
  const seen = yield* passOverBoth(game, given, reals, outputOf(fakesOf(game, given)));
  const logits = outputOf(seen);
  const count = logits.shape[0] / 2;
  const dLogits = perPack(game, discriminatorLogitGradient(tf, logits, count, config.objective));
  const { parameters } = yield* discriminator.backward(seen, dLogits, { input: false, parameters: true });
  const penalties = penaltiesOf(game, plan, given, seen, count);
  const gradients = parameters.map((own, index) =>
    penalties.reduce((sum, penalty) => tf.add(sum, must(penalty.gradients[index], 'gradient')), own),
  );
  const penalty = penalties.length === 0 ? undefined : tf.addN(penalties.map(({ value }) => value));
  const carried = plan.updates.includes('generator') ? carryFakes(game, seen, count) : {};
  return { gradients, moments: discriminator.moments(seen), logits, penalty, carried };
}

/** D's pass over what it sees of reals and fakes, stacked. */
function passOverBoth(
  game: Game,
  given: PhaseInputs,
  reals: Tensor2D,
  fakes: Tensor2D,
): Synchronised<readonly Trace[]> {
  const images = game.tf.concat2d([seenBy(game, given, 'real', reals), seenBy(game, given, 'fake', fakes)], 0);
  const [realLabels, fakeLabels] = [labelsOf(given, 'realLabels'), labelsOf(given, 'fakeLabels')];
  const labels = realLabels && fakeLabels && game.tf.concat2d([realLabels, fakeLabels], 0);
  return game.discriminator.forward(images, passOf(given, 'discriminator', 2), labels);
}

/** @param seen D's pass over `count` rows of reals, samples or packs, and as many of fakes. */
function penaltiesOf(
  { tf, config, discriminator }: Game,
  plan: PhasePlan,
  given: PhaseInputs,
  seen: readonly Trace[],
  count: number,
): readonly Penalty[] {
  const half = (first: number) => sliceTraces(tf, seen, first, count);
  const images = (first: number) =>
    discriminator.unpack(tf.slice2d(must(seen[0], 'trace').input, [first, 0], [count, -1]));
  // A point near or on the way to a real sample is judged as one of its class.
  const labels = labelsOf(given, 'realLabels');
  const passes: Record<PenaltyPlace, () => readonly Trace[]> = {
    real: () => half(0),
    fake: () => half(count),
    interpolated: () => {
      const towardsReal = tf.mul(tf.sub(images(0), images(count)), inputOf(given, 'penalty.interpolation'));
      const pass = passOf(given, 'penalty.interpolated');
      return unpaused(discriminator.forward(tf.add(images(count), towardsReal), pass, labels));
    },
    perturbed: () => {
      const around = tf.add(images(0), inputOf(given, 'penalty.perturbation')) as Tensor2D;
      return unpaused(discriminator.forward(around, passOf(given, 'penalty.perturbed'), labels));
    },
  };
  const interval = config.objective.penalty?.interval ?? 1;
  return penaltyTerms(config.objective, plan).map((term) =>
    penaltyOf(tf, discriminator, passes[term.on](), term, strengthOf(given, term.on), interval),
  );
}

/** Back through D (whose weights stay) into G. */
function* generatorStage(game: Game, plan: PhasePlan, given: PhaseInputs): Synchronised<StageResult> {
  const { tf, config, generator, discriminator } = game;
  const isPassCarried = plan.updates.includes('discriminator');
  const fakes = fakesOf(game, given);
  const { seen, logits, realLogits } = isPassCarried
    ? carriedPass(game, given, outputOf(fakes))
    : yield* ownPass(game, plan, given, outputOf(fakes));
  const dLogits = perPack(game, generatorLogitGradient(tf, outputOf(seen), realLogits, config.objective));
  const { input: dSeen } = yield* discriminator.backward(seen, dLogits, { input: true, parameters: false });
  const dFakes = backToSamples(game, given, 'fake', must(dSeen, 'gradient'));
  const { parameters } = yield* generator.backward(fakes, dFakes, { input: false, parameters: true });
  return { gradients: parameters, moments: generator.moments(fakes), logits, penalty: undefined, carried: {} };
}

interface GeneratorPass {
  /** D's, over the fakes. */
  readonly seen: readonly Trace[];
  readonly logits: Tensor2D | undefined;
  /** Where G's loss is of them. */
  readonly realLogits: Tensor2D | undefined;
}

function* ownPass(
  game: Game,
  { minibatch }: PhasePlan,
  given: PhaseInputs,
  fakes: Tensor2D,
): Synchronised<GeneratorPass> {
  const { tf, discriminator } = game;
  if (minibatch === undefined) {
    const images = seenBy(game, given, 'fake', fakes);
    const seen = yield* discriminator.forward(images, passOf(given, 'discriminator'), labelsOf(given, 'fakeLabels'));
    return { seen, logits: outputOf(seen), realLogits: undefined };
  }
  const both = yield* passOverBoth(game, given, inputOf(given, 'reals'), fakes);
  const logits = outputOf(both);
  const count = logits.shape[0] / 2;
  return { seen: sliceTraces(tf, both, count, count), logits, realLogits: tf.slice2d(logits, [0, 0], [count, 1]) };
}

/** The pass that D's gradient used. */
function carriedPass(game: Game, given: PhaseInputs, fakes: Tensor2D): GeneratorPass {
  const images = game.discriminator.pack(seenBy(game, given, 'fake', fakes));
  const seen = carriedTraces('discriminator', game.layers.discriminator.length, images, given);
  return { seen, logits: undefined, realLogits: given[REAL_LOGITS] as Tensor2D | undefined };
}

const REAL_LOGITS = 'discriminator.realLogits';

function carryFakes({ tf, config }: Game, seen: readonly Trace[], count: number): PhaseInputs {
  const fakes = carry('discriminator', sliceTraces(tf, seen, count, count));
  if (config.objective.loss !== 'relativistic') return fakes;
  return { ...fakes, [REAL_LOGITS]: tf.slice2d(outputOf(seen), [0, 0], [count, 1]) };
}

/** Sums are over samples, and each sample of a pack counts for it. */
function perPack({ tf, config }: Game, dLogits: Tensor2D): Tensor2D {
  const { packing } = config.discriminator;
  return packing === 1 ? dLogits : tf.mul(dLogits, packing);
}

function fakesOf({ layers }: Game, given: PhaseInputs): readonly Trace[] {
  return carriedTraces('generator', layers.generator.length, inputOf(given, 'latents'), given);
}

/** What a backward pass needs of a forward pass: each layer's input is the output below it. */
function carry(network: NetworkName, traces: readonly Trace[]): PhaseInputs {
  const carried: Record<string, Tensor> = {};
  for (const [layer, { output, selection, statistics }] of traces.entries()) {
    carried[`${network}.${layer}.output`] = output;
    if (selection !== undefined) carried[`${network}.${layer}.selection`] = selection;
    if (statistics !== undefined) carried[`${network}.${layer}.statistics`] = statistics;
  }
  return carried;
}

function carriedTraces(network: NetworkName, layerCount: number, images: Tensor2D, given: PhaseInputs): Trace[] {
  let input = images;
  return Array.from({ length: layerCount }, (_, layer) => {
    const output = must(given[`${network}.${layer}.output`], 'carried output') as Tensor2D;
    const trace = {
      input,
      output,
      selection: given[`${network}.${layer}.selection`],
      groups: 1,
      statistics: given[`${network}.${layer}.statistics`],
    };
    input = output;
    return trace;
  });
}
