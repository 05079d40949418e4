/** What uPlot draws of a chart: of each curve its values faintly, the band that they come from, and a smooth line above. */
import type { ChartCurve, ChartSpec } from './charts.ts';
import { colour } from './colour.ts';
import { smoothed } from './smoothing.ts';

type Numbers = readonly (number | null)[];

export interface ChartData {
  readonly phases: readonly number[];
  /** By curve; low and high are null where a bucket has one phase. */
  readonly curves: readonly { readonly mean: Numbers; readonly low: Numbers; readonly high: Numbers }[];
}

const FONT = '11px system-ui, sans-serif';
const SERIES_OF_CURVE = 4;
/** With `isCapped`: so much above this part of the values is shown. */
const CAP = { part: 0.97, room: 1.25 };

export function plotOptions(
  spec: ChartSpec,
  size: { readonly width: number; readonly height: number },
  onCursor: (index: number | undefined) => void,
): uPlot.Options {
  const { curves, reference, range, isLog = false, isCapped = false } = spec;
  const axis = {
    ...{ stroke: colour('muted'), font: FONT, ticks: { show: false } },
    grid: { stroke: colour('gridline'), width: 1 },
  };
  const powers = { filter: (_: uPlot, splits: number[]) => splits.map(powersOfTen) };
  const labels: uPlot.Axis.Values = (_, splits) => splits.map((value) => (value === null ? '' : short(value)));
  return {
    ...size,
    legend: { show: false },
    cursor: { sync: { key: 'phase' }, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false },
      y: isLog ? { distr: 3 } : range ? { range: () => [...range] } : isCapped ? { range: capped } : {},
    },
    axes: [
      { ...axis, size: 26, gap: 2, values: labels },
      // Of a logarithm, a line a power of ten.
      { ...axis, size: 46, gap: 4, values: labels, ...(isLog && { ...powers, grid: { ...axis.grid, ...powers } }) },
    ],
    series: [{}, ...curves.flatMap(seriesOf), ...(reference ? [referenceSeries()] : [])],
    bands: curves.map(({ colour: name }, i) => {
      return { series: [SERIES_OF_CURVE * i + 3, SERIES_OF_CURVE * i + 2], fill: faint(colour(name), '26') };
    }),
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? undefined)] },
  };
}

export function plotData({ phases, curves }: ChartData, spec: ChartSpec): uPlot.AlignedData {
  const { reference, isLog = false, isCapped = false } = spec;
  // A logarithm knows no zero.
  const drawn = (values: Numbers) => values.map((value) => (isLog && value !== null && value <= 0 ? null : value));
  const lines = curves.flatMap(({ mean, low, high }) => {
    const shown = drawn(mean);
    // Nor does it lift the smooth line.
    const top = isCapped ? capOf(shown) : Number.POSITIVE_INFINITY;
    return [
      shown,
      drawn(low),
      drawn(high),
      smoothed(shown.map((value) => (value === null ? null : Math.min(value, top)))),
    ];
  });
  return [[...phases], ...lines, ...(reference ? [phases.map(() => reference.y)] : [])];
}

function seriesOf({ colour: name, dash }: ChartCurve): uPlot.Series[] {
  const stroke = colour(name);
  const bound = { width: 0, stroke: 'transparent', points: { show: false }, spanGaps: true };
  const values = { width: 1, stroke: faint(stroke, '59'), points: { show: false }, spanGaps: true };
  return [values, bound, bound, { width: 1.8, stroke, spanGaps: true, ...(dash && { dash: [...dash] }) }];
}

function referenceSeries(): uPlot.Series {
  return { stroke: colour('reference'), width: 1, dash: [4, 4], points: { show: false } };
}

/** From 0 to what nearly all values are below: one hiccup does not press the rest flat. */
function capped({ data }: uPlot): uPlot.Range.MinMax {
  const tops = data.slice(1).flatMap((series, i) => (i % SERIES_OF_CURVE === 0 ? [capOf([...series])] : []));
  return [0, Math.max(...tops) || 1];
}

/** Above nearly all of the values. */
function capOf(values: readonly (number | null | undefined)[]): number {
  const sorted = values.filter((value) => value !== null && value !== undefined).sort((a, b) => a - b);
  return (sorted[Math.floor(CAP.part * (sorted.length - 1))] ?? 0) * CAP.room;
}

function powersOfTen(value: number | null): number | null {
  return value !== null && Math.abs(Math.log10(value) % 1) < 1e-9 ? value : null;
}

function faint(hex: string, opacity: string): string {
  return /^#[0-9a-f]{6}$/i.test(hex) ? hex + opacity : hex;
}

function short(value: number): string {
  return Math.abs(value) >= 10_000 ? `${Number((value / 1000).toPrecision(4))}k` : String(Number(value.toPrecision(4)));
}
