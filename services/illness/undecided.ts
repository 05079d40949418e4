/** What the losses are where D cannot tell real from fake: the measure for large and small. See `gan/objective.ts`. */
import type { RunConfig } from '../config/runConfig.ts';

type Loss = RunConfig['objective']['loss'];

export interface UndecidedLosses {
  /** −V: D's loss before `discriminatorScale`. */
  readonly discriminator: number;
  readonly generator: number;
  /** −V of a D that tells all apart: above 0 where labels are smoothed, since D then aims below its sure answer. */
  readonly sure: number;
}

/**
 * log: D(x) = ½, so log 4 and log 2 (Goodfellow et al. 2014, section 4.1). least-squares: D(x) = ½ between its targets 0 and
 * 1, so ½·¼ for each of D's two terms and for G's one. hinge: D(x) = 0, so 1 for each of D's terms; G's loss is −D(G(z)), for
 * which 1 is where D's margin lies. relativistic: D(x) = D(G(z)), so log 2 for both. wasserstein: a distance of any scale.
 */
const UNDECIDED: Readonly<Record<Loss, Omit<UndecidedLosses, 'sure'> | undefined>> = {
  log: { discriminator: Math.log(4), generator: Math.LN2 },
  'least-squares': { discriminator: 0.25, generator: 0.125 },
  hinge: { discriminator: 2, generator: 1 },
  wasserstein: undefined,
  relativistic: { discriminator: Math.LN2, generator: Math.LN2 },
};

/** Undefined where no loss is large or small by itself. */
export function undecidedLosses({ objective }: RunConfig): UndecidedLosses | undefined {
  const { loss, labelSmoothing: s } = objective;
  const undecided = UNDECIDED[loss];
  return undecided && { ...undecided, sure: sureLoss(loss, s) };
}

/** D aims at 1 − s for a real sample: log: D(x) = 1 − s, so −log(1 − s). least-squares: ½s². */
function sureLoss(loss: Loss, s: number): number {
  if (loss === 'log') return -Math.log(1 - s);
  return loss === 'least-squares' ? s ** 2 / 2 : 0;
}
