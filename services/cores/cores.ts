/** Which processor cores a worker takes. Pure: `pinning.ts` carries it out. */

/** What a person says: shared with the others of the run, left to the system, or these cores. */
export type CoresWish = 'auto' | 'off' | readonly number[];

/** `0-3,8` as Linux writes it; undefined where it is none. */
export function parseCores(text: string): readonly number[] | undefined {
  const cores = new Set<number>();
  for (const range of text.trim().split(',')) {
    const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(range);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first) return undefined;
    for (let core = first; core <= last; core++) cores.add(core);
  }
  return [...cores].sort((a, b) => a - b);
}

export function formatCores(cores: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const core of cores) {
    const last = ranges.at(-1);
    if (last && core === last[1] + 1) last[1] = core;
    else ranges.push([core, core]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/**
 * The share of the worker that is number `index` of `count` on this machine: neighbours, as many for each, and disjoint. All
 * cores where there are fewer than workers: to share one with another would be worse than what the system does.
 */
export function shareOf(cores: readonly number[], index: number, count: number): readonly number[] {
  const each = Math.floor(cores.length / count);
  return each === 0 ? cores : cores.slice(index * each, (index + 1) * each);
}
