/** Curves over phases: a mean line, and a band from the least to the greatest where many points share a pixel. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { axes, type Box, clipped, heading, type LegendEntry, label, legend, type Scale } from './frame.ts';
import type { Palette } from './palette.ts';
import { type Drawing, element } from './svg.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  readonly label: string;
  readonly colour: string;
  readonly dash?: string | undefined;
  /** In ascending order of x; what is not finite is left out. */
  readonly points: readonly Point[];
}

export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** A known value: a dashed line across, with its name. */
  readonly reference?: { readonly y: number; readonly label: string };
  /** Default linear; log needs values above 0. */
  readonly yScale?: 'linear' | 'log';
  /** Fixed limits; by the points where left out. */
  readonly yRange?: readonly [number, number];
}

const WIDTH = 640;
const HEIGHT = 300;
const BOX: Box = { left: 64, top: 40, width: WIDTH - 64 - 18, height: HEIGHT - 40 - 44 };
/** Points of a curve that are drawn at most; more share a pixel. */
const BUCKETS = 280;

/** @param name of its own on the page: parts of the drawing are named after it. */
export function lineChart(chart: LineChart, palette: Palette, name: string): Drawing {
  const least = chart.yScale === 'log' ? Number.MIN_VALUE : Number.NEGATIVE_INFINITY;
  const series = chart.series.map((one) => ({ ...one, buckets: inBuckets(one.points.filter(({ y }) => y >= least)) }));
  const all = series.flatMap(({ buckets }) => buckets);
  const x = scaleLinear([min(all.map((b) => b.x)), max(all.map((b) => b.x))], [BOX.left, BOX.left + BOX.width]);
  const y = yScale(chart, all).range([BOX.top + BOX.height, BOX.top]) as Scale;
  const entries: LegendEntry[] = series.map(({ label, colour, dash }) => ({ label, colour, dash }));
  return {
    width: WIDTH,
    height: HEIGHT,
    title: chart.title,
    description: series.map((one) => summary(one.label, one.buckets)).join(' '),
    body: [
      heading(chart.title, BOX.left, 22, palette),
      ...legend(entries, BOX.left + BOX.width, 22, palette),
      ...axes(BOX, { scale: x, label: chart.xLabel, ticks: 6 }, { scale: y, label: chart.yLabel, ticks: 5 }, palette),
      clipped(
        `${name}-box`,
        BOX,
        series.flatMap(({ buckets, colour, dash }) => curve(buckets, x, y, colour, dash)),
      ),
      ...(chart.reference === undefined ? [] : referenceLine(chart.reference, y, palette)),
    ],
  };
}

interface Bucket {
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Neighbours together, so that at most BUCKETS are left. */
function inBuckets(points: readonly Point[]): Bucket[] {
  const finite = points.filter(({ y }) => Number.isFinite(y));
  const size = Math.max(1, Math.ceil(finite.length / BUCKETS));
  const buckets: Bucket[] = [];
  for (let first = 0; first < finite.length; first += size) {
    const own = finite.slice(first, first + size);
    const values = own.map(({ y }) => y);
    buckets.push({ x: mean(own.map((p) => p.x)), mean: mean(values), low: min(values), high: max(values) });
  }
  return buckets;
}

function yScale({ yScale: kind, yRange, reference }: LineChart, all: readonly Bucket[]): Scale {
  const known = reference === undefined ? [] : [reference.y];
  if (kind === 'log') {
    return scaleLog([min(all.map((b) => b.low)) / 1.2, max(all.map((b) => b.high)) * 1.2], [0, 1]);
  }
  if (yRange !== undefined) return scaleLinear(yRange, [0, 1]);
  const [low, high] = [min([...all.map((b) => b.low), ...known]), max([...all.map((b) => b.high), ...known])];
  const room = (high - low || 1) * 0.06;
  return scaleLinear([low - room, high + room], [0, 1]);
}

function curve(buckets: readonly Bucket[], x: Scale, y: Scale, colour: string, dash?: string): string[] {
  const bandOf = area<Bucket>(
    (b) => x(b.x),
    (b) => y(b.low),
    (b) => y(b.high),
  );
  const lineOf = line<Bucket>(
    (b) => x(b.x),
    (b) => y(b.mean),
  );
  const stroke = { stroke: colour, 'stroke-width': 1.7, 'stroke-dasharray': dash, 'stroke-linejoin': 'round' };
  return [
    element('path', { d: bandOf(buckets) ?? '', fill: colour, 'fill-opacity': 0.16 }),
    element('path', { d: lineOf(buckets) ?? '', fill: 'none', ...stroke }),
  ];
}

function referenceLine({ y: value, label: words }: { y: number; label: string }, y: Scale, palette: Palette): string[] {
  const at = y(value);
  const right = BOX.left + BOX.width;
  // Above the line where there is room.
  const labelAt = at - BOX.top > 16 ? at - 5 : at + 14;
  const stroke = { stroke: palette.reference, 'stroke-width': 1.2, 'stroke-dasharray': '6 4' };
  return [
    element('line', { x1: BOX.left, x2: right, y1: at, y2: at, ...stroke }),
    label(words, right - 4, labelAt, 'end', palette.reference, palette),
  ];
}

function summary(name: string, buckets: readonly Bucket[]): string {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return `${name}: no values.`;
  return `${name}: from ${first.mean.toPrecision(3)} to ${last.mean.toPrecision(3)}.`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Loops, not spreads: a run may have more points than a call takes arguments. */
function min(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function max(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), Number.NEGATIVE_INFINITY);
}
