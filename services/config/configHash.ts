/** One name for a resolved config: SHA-256 of its JSON with sorted keys, so that the order of fields does not count. */
import { createHash } from 'node:crypto';
import type { RunConfig } from './runConfig.ts';

/** Hex. */
export function configSha256(config: RunConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(config)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
