/** What the page knows of a run: frames, folded. Pure. */
import type { Column, CurvesPart, RunFrame } from '../live/frame.ts';

export interface Curves {
  /** Phases in a bucket. */
  readonly width: number;
  readonly length: number;
  readonly columns: Readonly<Record<string, Column>>;
}

export type RunModel = Omit<RunFrame, 'whole' | 'curves'> & { readonly curves: Curves };

const NO_CURVES: Curves = { width: 1, length: 0, columns: {} };

export function withFrame(before: RunModel | undefined, { whole, curves, ...frame }: RunFrame): RunModel {
  if (whole || before === undefined) return { ...frame, curves: curves ? joined(NO_CURVES, curves) : NO_CURVES };
  return {
    ...frame,
    curves: curves ? joined(before.curves, curves) : before.curves,
    happenings: [...before.happenings, ...frame.happenings],
    pictures: [...before.pictures, ...frame.pictures],
    evaluations: [...before.evaluations, ...frame.evaluations],
  };
}

/** Buckets of another width replace all, since the part then begins with the first one. */
function joined({ columns: known }: Curves, { width, from, columns }: CurvesPart): Curves {
  const names = new Set([...(from > 0 ? Object.keys(known) : []), ...Object.keys(columns)]);
  const length = from + Math.max(0, ...Object.values(columns).map(({ mean }) => mean.length));
  const all = [...names].map((name): [string, Column] => {
    const [old, fresh] = [known[name], columns[name]];
    const mean = spliced(old?.mean, fresh?.mean, from, length);
    if (width === 1) return [name, { mean }];
    return [
      name,
      { mean, low: spliced(old?.low, fresh?.low, from, length), high: spliced(old?.high, fresh?.high, from, length) },
    ];
  });
  return { width, length, columns: Object.fromEntries(all) };
}

type Numbers = readonly (number | null)[];

function spliced(old: Numbers = [], fresh: Numbers = [], from: number, length: number): (number | null)[] {
  return Array.from({ length }, (_, i) => (i < from ? (old[i] ?? null) : (fresh[i - from] ?? null)));
}

/** The newest value of a curve. */
export function newest({ columns }: Curves, name: string): number | undefined {
  return columns[name]?.mean.findLast((value) => value !== null) ?? undefined;
}

/** Of each bucket: the phase in its middle. */
export function phasesOf({ width, length }: Curves): number[] {
  return Array.from({ length }, (_, i) => i * width + (width - 1) / 2);
}
