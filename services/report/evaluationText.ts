/** Evaluations in words. Loads nothing: every command line does. */
import type { BestCheckpoint, Measured } from './evaluation.ts';

/** `mmd2 0.01234 ± 0.0005, swd 12.3` */
export function describeMeasures(measures: readonly Measured[]): string {
  return measures
    .map(({ name, value, standardError }) => {
      return `${name} ${figure(value)}${standardError === undefined ? '' : ` ± ${figure(standardError)}`}`;
    })
    .join(', ');
}

export function describeBest({ phase, measure, value }: BestCheckpoint): string {
  return `phase ${phase}, ${measure} ${figure(value)}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
