/** Deals the metrics of an evaluation to those who measure, so that the last one is ready early. Pure. */
import { must } from '../../errors/invariant.ts';
import type { Metric } from '../../evaluate/measures.ts';

/** Seconds for MNIST by each protocol on one core, beside one second to begin. */
const SECONDS: Record<Metric, number> = { swd: 23, prdc: 4, parzen: 3, frechet: 2, mmd: 2, modes: 1 };

/**
 * The dearest first, each to whoever has least by then; of equals to the first (Graham 1969: at most 4/3 of the shortest time).
 * Each share in the order of `metrics`; none is empty. @param count 1 or more.
 */
export function shareMetrics(metrics: readonly Metric[], count: number): Metric[][] {
  const shares = Array.from({ length: Math.min(count, metrics.length) }, () => ({
    seconds: 0,
    own: new Set<Metric>(),
  }));
  const dearest = metrics.toSorted((a, b) => SECONDS[b] - SECONDS[a]);
  for (const metric of dearest) {
    const least = must(shares.toSorted((a, b) => a.seconds - b.seconds)[0], 'share');
    least.seconds += SECONDS[metric];
    least.own.add(metric);
  }
  return shares.map(({ own }) => metrics.filter((metric) => own.has(metric)));
}
