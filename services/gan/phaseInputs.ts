/**
 * What a shard's gradients are a function of, besides the weights: its real samples and its random numbers, as tensors by
 * name. Everything that changes from phase to phase is here, so that the rest can be compiled once.
 */
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { imageShape } from '../config/imageShape.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import type { SampleRange } from '../plan/shards.ts';
import type { StreamName } from '../random/streams.ts';
import { augmentTensors } from './augment.ts';
import { drawAugmentation } from './augmentDraw.ts';
import type { Tf } from './kernels.ts';
import { classesOf, oneHot } from './labels.ts';
import type { Pass } from './layer.ts';
import { fakeClasses, latents, normalNoise, stackedMask, unitNumbers } from './noise.ts';
import { type PenaltyPlace, penaltyTerms } from './penaltyTerms.ts';
import { scheduledAt } from './scheduledValue.ts';
import type { ResolvedLayer } from './shapes.ts';

/**
 * `latents`, `reals` (where the phase reads them), `<owner>.<layer>.mask` of each dropout layer, what `augment` and
 * `instanceNoise` do to each side, and under `penalty.` what D's update alone takes;
 * where the run knows classes, `realLabels` and `fakeLabels`, one-hot [n, classes].
 */
export type PhaseInputs = Readonly<Record<string, Tensor>>;

export interface InputsOptions {
  readonly tf: Tf;
  readonly config: RunConfig;
  readonly layers: Readonly<Record<NetworkName, readonly ResolvedLayer[]>>;
}

/** Whose masks they are: a network's own pass, or D's where a penalty looks. */
type MaskOwner = NetworkName | 'penalty.interpolated' | 'penalty.perturbed';

const REAL_AND_FAKE: readonly StreamName[] = ['discriminatorDropoutReal', 'discriminatorDropoutFake'];
const FAKE: readonly StreamName[] = ['discriminatorDropoutFake'];
const OF_GENERATOR: readonly StreamName[] = ['generatorDropout'];

/** What the fakes are a function of. Call it inside a tidy. */
export function fakesInputs(options: InputsOptions, phase: number, range: SampleRange): PhaseInputs {
  const { tf, config } = options;
  const z = tf.tensor2d(latents(config, 'latent', phase, range), [range.count, config.latent.size]);
  const classes = classesOf(config);
  const labels = classes === 0 ? {} : { fakeLabels: oneHot(tf, fakeClasses(config, phase, range, classes), classes) };
  return { latents: z, ...labels, ...masks(options, 'generator', OF_GENERATOR, phase, range) };
}

/** Real samples of a shard. */
export interface Reals {
  /** [count, sampleSize], normalised. */
  readonly values: Tensor2D;
  /** [count, classes], where labels travel. */
  readonly labels: Tensor2D | undefined;
}

/** What D's passes take beside them. @param reals undefined where the phase reads none. */
export function passInputs(
  options: InputsOptions,
  plan: PhasePlan,
  range: SampleRange,
  reals: Reals | undefined,
): PhaseInputs {
  const streams = reals === undefined ? FAKE : REAL_AND_FAKE;
  return {
    ...(reals && { ...samplesOf(reals), ...sideInputs(options, 'real', plan, range) }),
    ...sideInputs(options, 'fake', plan, range),
    ...masks(options, 'discriminator', streams, plan.phase, range),
    ...penaltyInputs(options, plan, range),
  };
}

function samplesOf({ values, labels }: Reals): PhaseInputs {
  return { reals: values, ...(labels && { realLabels: labels }) };
}

export type Side = 'real' | 'fake';

const SIDE_STREAMS = {
  real: { augment: 'augmentReal', noise: 'instanceNoiseReal' },
  fake: { augment: 'augmentFake', noise: 'instanceNoiseFake' },
} as const satisfies Record<Side, Record<string, StreamName>>;

/** What stands between the samples of one side and D. */
function sideInputs(options: InputsOptions, side: Side, plan: PhasePlan, range: SampleRange): PhaseInputs {
  const { tf, config } = options;
  const { augment, instanceNoise } = config.objective;
  const { phase, updates } = plan;
  const streams = SIDE_STREAMS[side];
  const inputs: Record<string, Tensor> = {};
  if (augment !== undefined) {
    const address = { seed: config.seed, stream: streams.augment, phase, layer: 0 };
    const draw = drawAugmentation(augment, must(imageShape(config), "the samples' shape"), address, range);
    const back = side === 'fake' && updates.includes('generator');
    Object.assign(inputs, augmentTensors(tf, `augment.${side}`, draw, back));
  }
  if (instanceNoise !== undefined) {
    const size = sampleSize(options);
    const std = scheduledAt(instanceNoise.std, plan.updatesBefore[must(updates[0], 'network')]);
    const noise = normalNoise(config, streams.noise, phase, range, size, std);
    inputs[`noise.${side}`] = tf.tensor2d(noise, [range.count, size]);
  }
  return inputs;
}

function penaltyInputs(options: InputsOptions, plan: PhasePlan, range: SampleRange): PhaseInputs {
  const { tf, config } = options;
  const { phase } = plan;
  const inputs: Record<string, Tensor> = {};
  const places: PenaltyPlace[] = [];
  for (const { on, strength } of penaltyTerms(config.objective, plan)) {
    places.push(on);
    // Each sample of a pack pays for it.
    const times = (config.objective.penalty?.interval ?? 1) * config.discriminator.packing;
    inputs[strengthName(on)] = tf.scalar(scheduledAt(strength, plan.updatesBefore.discriminator) * times);
  }
  if (places.includes('interpolated')) {
    const shares = unitNumbers(config, 'interpolation', phase, range);
    inputs['penalty.interpolation'] = tf.tensor2d(shares, [range.count, 1]);
    Object.assign(inputs, masks(options, 'penalty.interpolated', ['discriminatorDropoutInterpolated'], phase, range));
  }
  if (places.includes('perturbed')) {
    const size = sampleSize(options);
    const std = must(config.objective.penalty?.dragan, 'dragan').noise;
    const noise = normalNoise(config, 'perturbation', phase, range, size, std);
    inputs['penalty.perturbation'] = tf.tensor2d(noise, [range.count, size]);
    Object.assign(inputs, masks(options, 'penalty.perturbed', ['discriminatorDropoutPerturbed'], phase, range));
  }
  return inputs;
}

/** Without what another network's update alone takes: so that one stage always has the same inputs. */
export function inputsOfStage(stage: 'fakes' | NetworkName, inputs: PhaseInputs): PhaseInputs {
  if (stage === 'discriminator') return inputs;
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith('penalty.')));
}

function sampleSize({ config, layers }: InputsOptions): number {
  return must(layers.discriminator[0], 'layer').inputUnits / config.discriminator.packing;
}

function masks(
  { tf, config, layers }: InputsOptions,
  owner: MaskOwner,
  streams: readonly StreamName[],
  phase: number,
  range: SampleRange,
): PhaseInputs {
  const drawn: Record<string, Tensor> = {};
  const { packing } = config.discriminator;
  const rows = owner === 'generator' ? range : { first: range.first / packing, count: range.count / packing };
  for (const { config: layer, index, inputUnits: width } of layers[owner === 'generator' ? owner : 'discriminator']) {
    if (layer.type !== 'dropout') continue;
    const values = stackedMask(config, streams, phase, rows, { index, keep: layer.keep, width });
    drawn[maskName(owner, index)] = tf.tensor2d(values, [streams.length * rows.count, width]);
  }
  return drawn;
}

type InputName = 'latents' | 'reals' | 'penalty.interpolation' | 'penalty.perturbation';

export function inputOf(inputs: PhaseInputs, name: InputName): Tensor2D {
  return must(inputs[name], name) as Tensor2D;
}

/** Undefined where the run knows no classes. */
export function labelsOf(inputs: PhaseInputs, name: 'realLabels' | 'fakeLabels'): Tensor2D | undefined {
  return inputs[name] as Tensor2D | undefined;
}

/** γ or λ of a penalty, times its interval. */
export function strengthOf(inputs: PhaseInputs, on: PenaltyPlace): Scalar {
  const name = strengthName(on);
  return must(inputs[name], name) as Scalar;
}

function strengthName(on: PenaltyPlace): string {
  return `penalty.strength.${on}`;
}

/** @param groups batches that are stacked in it. */
export function passOf(inputs: PhaseInputs, owner: MaskOwner, groups = 1): Pass {
  const mask = (layer: number) => {
    const name = maskName(owner, layer);
    return must(inputs[name], name) as Tensor2D;
  };
  return { mask, groups };
}

function maskName(owner: MaskOwner, layer: number): string {
  return `${owner}.${layer}.mask`;
}
