/**
 * What TensorBoard and MLflow are shown of a run: a fold over its events. The longer a run, the fewer of its reports and pictures are
 * shown: each doubling of the run adds as many as the one before, so that the reports of a run of ten million take some 76 MB.
 */
import type { PhaseEvent, RunEvent } from '../report/runEvent.ts';
import { type Histogram, histogramOf } from './histogram.ts';

export type ChartValue =
  | { readonly tag: string; readonly simpleValue: number }
  | { readonly tag: string; readonly histo: Histogram }
  /** A PNG file of the run folder. */
  | { readonly tag: string; readonly artifact: string };

export interface Shown {
  readonly timeMs: number;
  /** The phase; of pictures and evaluations, the committed phases. */
  readonly step: number;
  readonly values: readonly ChartValue[];
}

/** All of them are shown up to here; then as many for each doubling: with 500 bytes each, 8 MB. */
const REPORTS = 16_384;
/** Of 100 kB or so: 6 MB for each doubling. */
const PICTURES = 64;
/** Outputs of D in a histogram, the newest. */
const OUTPUTS_MAX = 4_096;

/** D's mean outputs since the last picture, and how much was told before. */
export class Chart {
  #reports = 0;
  #pictures = 0;
  #outputs: { real: number[]; fake: number[] } = { real: [], fake: [] };

  /** Undefined where nothing of the event is shown. */
  show(event: RunEvent): Shown | undefined {
    const values = this.#valuesOf(event);
    return values.length === 0 ? undefined : { timeMs: event.timeMs, step: event.phase, values };
  }

  #valuesOf(event: RunEvent): readonly ChartValue[] {
    switch (event.kind) {
      case 'phase': {
        const { dReal, dFake } = event.statistics;
        if (dReal !== undefined) remember(this.#outputs.real, dReal);
        if (dFake !== undefined) remember(this.#outputs.fake, dFake);
        return isShown(this.#reports++, REPORTS) ? scalarsOf(event) : [];
      }
      case 'snapshot': {
        const { real, fake } = this.#outputs;
        this.#outputs = { real: [], fake: [] };
        if (!isShown(this.#pictures++, PICTURES)) return [];
        return [
          { tag: 'samples', artifact: event.artifact },
          ...(real.length > 0 ? [{ tag: 'discriminator_output/real', histo: histogramOf(real) }] : []),
          ...(fake.length > 0 ? [{ tag: 'discriminator_output/fake', histo: histogramOf(fake) }] : []),
        ];
      }
      case 'evaluation':
        return event.measures.map(({ name, value }) => ({ tag: `evaluation/${name}`, simpleValue: value }));
      default:
        return [];
    }
  }
}

/** Every one of the first 2·each, then every second of as many, every fourth, … @param index counted from 0. */
export function isShown(index: number, each: number): boolean {
  const octave = Math.max(0, Math.floor(Math.log2(Math.max(1, index) / each)));
  return index % 2 ** octave === 0;
}

function scalarsOf({ statistics, timings, samplesPerSecond, phasesPerSecond }: PhaseEvent): ChartValue[] {
  const values: Readonly<Record<string, number | undefined>> = {
    'loss/discriminator': statistics.discriminatorLoss,
    'loss/generator': statistics.generatorLoss,
    'value/v': statistics.value,
    'value/penalty': statistics.penalty,
    'discriminator_output/mean_real': statistics.dReal,
    'discriminator_output/mean_fake': statistics.dFake,
    'gradient_norm/discriminator': statistics.discriminatorGradientNorm,
    'gradient_norm/generator': statistics.generatorGradientNorm,
    ema_gap: statistics.emaGap,
    'throughput/samples_per_second': samplesPerSecond,
    'throughput/phases_per_second': phasesPerSecond,
    'phase_ms/compute': timings.computeMs,
    'phase_ms/exchange': timings.exchangeMs,
    'phase_ms/wait': timings.waitMs,
    'phase_ms/apply': timings.applyMs,
  };
  return Object.entries(values).flatMap(([tag, simpleValue]) =>
    simpleValue === undefined ? [] : [{ tag, simpleValue }],
  );
}

function remember(outputs: number[], value: number): void {
  if (outputs.length === OUTPUTS_MAX) outputs.shift();
  outputs.push(value);
}
