/** When an alarm is raised and cleared: after enough findings on end, beyond one threshold or within another. */
import type { Findings, Reading } from './rule.ts';

/** Where a run stands with one rule. */
export interface Watched {
  readonly raised: boolean;
  /** Findings on end that were sick, and that were well: one of them is 0. */
  readonly sick: number;
  readonly well: number;
}

export const WELL: Watched = { raised: false, sick: 0, well: 0 };

type Side = 'sick' | 'between' | 'well';

export function advance(before: Watched, { readings, raiseAfter, clearAfter }: Findings): Watched {
  const side = sideOf(readings);
  const sick = side === 'sick' ? Math.min(before.sick + 1, raiseAfter) : 0;
  const well = side === 'well' ? Math.min(before.well + 1, clearAfter) : 0;
  const raised = before.raised ? well < clearAfter : sick >= raiseAfter;
  return { raised, sick, well };
}

/** Sick where one reading is, well where all are. */
function sideOf(readings: readonly Reading[]): Side {
  const sides = readings.map(({ value, raise, clear, sickIf }) => {
    const sign = sickIf === 'above' ? 1 : -1;
    if (sign * (value - raise) > 0) return 'sick';
    return sign * (value - clear) <= 0 ? 'well' : 'between';
  });
  if (sides.includes('sick')) return 'sick';
  return sides.includes('between') ? 'between' : 'well';
}

/** The reading that is furthest on the sick side, by what its threshold is. */
export function worst([first, ...rest]: Findings['readings']): Reading {
  return rest.reduce((a, b) => (severity(b) > severity(a) ? b : a), first);
}

function severity({ value, raise, sickIf }: Reading): number {
  // A value of 0 below its threshold is as sick as can be.
  if (sickIf === 'below') return value === 0 ? Number.POSITIVE_INFINITY : raise / value;
  return raise === 0 ? Number.POSITIVE_INFINITY : value / raise;
}
