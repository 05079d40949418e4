/** The phase in the random addresses of what is drawn for a split. */
import type { Split } from './source.ts';

const PHASES: Record<Split, number> = { train: 0, valid: 1, test: 2 };

export function splitPhase(split: Split): number {
  return PHASES[split];
}
