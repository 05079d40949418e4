/** Which penalties D pays in a phase, and where: a pure function of the config and the plan. */
import type { RunConfig } from '../config/runConfig.ts';
import type { ScheduledValue } from '../config/scheduledSchema.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';

/** On which samples D's gradient is taken: those of its own two batches, between them, or around the real ones. */
export type PenaltyPlace = 'real' | 'fake' | 'interpolated' | 'perturbed';

/** Of each sample with ∇ = the gradient of D's output by the sample: strength/2 · ‖∇‖², or strength · (‖∇‖ − norm)². */
export interface PenaltyTerm {
  readonly on: PenaltyPlace;
  /** γ or λ. */
  readonly strength: ScheduledValue;
  /** Undefined where the square of ‖∇‖ itself is meant. */
  readonly norm: number | undefined;
}

/** Lazy: the first update of D is penalised, and then each whose number the interval divides. */
export function penaltyTerms(
  { penalty }: RunConfig['objective'],
  { updates, updatesBefore }: Pick<PhasePlan, 'updates' | 'updatesBefore'>,
): readonly PenaltyTerm[] {
  const isDue = updates.includes('discriminator') && updatesBefore.discriminator % (penalty?.interval ?? 1) === 0;
  if (penalty === undefined || !isDue) return [];
  const { r1, r2, gp, dragan } = penalty;
  const term = (on: PenaltyPlace, strength: ScheduledValue | undefined, norm?: number) =>
    strength === undefined ? [] : [{ on, strength, norm }];
  return [
    ...term('real', r1),
    ...term('fake', r2),
    ...term('interpolated', gp?.weight, gp?.norm),
    ...term('perturbed', dragan?.weight, dragan?.norm),
  ];
}

/** Whether the phase pays a penalty that most of D's updates do not: if only those that are due anyway were told, few would be. */
export function paysLazyPenalty(
  objective: RunConfig['objective'],
  plan: Pick<PhasePlan, 'updates' | 'updatesBefore'>,
): boolean {
  return (objective.penalty?.interval ?? 1) > 1 && penaltyTerms(objective, plan).length > 0;
}
