/** The shape of the samples as far as a config tells it: data are [n, values] for whoever does not ask. */
import type { RunConfig } from './runConfig.ts';

/** [height, width, channels] of a sample: as augmentation has it, or the reshape that D begins with; undefined without both. */
export function imageShape({
  objective,
  discriminator,
}: Pick<RunConfig, 'objective' | 'discriminator'>): readonly number[] | undefined {
  const [first] = discriminator.layers;
  const [height = 0, width = 0, channels] = first?.type === 'reshape' ? first.shape : [];
  // D's image has the channels of all samples of a pack; where they do not divide, it is no sample's shape.
  const own = channels === undefined ? 0 : channels / discriminator.packing;
  const reshaped = own > 0 && Number.isInteger(own) ? [height, width, own] : undefined;
  return objective.augment?.shape ?? reshaped;
}
