/** Spans of one track as viewers draw them: in a lane each lies within another or beside it, never across its end. */

export interface Timed {
  readonly track: string;
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

export interface Lane {
  readonly name: string;
  /** By their beginnings, the longer first. */
  readonly spans: Timed[];
}

/** As few lanes as fit; the second is called `track (2)`. */
export function lanesOf(spans: readonly Timed[]): readonly Lane[] {
  const lanes: (Lane & { readonly open: Timed[] })[] = [];
  for (const span of [...spans].sort((a, b) => a.begin - b.begin || b.end - a.end)) {
    let lane = lanes.find(({ open }) => {
      while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= span.begin) open.pop();
      return span.end <= (open.at(-1)?.end ?? Number.POSITIVE_INFINITY);
    });
    if (!lane) {
      lane = { name: lanes.length === 0 ? span.track : `${span.track} (${lanes.length + 1})`, spans: [], open: [] };
      lanes.push(lane);
    }
    lane.spans.push(span);
    lane.open.push(span);
  }
  return lanes;
}
