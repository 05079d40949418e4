/** What evaluation measures, by the metric that gives it. */

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

export interface Measure {
  readonly name: MeasureName;
  readonly value: number;
  /** Where the metric's protocol has one. */
  readonly standardError?: number;
  readonly better: 'higher' | 'lower';
  /** Samples of G. */
  readonly samples: number;
  /** What the value depends on, or is part of: σ, levels, how many modes there are. */
  readonly detail: Readonly<Record<string, number | string>>;
}
