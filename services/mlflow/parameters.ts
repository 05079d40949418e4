/** A run config as MLflow's parameters: one a field, by its path. */
import type { RunConfig } from '../config/runConfig.ts';
import type { Named } from './mlflowClient.ts';

/** Older servers take no longer value. */
const VALUE_CHARS_MAX = 500;

export function parametersOf(config: RunConfig): Named[] {
  return flat('', config);
}

function flat(path: string, value: unknown): Named[] {
  if (typeof value !== 'object' || value === null) {
    return value === undefined ? [] : [{ key: path, value: String(value).slice(0, VALUE_CHARS_MAX) }];
  }
  return Object.entries(value).flatMap(([name, inner]) => flat(path === '' ? name : `${path}.${name}`, inner));
}
