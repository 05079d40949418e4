/**
 * Mode coverage as VEEGAN (Srivastava et al. 2017) and PacGAN (Lin et al. 2018) count it: a sample is of high quality within
 * three standard deviations of its nearest mode, as 1 − e^−4.5 = 98.9 % of a Gaussian's own are in two dimensions; a mode is there with one such sample; the reverse KL divergence is that of
 * the samples' nearest modes from the data's shares.
 */
import { MODE_REACH } from '../data/gaussianMixture.ts';
import { invariant } from '../errors/invariant.ts';
import type { Matrix } from './matrix.ts';

export interface Modes {
  /** One a row. */
  readonly centres: Matrix;
  /** Of each mode, the same along every axis. */
  readonly deviations: ArrayLike<number>;
  /** Share of the data in each mode; adds up to 1. */
  readonly weights: ArrayLike<number>;
}

export interface ModeCoverage {
  readonly modes: number;
  readonly modesTotal: number;
  /** Share of the samples, 0 … 1. */
  readonly highQuality: number;
  /** KL(samples ‖ data) over the modes, in nats. */
  readonly reverseKl: number;
}

/** A sample that is not finite is of no quality, and of no mode. */
export function modeCoverage(samples: Matrix, { centres, deviations, weights }: Modes): ModeCoverage {
  invariant(samples.columns === centres.columns, 'samples and modes have the same dimensions');
  const assigned = new Float64Array(centres.rows);
  const reached = new Set<number>();
  let good = 0;
  for (let row = 0; row < samples.rows; row += 1) {
    const { mode, squared } = nearest(samples, row, centres);
    if (mode < 0) continue;
    assigned[mode] = (assigned[mode] ?? 0) + 1;
    if (squared > (MODE_REACH * (deviations[mode] ?? 0)) ** 2) continue;
    good += 1;
    reached.add(mode);
  }
  return {
    modes: reached.size,
    modesTotal: centres.rows,
    highQuality: good / samples.rows,
    reverseKl: reverseKl(assigned, weights),
  };
}

/** Modes that have a sample, and the reverse KL divergence, from how often a classifier saw each of them. */
export function modesCounted(counts: ArrayLike<number>): { modes: number; modesTotal: number; reverseKl: number } {
  const all = Array.from(counts);
  const uniform = all.map(() => 1 / all.length);
  const modes = all.filter((count) => count > 0).length;
  return { modes, modesTotal: all.length, reverseKl: reverseKl(all, uniform) };
}

/** Σ p·log(p / q) for p the counts' shares; a mode without a sample adds nothing. NaN where nothing was counted. */
function reverseKl(counts: ArrayLike<number>, weights: ArrayLike<number>): number {
  const all = Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  if (total === 0) return Number.NaN;
  return all.reduce((sum, count, mode) => {
    const share = count / total;
    return count === 0 ? sum : sum + share * Math.log(share / (weights[mode] ?? 0));
  }, 0);
}

function nearest(samples: Matrix, row: number, centres: Matrix): { mode: number; squared: number } {
  let [mode, least] = [-1, Number.POSITIVE_INFINITY];
  for (let candidate = 0; candidate < centres.rows; candidate += 1) {
    let squared = 0;
    for (let axis = 0; axis < centres.columns; axis += 1) {
      const [x, centre] = [
        samples.values[row * samples.columns + axis],
        centres.values[candidate * centres.columns + axis],
      ];
      squared += ((x as number) - (centre as number)) ** 2;
    }
    if (squared < least) [mode, least] = [candidate, squared];
  }
  return { mode, squared: least };
}
