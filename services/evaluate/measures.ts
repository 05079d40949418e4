/** What evaluation measures, by the metric that gives it. */
import { z } from 'zod';

export const METRICS = ['parzen', 'modes', 'swd', 'mmd', 'prdc', 'frechet'] as const;
export type Metric = (typeof METRICS)[number];

/** Which way is better. */
export const MEASURES = {
  logLikelihood: { metric: 'parzen', better: 'higher' },
  modes: { metric: 'modes', better: 'higher' },
  highQuality: { metric: 'modes', better: 'higher' },
  reverseKl: { metric: 'modes', better: 'lower' },
  swd: { metric: 'swd', better: 'lower' },
  mmd2: { metric: 'mmd', better: 'lower' },
  precision: { metric: 'prdc', better: 'higher' },
  recall: { metric: 'prdc', better: 'higher' },
  density: { metric: 'prdc', better: 'higher' },
  coverage: { metric: 'prdc', better: 'higher' },
  frechet: { metric: 'frechet', better: 'lower' },
} as const satisfies Record<string, { metric: Metric; better: 'higher' | 'lower' }>;
export type MeasureName = keyof typeof MEASURES;

export const measureSchema = z
  .strictObject({
    name: z.enum(Object.keys(MEASURES) as MeasureName[]),
    value: z.number(),
    standardError: z.number().optional().describe('Where the metric’s protocol has one.'),
    better: z.enum(['higher', 'lower']),
    samples: z.int().min(0).describe('Samples of G.'),
    detail: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .readonly()
      .describe('What the value depends on, or is part of: σ, levels, how many modes there are.'),
  })
  .readonly();
export type Measure = z.output<typeof measureSchema>;
