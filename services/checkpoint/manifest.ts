/** What stands beside a checkpoint's tensors: enough to verify them without anything else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../config/packageRoot.ts';

export const manifestSchema = z.object({
  schema: z.literal('ganglion.checkpoint.v1'),
  runId: z.string(),
  /** Phases applied in the state. */
  phase: z.number().int().min(0),
  totalPhases: z.number().int().min(0),
  configSha256: z.string(),
  /** Of all tensors' bytes in the canonical order. */
  stateSha256: z.string(),
  /** Of state.safetensors. */
  fileSha256: z.string(),
  fileBytes: z.number().int(),
  /** Of G's and D's weights: the run's fingerprint. */
  weightsSha256: z.string(),
  savedAtMs: z.number(),
  /** Of the program that wrote it. */
  ganglionVersion: z.string(),
});
export type Manifest = z.output<typeof manifestSchema>;

export const STATE_FILE = 'state.safetensors';
export const MANIFEST_FILE = 'manifest.json';

/** Folder names sort like their phases. */
export function folderName(phase: number): string {
  return `phase-${String(phase).padStart(9, '0')}`;
}

export function ganglionVersion(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
