/** Rules over what is measured of a run, which the schema cannot say. */
import { measuresFor, metricsFor } from '../evaluate/metricsFor.ts';
import type { RunConfig } from './runConfig.ts';

export function brokenEvaluation({ evaluation, data }: RunConfig): string[] {
  if (evaluation === undefined) return [];
  const { metrics, keepBest } = evaluation;
  const allowed = metricsFor(data);
  const broken = (metrics ?? []).flatMap((metric, index, all) => {
    const at = `evaluation.metrics[${index}]: found ${metric}`;
    if (!allowed.includes(metric)) return [`${at}; allowed for ${data.dataset}: ${allowed.join(', ')}.`];
    return all.indexOf(metric) < index ? [`${at} again; allowed: each metric once.`] : [];
  });
  if (broken.length > 0 || keepBest === undefined) return broken;
  const measured = measuresFor(data, metrics ?? allowed);
  if (measured.includes(keepBest)) return [];
  return [`evaluation.keepBest: found ${keepBest}; allowed, since it is measured: ${measured.join(', ')}.`];
}
