/** What is measured of a run while it goes on, as its config names it. It changes no bit of the run. */
import { z } from 'zod';
import { MEASURES, METRICS, type MeasureName } from '../evaluate/measures.ts';

const MEASURE_NAMES = Object.keys(MEASURES) as [MeasureName, ...MeasureName[]];

export const evaluationSchema = z
  .strictObject({
    everyPhases: z
      .number()
      .int()
      .positive()
      .describe('A checkpoint is stored and evaluated every so many phases, and at the end.'),
    metrics: z
      .array(z.enum(METRICS))
      .min(1)
      .max(METRICS.length)
      .optional()
      .describe('What is measured. Default: all that make sense for the data.'),
    samples: z
      .number()
      .int()
      .min(10)
      .max(1_000_000)
      .optional()
      .describe('Samples of G for each metric. Default: as its protocol says.'),
    seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Key of the latents.'),
    keepBest: z
      .enum(MEASURE_NAMES)
      .optional()
      .describe('The checkpoint that is best by this measure is kept beside the newest `checkpoints.keep`.'),
  })
  .optional()
  .describe(
    'Evaluates checkpoints beside training, in processes of low priority without a GPU: on spare workers, or beside the coordinator. ' +
      'One at a time: of a run whose checkpoints come faster the newest is next. Default: off.',
  );
