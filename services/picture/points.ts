/** Samples of one or two values as pictures: the densities on the line, the points in the plane; data black, fakes green. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { must } from '../errors/invariant.ts';
import { cellCentre, densityOf } from './density.ts';
import { axes, type Box, clipped, heading, legend } from './frame.ts';
import type { Palette } from './palette.ts';
import { type Drawing, element, text } from './svg.ts';

export interface PointsPicture {
  readonly title: string;
  /** Values of one sample; of more than two the first two are shown. */
  readonly size: number;
  /** [count, size], row by row. */
  readonly fakes: Float32Array;
  /** Samples of the data; they say what is in the picture. */
  readonly reals: Float32Array;
  /** Where the data's modes are, and the radius within which a fake is one of theirs. */
  readonly modes?: readonly { readonly mean: readonly number[]; readonly radius: number }[] | undefined;
}

const BOX: Box = { left: 52, top: 40, width: 480, height: 480 };
const LINE_BOX: Box = { left: 52, top: 40, width: 560, height: 260 };
const MARGIN = 0.15;
/** Data beyond these shares of them do not widen the picture. */
const TAIL = 0.002;
const CELLS = 400;
const POINT = 2.6;

export function pointsPicture(picture: PointsPicture, palette: Palette): Drawing {
  return picture.size === 1 ? densities(picture, palette) : plane(picture, palette);
}

function plane({ title, size, fakes, reals, modes = [] }: PointsPicture, palette: Palette): Drawing {
  const columnsOf = (values: Float32Array) => [column(values, size, 0), column(values, size, 1)] as const;
  const [real, fake] = [columnsOf(reals), columnsOf(fakes)];
  const [xLimits, yLimits] = square(limits(real[0]), limits(real[1]));
  const x = scaleLinear(xLimits, [BOX.left, BOX.left + BOX.width]);
  const y = scaleLinear(yLimits, [BOX.top + BOX.height, BOX.top]);
  const isInside = (i: number) => inside(fake[0], xLimits, i) && inside(fake[1], yLimits, i);
  const outside = fake[0].filter((_, i) => !isInside(i)).length;
  const dots = ([xs, ys]: readonly [Float32Array, Float32Array], colour: string, opacity: number) =>
    element('path', {
      // As short lines with round ends: a tenth of the bytes of as many circles.
      d: Array.from(xs, (value, i) => dotAt(x(value), y(must(ys[i], 'y')))).join(''),
      ...{ stroke: colour, 'stroke-width': POINT, 'stroke-linecap': 'round', 'stroke-opacity': opacity },
    });
  const rings = modes.map(({ mean: [mx = 0, my = 0], radius }) =>
    element('circle', {
      ...{ cx: x(mx), cy: y(my), r: Math.max(x(mx + radius) - x(mx), 3) },
      ...{ fill: 'none', stroke: palette.reference, 'stroke-width': 1 },
    }),
  );
  return {
    width: BOX.left + BOX.width + 20,
    height: BOX.top + BOX.height + 46,
    title,
    description: `${fake[0].length} fakes beside ${real[0].length} samples of the data; ${outside} fakes are outside of the picture.`,
    body: [
      heading(title, BOX.left, 22, palette),
      ...legend(keys(palette, modes.length > 0), BOX.left + BOX.width, 22, palette),
      ...axes(BOX, { scale: x, label: '', ticks: 5 }, { scale: y, label: '', ticks: 5 }, palette),
      clipped('points', BOX, [...rings, dots(real, palette.data, 0.28), dots(fake, palette.generator, 0.75)]),
      outsideNote(outside, fake[0].length, BOX, palette),
    ],
  };
}

function densities({ title, fakes, reals }: PointsPicture, palette: Palette): Drawing {
  const [low, high] = limits(reals);
  const grid = { low, high, cells: CELLS };
  const [data, generated] = [densityOf(reals, grid), densityOf(fakes, grid)];
  const x = scaleLinear([low, high], [LINE_BOX.left, LINE_BOX.left + LINE_BOX.width]);
  // A collapsed G would flatten the data's curve: its own may leave the picture.
  const y = scaleLinear([0, 1.5 * Math.max(...data)], [LINE_BOX.top + LINE_BOX.height, LINE_BOX.top]);
  const curve = (values: Float64Array, attributes: object) =>
    element('path', {
      d: line<number>((_, cell) => x(cellCentre(grid, cell)), y)(Array.from(values)) ?? '',
      ...{ fill: 'none', 'stroke-linejoin': 'round', 'stroke-width': 2.2 },
      ...attributes,
    });
  const outside = fakes.filter((value) => value < low || value > high).length;
  return {
    width: LINE_BOX.left + LINE_BOX.width + 20,
    height: LINE_BOX.top + LINE_BOX.height + 46,
    title,
    description: `Densities of ${fakes.length} fakes and of ${reals.length} samples of the data; ${outside} fakes are outside of the picture.`,
    body: [
      heading(title, LINE_BOX.left, 22, palette),
      ...legend(lineKeys(palette), LINE_BOX.left + LINE_BOX.width, 22, palette),
      ...axes(LINE_BOX, { scale: x, label: 'x', ticks: 7 }, { scale: y, label: '', ticks: 4 }, palette),
      clipped('densities', LINE_BOX, [
        curve(generated, { stroke: palette.generator }),
        curve(data, { stroke: palette.data, 'stroke-dasharray': DOTTED, 'stroke-linecap': 'round' }),
      ]),
      outsideNote(outside, fakes.length, LINE_BOX, palette),
    ],
  };
}

const DOTTED = '1.5 4';

function keys(palette: Palette, hasModes: boolean) {
  return [
    ...(hasModes ? [{ label: 'reach of a mode', colour: palette.reference, isPoint: true }] : []),
    { label: 'data', colour: palette.data, isPoint: true },
    { label: 'G(z)', colour: palette.generator, isPoint: true },
  ];
}

function lineKeys(palette: Palette) {
  return [
    { label: 'p_data', colour: palette.data, dash: DOTTED },
    { label: 'p_g', colour: palette.generator },
  ];
}

/** What a picture leaves out, it says. */
function outsideNote(outside: number, count: number, box: Box, palette: Palette): string {
  if (outside === 0) return '';
  const words = `${outside} of ${count} fakes are outside of the picture`;
  const place = { x: box.left + box.width, y: box.top + box.height + 34, 'text-anchor': 'end' };
  return text(words, { ...place, 'font-size': 10.5, fill: palette.muted });
}

function column(values: Float32Array, size: number, at: number): Float32Array {
  return Float32Array.from({ length: values.length / size }, (_, row) => must(values[row * size + at], 'value'));
}

function limits(values: Float32Array): readonly [number, number] {
  const sorted = values.slice().sort();
  const at = (share: number) => must(sorted[Math.round(share * (sorted.length - 1))], 'quantile');
  const [low, high] = [at(TAIL), at(1 - TAIL)];
  const margin = (high - low || 1) * MARGIN;
  return [low - margin, high + margin];
}

type Limits = readonly [number, number];

/** Both as wide as the wider: a circle stays a circle. */
function square(x: Limits, y: Limits): readonly [Limits, Limits] {
  const half = Math.max(x[1] - x[0], y[1] - y[0]) / 2;
  const around = ([low, high]: Limits) => [(low + high) / 2 - half, (low + high) / 2 + half] as const;
  return [around(x), around(y)];
}

function inside(values: Float32Array, [low, high]: Limits, i: number): boolean {
  const value = must(values[i], 'value');
  return value >= low && value <= high;
}

/** Nothing for what is no number, behind which a path would end. */
function dotAt(x: number, y: number): string {
  return Number.isFinite(x + y) ? `M${round(x)} ${round(y)}h.01` : '';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
