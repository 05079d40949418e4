/** Which metrics make sense for which data, and how many samples their protocols take. */
import type { RunConfig } from '../config/runConfig.ts';
import { isMixture } from '../data/gaussianMixture.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { MEASURES, METRICS, type MeasureName, type Metric } from './measures.ts';

const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];

/** Parzen: the authors'. Modes: VEEGAN's 2,500 points, PacGAN's 26,000 stacks. SWD: Karras et al.'s. */
const SAMPLES: Record<Metric, number> = {
  parzen: 10_000,
  modes: 2_500,
  swd: 8_192,
  mmd: 5_000,
  prdc: 10_000,
  frechet: 10_000,
};
const STACKS = 26_000;
const DIGITS = 10_000;

export function samplesFor(metric: Metric, { dataset }: RunConfig['data']): number {
  if (metric !== 'modes') return SAMPLES[metric];
  if (dataset === 'stacked-mnist') return STACKS;
  return dataset === 'mnist' ? DIGITS : SAMPLES.modes;
}

/** What is measured where nobody names metrics: all that make sense. */
export function metricsFor(data: RunConfig['data']): readonly Metric[] {
  const { dataset, normalize } = data;
  // The classifier knows digits in [0, 1].
  const hasDigits = (dataset === 'mnist' || dataset === 'stacked-mnist') && normalize !== 'gcn';
  return METRICS.filter((metric) => {
    if (metric === 'parzen') return (dataset === 'mnist' || dataset === 'fashion-mnist') && normalize !== 'gcn';
    if (metric === 'frechet') return hasDigits;
    return metric !== 'modes' || isMixture(data) || hasDigits;
  });
}

/** Throws `invalid-argument` for a metric that says nothing of these data. */
export function requireMetrics(data: RunConfig['data'], wanted: readonly Metric[]): void {
  const allowed = metricsFor(data);
  const wrong = wanted.find((metric) => !allowed.includes(metric));
  if (wrong === undefined) return;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `The metric ${wrong} is not defined for ${data.dataset}; ${allowed.join(', ')} are.`,
    remedy: `Leave ${wrong} out, or leave out the list to measure all that are.`,
  });
}

/** What these metrics give. How near points are to their modes is told of data whose modes are known. */
export function measuresFor(data: RunConfig['data'], metrics: readonly Metric[]): readonly MeasureName[] {
  return MEASURE_NAMES.filter(
    (name) => metrics.includes(MEASURES[name].metric) && (name !== 'highQuality' || isMixture(data)),
  );
}
