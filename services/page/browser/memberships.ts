/** Who worked for a run from when to when, out of what happened. Pure. */
import type { Happening } from '../live/frame.ts';

export interface Membership {
  readonly workerId: string;
  readonly fromMs: number;
  /** Undefined where it still does. */
  readonly toMs: number | undefined;
  /** The generation that it came with. */
  readonly generation: number;
}

/** In the order in which workers came. A generation ends the one before; one that names a worker again goes on with it. */
export function membershipsOf(happenings: readonly Happening[]): Membership[] {
  const open = new Map<string, Membership>();
  const all: Membership[] = [];
  const leave = (toMs: number, stays: ReadonlySet<string>) => {
    for (const [workerId, membership] of open) {
      if (stays.has(workerId)) continue;
      all.push({ ...membership, toMs });
      open.delete(workerId);
    }
  };
  for (const happening of happenings) {
    if (happening.kind === 'state' && happening.state !== 'running' && happening.state !== 'starting') {
      if (happening.state !== 'pausing') leave(happening.timeMs, new Set());
    }
    if (happening.kind !== 'membership') continue;
    const { timeMs, generation, workers } = happening;
    leave(timeMs, new Set(workers));
    for (const workerId of workers) {
      if (!open.has(workerId)) open.set(workerId, { workerId, fromMs: timeMs, toMs: undefined, generation });
    }
  }
  return [...all, ...open.values()].sort((a, b) => a.fromMs - b.fromMs);
}
