/** Evaluates a checkpoint of a run, or the training data themselves: the yardstick that samples are held against. */
import { z } from 'zod';
import { prepareBackendEnvironment, selectBackend } from '../backend/select.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { openTrainingSet, type TrainingSet } from '../data/dataset.ts';
import { fingerprintOf } from '../data/fingerprint.ts';
import { openSource } from '../data/source.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { loadGan } from '../sampling/loadGan.ts';
import { firstOf, readSamples } from './comparedSamples.ts';
import { type Draw, type EvaluationRequest, evaluateSamples } from './evaluation.ts';
import { type Metric, measureSchema } from './measures.ts';
import { metricsFor } from './metricsFor.ts';

export interface EvaluationOptions extends Omit<EvaluationRequest, 'metrics'> {
  /** Default: all that make sense for the data. */
  readonly metrics: readonly Metric[] | undefined;
  readonly backend: RunConfig['backend']['require'];
}

export const evaluationSchema = z
  .strictObject({
    runId: z.string().describe('The run, or `real`.'),
    phase: z.int().min(0),
    weightsSha256: z.string().describe('Of G’s and D’s weights; empty for real data.'),
    of: z.enum(['ema', 'live', 'real']).describe('What G’s weights were, or `real`.'),
    dataset: z.string(),
    seed: z.int().min(0),
    measures: z.array(measureSchema).readonly(),
  })
  .readonly();
export type Evaluation = z.output<typeof evaluationSchema>;

/** @param where a run folder, or a checkpoint in one. */
export async function evaluateRun(
  where: string,
  options: EvaluationOptions & {
    readonly phase?: number | undefined;
    readonly live?: boolean;
    /** What the run's training set must be; undefined: whatever lies here. */
    readonly dataSha256?: string | undefined;
  },
): Promise<Evaluation> {
  wholeProducts();
  const { backend, live = false, phase, dataSha256 } = options;
  const gan = await loadGan(where, { backend, live, phase });
  try {
    const { config, runId, weightsSha256, generatorWeights: of } = gan;
    if (dataSha256 !== undefined) requireData(openTrainingSet(config), dataSha256);
    const { tf } = await selectBackend({ require: backend, intraOpThreads: config.backend.intraOpThreads });
    // Of a run that knows classes, one after the other: all alike.
    const draw: Draw = (count) => gan.sample({ seed: options.seed, first: 0, count });
    const request = { ...options, metrics: options.metrics ?? metricsFor(config.data) };
    const measures = await evaluateSamples(tf, config.data, draw, request);
    return { runId, phase: gan.phase, weightsSha256, of, dataset: config.data.dataset, seed: options.seed, measures };
  } finally {
    gan.dispose();
  }
}

/** Throws `dataset`. */
function requireData(found: TrainingSet, dataSha256: string): void {
  if (fingerprintOf(found) === dataSha256) return;
  throw new GanglionError({
    code: 'dataset',
    message: `${found.name} on this machine is not what the run is trained on.`,
    remedy: 'Put the coordinator’s data at the same path, or let the coordinator measure.',
  });
}

/** The first training samples in G's place. */
export async function evaluateReal(data: RunConfig['data'], options: EvaluationOptions): Promise<Evaluation> {
  wholeProducts();
  prepareBackendEnvironment(1);
  const { tf } = await selectBackend({ require: options.backend, intraOpThreads: 1 });
  const source = openSource(data, 'train');
  // As G would give them: what it gives in [0, 1] needs nothing done to it, and floats have no other way.
  const asUnit = source.type === 'float32' ? data : ({ ...data, normalize: 'unit' } as RunConfig['data']);
  const draw: Draw = (count) => {
    if (count > source.size) {
      throw new GanglionError({
        code: 'invalid-argument',
        message: `${count} training samples were asked for; ${source.name} has ${source.size}.`,
        remedy: `Write --samples ${source.size}, say.`,
      });
    }
    return readSamples(tf, source, firstOf(count), asUnit).values;
  };
  const request = { ...options, metrics: options.metrics ?? metricsFor(asUnit) };
  const measures = await evaluateSamples(tf, asUnit, draw, request);
  return {
    runId: 'real',
    phase: 0,
    weightsSha256: '',
    of: 'real',
    dataset: data.dataset,
    seed: options.seed,
    measures,
  };
}

/** CUDA rounds a product's factors to 10 bits (TF32) unless it is told not to: neighbours would change. */
function wholeProducts(): void {
  process.env.NVIDIA_TF32_OVERRIDE = '0';
}
