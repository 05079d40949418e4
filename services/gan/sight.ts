/**
 * What D sees of a sample: augmented, then under instance noise, each where the config asks for it; and the way back of a
 * gradient to the sample.
 */
import type { Tensor2D } from '@tensorflow/tfjs';
import { imageShape } from '../config/imageShape.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { augmented, augmentedBack, type Device } from './augment.ts';
import type { PhaseInputs, Side } from './phaseInputs.ts';

interface Eyes extends Device {
  readonly config: RunConfig;
}

export function seenBy(eyes: Eyes, given: PhaseInputs, side: Side, samples: Tensor2D): Tensor2D {
  const { tf, config } = eyes;
  const { augment, instanceNoise } = config.objective;
  const changed = augment ? augmented(eyes, given, `augment.${side}`, channelsOf(config), samples) : samples;
  return instanceNoise ? tf.add(changed, must(given[`noise.${side}`], 'noise')) : changed;
}

/** The gradient by the samples, by that of what D saw of them. */
export function backToSamples(eyes: Eyes, given: PhaseInputs, side: Side, dSeen: Tensor2D): Tensor2D {
  return eyes.config.objective.augment
    ? augmentedBack(eyes, given, `augment.${side}`, channelsOf(eyes.config), dSeen)
    : dSeen;
}

function channelsOf(config: RunConfig): number {
  return must(imageShape(config)?.[2], 'channels');
}
