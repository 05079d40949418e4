/**
 * The density of samples on the line by Gaussian kernels (Parzen 1962), on a grid. The kernels' width is the one of a few
 * under which each sample is likeliest by the others (Habbema et al. 1974, Duin 1976): it follows narrow modes, which the rule
 * of thumb for one Gaussian would smear.
 */
import { invariant, must } from '../errors/invariant.ts';

export interface Grid {
  readonly low: number;
  readonly high: number;
  /** Cells between them. */
  readonly cells: number;
}

/** Widths tried, as parts of the rule of thumb's. */
const WIDTHS = [1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08];
/** A kernel is 0 beyond so many widths. */
const REACH = 4;
/** Silverman 1986, equation 3.31. */
const RULE_OF_THUMB = 0.9;
const IQR_OF_NORMAL = 1.34;

/** Middle of a cell. */
export function cellCentre({ low, high, cells }: Grid, cell: number): number {
  return low + ((cell + 0.5) * (high - low)) / cells;
}

/** Density at each cell's middle; its integral is the share of samples in the grid. */
export function densityOf(samples: Float32Array, grid: Grid): Float64Array {
  invariant(samples.length > 1 && grid.high > grid.low, `${samples.length} samples on ${grid.low} … ${grid.high}`);
  const counts = binned(samples, grid);
  const cell = (grid.high - grid.low) / grid.cells;
  // By what is seen: one sample far away would widen every kernel.
  const thumb = ruleOfThumb(samples.filter((sample) => sample >= grid.low && sample < grid.high));
  let best: { score: number; density: Float64Array } | undefined;
  for (const part of WIDTHS) {
    // Below a cell, the grid shows no difference.
    const width = Math.max(thumb * part, cell);
    const density = smoothed(counts, samples.length, width / cell, cell);
    const score = leaveOneOut(counts, samples.length, density, width);
    if (best === undefined || score > best.score) best = { score, density };
  }
  return must(best, 'width').density;
}

function binned(samples: Float32Array, { low, high, cells }: Grid): Float64Array {
  const counts = new Float64Array(cells);
  for (const sample of samples) {
    const cell = Math.floor(((sample - low) / (high - low)) * cells);
    if (cell >= 0 && cell < cells) counts[cell] = must(counts[cell], 'count') + 1;
  }
  return counts;
}

function ruleOfThumb(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  const sorted = samples.slice().sort();
  const at = (share: number) => must(sorted[Math.floor(share * (sorted.length - 1))], 'quantile');
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length);
  const spread = Math.min(deviation, (at(0.75) - at(0.25)) / IQR_OF_NORMAL) || deviation;
  return RULE_OF_THUMB * spread * sorted.length ** -0.2;
}

/** @param width of the kernels, in cells. */
function smoothed(counts: Float64Array, total: number, width: number, cell: number): Float64Array {
  const reach = Math.ceil(REACH * width);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / width) ** 2));
  const sum = kernel.reduce((whole, value) => whole + value, 0);
  const density = new Float64Array(counts.length);
  for (const [from, count] of counts.entries()) {
    if (count === 0) continue;
    for (let i = 0; i < kernel.length; i += 1) {
      const to = from + i - reach;
      if (to < 0 || to >= density.length) continue;
      density[to] = must(density[to], 'density') + (count * must(kernel[i], 'kernel')) / (sum * total * cell);
    }
  }
  return density;
}

/** Mean log-likelihood of a sample under the density of all others. */
function leaveOneOut(counts: Float64Array, total: number, density: Float64Array, width: number): number {
  const own = 1 / (width * Math.sqrt(2 * Math.PI));
  let score = 0;
  for (const [cell, count] of counts.entries()) {
    if (count === 0) continue;
    const others = (total * must(density[cell], 'density') - own) / (total - 1);
    score += count * Math.log(Math.max(others, Number.MIN_VALUE));
  }
  return score;
}
