/** Measures samples against data: which samples, how many, of which split, and by which metrics. Deterministic. */
import type { RunConfig } from '../config/runConfig.ts';
import { gaussianMixture, isMixture } from '../data/gaussianMixture.ts';
import { openSource, type SampleSource } from '../data/source.ts';
import { must } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { type Classifier, createClassifier } from './classifier/classifier.ts';
import { countsOf, featuresOf } from './classifier/digits.ts';
import { readWeights } from './classifier/weightsFile.ts';
import { comparable, comparedSplit, firstOf, readSamples, spreadOver } from './comparedSamples.ts';
import { frechetDistance } from './frechet.ts';
import { type Matrix, rowsOf } from './matrix.ts';
import { MEASURES, type Measure, type MeasureName, type Metric } from './measures.ts';
import { requireMetrics, samplesFor } from './metricsFor.ts';
import { maximumMeanDiscrepancy } from './mmd.ts';
import { modeCoverage, modesCounted } from './modes.ts';
import { parzenLogLikelihood } from './parzen.ts';
import { PATCH_PIXELS } from './patches.ts';
import { precisionRecallDensityCoverage } from './prdc.ts';
import { imageSwd, pointSwd } from './slicedWasserstein.ts';

export interface EvaluationRequest {
  readonly metrics: readonly Metric[];
  /** Instead of each protocol's number. */
  readonly samples: number | undefined;
  /** Of G's latents and of random directions. */
  readonly seed: number;
  /** Parzen's, instead of the one that validation data choose. */
  readonly sigma?: number | undefined;
}

/** Gives the first `count` samples, as the networks see them, [count, values]. */
export type Draw = (count: number) => Float32Array;

/** Validation images that choose Parzen's σ. */
const VALIDATION_COUNT = 1000;

/** Throws `invalid-argument` for a metric that says nothing of these data, `dataset`, or `refused` for NaN. */
export async function evaluateSamples(
  tf: Tf,
  data: RunConfig['data'],
  draw: Draw,
  request: EvaluationRequest,
): Promise<readonly Measure[]> {
  requireMetrics(data, request.metrics);
  const source = openSource(data, comparedSplit(data));
  const columns = source.shape.reduce((product, size) => product * size, 1);
  const countOf = (metric: Metric) => request.samples ?? samplesFor(metric, data);
  const most = Math.max(...request.metrics.map(countOf));
  const fakes = comparable(draw(most), columns, data, source.type);
  const needsClassifier = request.metrics.some((metric) => looksThroughClassifier(metric, data));
  const classifier = needsClassifier ? await committedClassifier(tf) : undefined;
  try {
    const parts: Parts = { tf, data, source, classifier, request };
    return request.metrics.flatMap((metric) => measure(metric, parts, rowsOf(fakes, 0, countOf(metric))));
  } finally {
    classifier?.dispose();
  }
}

interface Parts {
  readonly tf: Tf;
  readonly data: RunConfig['data'];
  readonly source: SampleSource;
  readonly classifier: Classifier | undefined;
  readonly request: EvaluationRequest;
}

/** Precision to coverage in pixels say little of digits; Fréchet distance and mode counts are the classifier's anyway. */
function looksThroughClassifier(metric: Metric, { dataset, normalize }: RunConfig['data']): boolean {
  const hasDigits = (dataset === 'mnist' || dataset === 'stacked-mnist') && normalize !== 'gcn';
  return hasDigits && (metric === 'prdc' || metric === 'modes' || metric === 'frechet');
}

async function committedClassifier(tf: Tf): Promise<Classifier> {
  const { weights, manifest } = await readWeights();
  return createClassifier(tf, weights, manifest.weightsSha256);
}

function measure(metric: Metric, parts: Parts, fakes: Matrix): Measure[] {
  const { tf, data, source, classifier, request } = parts;
  /** As many data as samples, as far as there are. */
  const reals = () => {
    const count = Math.min(fakes.rows, source.size);
    return readSamples(tf, source, spreadOver(source.size, count), data);
  };
  const result = (
    name: MeasureName,
    value: number,
    detail: Measure['detail'] = {},
    standardError?: number,
  ): Measure => ({
    ...{ name, value, better: MEASURES[name].better, samples: fakes.rows, detail },
    ...(standardError !== undefined && { standardError }),
  });
  switch (metric) {
    case 'parzen': {
      const validation = readSamples(tf, openSource(data, 'valid'), firstOf(VALIDATION_COUNT), data);
      const test = readSamples(tf, source, firstOf(source.size), data);
      const found = parzenLogLikelihood(tf, fakes, { validation, test }, request.sigma);
      const detail = { sigma: found.sigma, ...(found.atEdge && { note: 'σ is at the edge of the grid' }) };
      return [result('logLikelihood', found.logLikelihood, detail, found.standardError)];
    }
    case 'modes':
      return modesOf(parts, fakes, result);
    case 'swd': {
      const [height = 0, width = 0, channels = 0] = source.shape;
      // An image without room for a patch is a point.
      const isPoint = source.shape.length === 1 || Math.min(height, width) < PATCH_PIXELS;
      if (isPoint) return [result('swd', pointSwd(tf, reals(), fakes, request.seed))];
      const { mean, levels } = imageSwd(tf, reals(), fakes, { height, width, channels }, request.seed);
      return [result('swd', mean, { unit: '×1000', ...levels })];
    }
    case 'mmd': {
      const { mmd2, standardError, bandwidth } = maximumMeanDiscrepancy(tf, reals(), fakes);
      return [result('mmd2', mmd2, { bandwidth }, standardError)];
    }
    case 'prdc': {
      const [x, y] = classifier ? [featuresOf(classifier, reals()), featuresOf(classifier, fakes)] : [reals(), fakes];
      const found = precisionRecallDensityCoverage(tf, x, y);
      const detail = { k: 3, space: classifier ? 'features' : 'values' };
      const names = ['precision', 'recall', 'density', 'coverage'] as const;
      return names.map((name) => result(name, found[name], detail));
    }
    case 'frechet': {
      const through = must(classifier, 'classifier');
      const value = frechetDistance(featuresOf(through, reals()), featuresOf(through, fakes));
      return [result('frechet', value, { classifier: through.weightsSha256.slice(0, 12) })];
    }
  }
}

function modesOf(
  { data, classifier }: Parts,
  fakes: Matrix,
  result: (name: MeasureName, value: number, detail?: Measure['detail']) => Measure,
): Measure[] {
  if (isMixture(data)) {
    const { means, deviations, weights } = gaussianMixture(data);
    const centres = { rows: means.length, columns: fakes.columns, values: Float32Array.from(means.flat()) };
    const { modes, modesTotal, highQuality, reverseKl } = modeCoverage(fakes, { centres, deviations, weights });
    const detail = { of: modesTotal };
    return [result('modes', modes, detail), result('highQuality', highQuality), result('reverseKl', reverseKl, detail)];
  }
  const through = must(classifier, 'classifier');
  const { modes, modesTotal, reverseKl } = modesCounted(countsOf(through, fakes));
  const detail = { of: modesTotal, classifier: through.weightsSha256.slice(0, 12) };
  return [result('modes', modes, detail), result('reverseKl', reverseKl, detail)];
}
