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

/** ` Measured by two (swd), three (mmd) and the coordinator (prdc).`; nothing where the coordinator measured all. */
export function describeMeasurers(
  byMetric: readonly { readonly metric: string; readonly workerId: string | undefined }[],
): string {
  if (byMetric.every(({ workerId }) => workerId === undefined)) return '';
  const metrics = new Map<string, string[]>();
  for (const { metric, workerId = 'the coordinator' } of byMetric) {
    metrics.set(workerId, [...(metrics.get(workerId) ?? []), metric]);
  }
  const all = [...metrics].map(([who, names]) => `${who} (${names.join(', ')})`);
  const last = all.pop();
  return ` Measured by ${all.length > 0 ? `${all.join(', ')} and ${last}` : last}.`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
