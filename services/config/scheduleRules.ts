/** Rules over values that change while a run goes on, which their schema cannot say. */
import type { RunConfig } from './runConfig.ts';

/** A sentence for each rule that is broken. */
export function brokenSchedules(config: RunConfig): string[] {
  const broken = exponentialsThroughZero(config, '');
  for (const network of ['generator', 'discriminator'] as const) {
    const optimizer = config.optimizer[network];
    if (optimizer.type !== 'sgd' || typeof optimizer.learningRate === 'number') continue;
    if (optimizer.decay === 1 && optimizer.learningRateFloor === 0) continue;
    broken.push(
      `optimizer.${network}: found decay or learningRateFloor beside a learningRate with a schedule; allowed: one of the two ways to lower it.`,
    );
  }
  return broken;
}

/** Wherever in the config a value has a schedule. */
function exponentialsThroughZero(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'exponential' && 'from' in value && 'to' in value) {
    const end = (['from', 'to'] as const).find((name) => value[name] === 0);
    return end === undefined
      ? []
      : [`${path}.${end}: found 0; allowed where the type is exponential: a number above 0 (cosine reaches 0).`];
  }
  const name = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  return Object.entries(value).flatMap(([key, inner]) => exponentialsThroughZero(inner, name(key)));
}
