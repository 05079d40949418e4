/** How near a game on the line is to where theorem 1 of Goodfellow et al. 2014 says that it ends. */

import { gaussianMixture, isMixture } from '../data/gaussianMixture.ts';
import { invariant, must } from '../errors/invariant.ts';
import { sigmoid, softplus } from '../gan/objective.ts';
import { loadGan } from '../sampling/loadGan.ts';
import type { ResultRun } from './resultFile.ts';

/** Where p_data lies: ±2 deviations, 95.4 % of it. */
const REACH = 2;
const SAMPLES = 400_000;
const CELLS = 160;
const POINTS = 401;

/** Of the newest checkpoint of a run on one Gaussian, by G's average where there is one. */
export async function lineMeasures(folder: string): Promise<ResultRun['evaluations'][number]['measures']> {
  const gan = await loadGan(folder, { backend: 'any' });
  try {
    const { data } = gan.config;
    invariant(isMixture(data), `${data.dataset} is a mixture`);
    const { means, deviations } = gaussianMixture(data);
    const [mean, deviation] = [must(means[0]?.[0], 'mean'), must(deviations[0], 'deviation')];
    const fakes = gan.sample({ seed: 0, first: 0, count: SAMPLES });
    const reals = Float32Array.from(fakes, (_, i) => mean + deviation * normalQuantile((i + 0.5) / SAMPLES));
    const points = Float32Array.from(
      { length: POINTS },
      (_, i) => mean + deviation * REACH * ((2 * i) / (POINTS - 1) - 1),
    );
    const outputs = gan.logits(points).map((logit) => Math.abs(sigmoid(logit) - 0.5));
    const average = (logits: Float32Array, of: (logit: number) => number) =>
      logits.reduce((sum, logit) => sum + of(logit), 0) / logits.length;
    const value = -average(gan.logits(reals), (l) => softplus(-l)) - average(gan.logits(fakes), softplus);
    return [
      { name: 'totalVariation', value: totalVariation(fakes, mean, deviation), detail: {} },
      { name: 'largestDistanceOfDFromHalf', value: Math.max(...outputs), detail: { within: `±${REACH}σ` } },
      { name: 'valueAboveMinusLog4', value: value + Math.log(4), detail: {} },
    ];
  } finally {
    gan.dispose();
  }
}

/** ½ Σ |p_g − p_data| over cells of ±4 deviations, and what lies outside. */
export function totalVariation(fakes: Float32Array, mean: number, deviation: number): number {
  const counts = new Float64Array(CELLS);
  const edge = (cell: number) => -4 + (8 * cell) / CELLS;
  let outside = 0;
  for (const x of fakes) {
    const cell = Math.floor((((x - mean) / deviation + 4) * CELLS) / 8);
    if (cell < 0 || cell >= CELLS) outside += 1;
    else counts[cell] = must(counts[cell], 'count') + 1;
  }
  let sum = outside / fakes.length + 2 * normalBelow(-4);
  for (const [cell, count] of counts.entries()) {
    sum += Math.abs(count / fakes.length - (normalBelow(edge(cell + 1)) - normalBelow(edge(cell))));
  }
  return sum / 2;
}

/** Φ(x), by the series of Marsaglia 2004: exact to the last digits within ±7. */
export function normalBelow(x: number): number {
  let [sum, term, n] = [x, x, 1];
  while (Math.abs(term) > 1e-17) {
    n += 2;
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Φ⁻¹(p), by bisection. */
export function normalQuantile(p: number): number {
  let [low, high] = [-7, 7];
  for (let i = 0; i < 40; i += 1) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
