/** Which four moments of a run figure 1 shows. */
import { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';

export const momentSchema = z
  .strictObject({
    phase: z.int().min(0),
    distance: z.number().describe('Between p_g and p_data: 0 the same, 1 nothing in common.'),
    gap: z.number().optional().describe('Between D and D*; not there where D is no probability.'),
  })
  .readonly();
export type Moment = z.output<typeof momentSchema>;

const PANELS = 4;
/** p_g is near p_data once its distance is this part of the first one. */
const NEAR = 0.5;

/**
 * (a) the first; (b) the first where p_g has come near p_data; (c) after it, the one where D is nearest to D*; (d) the last.
 * Indices in ascending order. Throws `not-found` for fewer than four.
 */
export function figure1Stages(moments: readonly Moment[]): readonly number[] {
  if (moments.length < PANELS) {
    throw new GanglionError({
      code: 'not-found',
      message: `Figure 1 shows four moments of a run; this one has checkpoints of ${moments.length}: ${moments.map(({ phase }) => phase).join(', ') || 'none'}.`,
      remedy:
        'Train with checkpoints.everyPhases below a quarter of the phases, and checkpoints.keep as many as there are.',
    });
  }
  const last = moments.length - 1;
  const target = must(moments[0], 'first').distance * NEAR;
  const near = moments.findIndex(({ distance }, i) => i >= 1 && i <= last - 2 && distance <= target);
  const b = near >= 0 ? near : leastOf(moments, 1, last - 2, ({ distance }) => distance);
  const c = leastOf(moments, b + 1, last - 1, ({ gap, distance }) => gap ?? distance);
  return [0, b, c, last];
}

/** Index of the least from `first` to `end`, both included. */
function leastOf(moments: readonly Moment[], first: number, end: number, value: (moment: Moment) => number): number {
  let best = first;
  for (let i = first + 1; i <= end; i += 1) {
    if (value(must(moments[i], 'moment')) < value(must(moments[best], 'moment'))) best = i;
  }
  return best;
}
