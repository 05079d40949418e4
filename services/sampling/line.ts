/**
 * A game on the line, as figure 1 of Goodfellow et al. 2014 looks at it: the densities of data and fakes, D, and where G puts
 * each z.
 */
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { sigmoid } from '../gan/objective.ts';
import { cellCentre, densityOf, type Grid } from '../picture/density.ts';
import { optimum } from '../picture/figure1.ts';
import type { Gan } from './gan.ts';

/** One moment of the game. */
export interface LineStage {
  /** p_g at the grid's cells. */
  readonly generated: Float64Array;
  /** D at the grid's cells; see `DiscriminatorScale`. */
  readonly discriminator: Float64Array;
  /** z along the latent's first value, the others 0, and G(z). */
  readonly arrows: readonly { readonly z: number; readonly x: number }[];
  /** ½ ∫ |p_g − p_data|: 0 where they are the same, 1 where they have nothing in common. */
  readonly distance: number;
  /** Mean |D − D*| over data and fakes; undefined where D is no probability. */
  readonly gap: number | undefined;
}

/** Whether D's curve is a probability, which D* can be held against, or only high where D prefers. */
export type DiscriminatorScale = 'probability' | 'relative';

export interface LineView {
  readonly grid: Grid;
  /** p_data at the grid's cells. */
  readonly data: Float64Array;
  /** Ends of what is shown of z. */
  readonly latentRange: readonly [number, number];
  readonly scale: DiscriminatorScale;
}

const CELLS = 600;
const ARROWS = 25;
/** Of the data's width, on each side. */
const MARGIN = 0.3;
/** Data beyond these shares of them do not widen the picture. */
const TAIL = 0.001;
/** Of normal latents, so many deviations are shown. */
const NORMAL_REACH = 2.5;

/** What stays the same all through a run. @param reals samples of the data, one value each. */
export function lineView({ latent, objective }: RunConfig, reals: Float32Array): LineView {
  const sorted = reals.slice().sort();
  const at = (share: number) => must(sorted[Math.round(share * (sorted.length - 1))], 'quantile');
  const [low, high] = [at(TAIL), at(1 - TAIL)];
  const margin = (high - low || 1) * MARGIN;
  const grid = { low: low - margin, high: high + margin, cells: CELLS };
  const reach = latent.distribution === 'uniform' ? Math.sqrt(3) : NORMAL_REACH;
  const isProbability = objective.loss === 'log' || objective.loss === 'least-squares';
  return {
    grid,
    data: densityOf(reals, grid),
    latentRange: [-reach, reach],
    scale: isProbability ? 'probability' : 'relative',
  };
}

/** @param gan of samples of one value each. */
export function lineStage(gan: Gan, view: LineView, { seed, count }: { seed: number; count: number }): LineStage {
  const { grid, data } = view;
  const generated = densityOf(gan.sample({ seed, first: 0, count }), grid);
  const discriminator = discriminatorOn(gan, view);
  const cell = (grid.high - grid.low) / grid.cells;
  const sumOf = (value: (p: number, q: number, i: number) => number) =>
    data.reduce((sum, p, i) => sum + value(p, must(generated[i], 'density'), i), 0);
  const gap = sumOf((p, q, i) => 0.5 * (p + q) * Math.abs(must(discriminator[i], 'D') - optimum(p, q)));
  return {
    generated,
    discriminator,
    arrows: arrowsOf(gan, view.latentRange),
    // What is outside of the picture is in neither density, and was there.
    distance: Math.min(1, 0.5 * cell * sumOf((p, q) => Math.abs(p - q)) + 0.5 * (1 - cell * sumOf((_p, q) => q))),
    gap: view.scale === 'probability' ? gap * cell : undefined,
  };
}

function discriminatorOn(gan: Gan, { grid, scale }: LineView): Float64Array {
  const x = Float32Array.from({ length: grid.cells }, (_, cell) => cellCentre(grid, cell));
  const outputs = Float64Array.from(gan.logits(x));
  const { loss } = gan.config.objective;
  if (loss === 'log') return outputs.map(sigmoid);
  if (scale === 'probability') return outputs;
  const [low, high] = [Math.min(...outputs), Math.max(...outputs)];
  return outputs.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
}

function arrowsOf(gan: Gan, [low, high]: readonly [number, number]) {
  const { size } = gan.config.latent;
  const z = Array.from({ length: ARROWS }, (_, i) => low + ((high - low) * i) / (ARROWS - 1));
  const latents = new Float32Array(ARROWS * size);
  for (const [i, value] of z.entries()) latents[i * size] = value;
  const x = gan.fromLatents(latents);
  return z.map((value, i) => ({ z: value, x: must(x[i], 'x') }));
}
