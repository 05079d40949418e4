/** Rules over several fields of the objective, and of D where it must fit, which their schemas cannot say. */
import { imageShape } from './imageShape.ts';
import type { RunConfig } from './runConfig.ts';
import { obstacleToPenalty } from './twiceDifferentiable.ts';

/** A sentence for each rule that is broken. */
export function brokenObjective({ objective, discriminator }: RunConfig): string[] {
  const { loss, generator, labelSmoothing, augment, penalty } = objective;
  const broken: string[] = [];
  if (loss !== 'log' && generator === 'minimax') {
    broken.push(`objective.generator: found minimax; allowed with loss ${loss}: non-saturating, for it has one form.`);
  }
  if (labelSmoothing > 0 && loss !== 'log' && loss !== 'least-squares') {
    broken.push(
      `objective.labelSmoothing: found ${labelSmoothing}; allowed with loss ${loss}: 0, for it has no target (log and least-squares have).`,
    );
  }
  if (augment !== undefined && imageShape({ objective, discriminator }) === undefined) {
    broken.push(
      'objective.augment.shape: missing; needed where D does not begin with a reshape to an image: [height, width, channels] of a sample.',
    );
  }
  if (penalty === undefined) return broken;
  const { r1, r2, gp, dragan } = penalty;
  if ([r1, r2, gp, dragan].every((term) => term === undefined)) {
    broken.push(
      'objective.penalty: found neither r1, r2, gp nor dragan; needed: one of them (r1: 10, or gp: {weight: 10}).',
    );
  }
  for (const [index, layer] of discriminator.layers.entries()) {
    const why = obstacleToPenalty(layer);
    if (why === undefined) continue;
    broken.push(
      `discriminator.layers[${index}]: found ${layer.type}; not allowed with objective.penalty, since ${why}.`,
    );
  }
  return broken;
}
