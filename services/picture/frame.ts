/** The frame of a plot: title, axes with ticks and gridlines, legend; what is drawn inside is cut at its edges. */
import type { ScaleContinuousNumeric } from 'd3-scale';
import type { Palette } from './palette.ts';
import { element, text } from './svg.ts';

export type Scale = ScaleContinuousNumeric<number, number>;

/** The inside of a plot, in units of the drawing. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Axis {
  readonly scale: Scale;
  readonly label: string;
  /** About so many. */
  readonly ticks: number;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  /** As SVG's stroke-dasharray. */
  readonly dash?: string | undefined;
  /** A point instead of a line. */
  readonly isPoint?: boolean;
}

const TICK_SIZE = 10.5;
/** Widths of characters in DejaVu Sans differ; this is about their mean, in font sizes. */
const CHARACTER_WIDTH = 0.58;
const SWATCH_WIDTH = 20;
const LEGEND_GAP = 14;

/** Gridlines and ticks, below what is drawn. */
export function axes(box: Box, x: Axis, y: Axis, palette: Palette): string[] {
  const { left, top, width, height } = box;
  const bottom = top + height;
  const line = { stroke: palette.gridline, 'stroke-width': 1 };
  const tick = { fill: palette.muted, 'font-size': TICK_SIZE };
  const xLabel = x.scale.tickFormat(x.ticks);
  const yLabel = y.scale.tickFormat(y.ticks);
  return [
    ...y.scale.ticks(y.ticks).flatMap((value) => {
      const at = y.scale(value);
      const label = yLabel(value);
      // A logarithmic scale has ticks between those that it names.
      if (label === '') return [];
      return [
        element('line', { x1: left, x2: left + width, y1: at, y2: at, ...line }),
        text(minus(label), { x: left - 6, y: at + 3.8, 'text-anchor': 'end', ...tick }),
      ];
    }),
    ...x.scale.ticks(x.ticks).flatMap((value) => {
      const at = x.scale(value);
      return [
        element('line', { x1: at, x2: at, y1: bottom, y2: bottom + 4, stroke: palette.muted, 'stroke-width': 1 }),
        text(minus(xLabel(value)), { x: at, y: bottom + 16, 'text-anchor': 'middle', ...tick }),
      ];
    }),
    element('line', { x1: left, x2: left + width, y1: bottom, y2: bottom, stroke: palette.muted, 'stroke-width': 1 }),
    text(x.label, { x: left + width / 2, y: bottom + 32, 'text-anchor': 'middle', fill: palette.muted }),
    ...(y.label === ''
      ? []
      : [
          text(y.label, {
            transform: `translate(14 ${top + height / 2}) rotate(-90)`,
            'text-anchor': 'middle',
            fill: palette.muted,
          }),
        ]),
  ];
}

/** The entries in a row that ends at `right`. */
export function legend(entries: readonly LegendEntry[], right: number, baseline: number, palette: Palette): string[] {
  const widths = entries.map(({ label }) => SWATCH_WIDTH + 5 + textWidth(label, 11) + LEGEND_GAP);
  let at = right - widths.reduce((sum, width) => sum + width, -LEGEND_GAP);
  return entries.flatMap(({ label, colour, dash, isPoint }, index) => {
    const x = at;
    at += widths[index] ?? 0;
    const y = baseline - 4;
    const swatch = isPoint
      ? element('circle', { cx: x + SWATCH_WIDTH - 6, cy: y, r: 3.5, fill: colour })
      : element('line', {
          ...{ x1: x, x2: x + SWATCH_WIDTH, y1: y, y2: y },
          ...{ stroke: colour, 'stroke-width': 2.2, 'stroke-dasharray': dash },
        });
    return [swatch, text(label, { x: x + SWATCH_WIDTH + 5, y: baseline, 'font-size': 11, fill: palette.ink })];
  });
}

/** Words on top of what is drawn, with a rim of paper around them. */
export function label(words: string, x: number, y: number, anchor: 'start' | 'end', colour: string, palette: Palette) {
  const rim = { stroke: palette.paper, 'stroke-width': 3, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
  return text(words, { x, y, 'text-anchor': anchor, 'font-size': 11, fill: colour, ...rim });
}

export function heading(words: string, x: number, y: number, palette: Palette): string {
  return text(words, { x, y, 'font-size': 13, 'font-weight': 'bold', fill: palette.ink });
}

/** What reaches beyond the box is not seen. @param name of its own in the drawing. */
export function clipped(name: string, { left, top, width, height }: Box, children: readonly string[]): string {
  const cut = element('clipPath', { id: name }, element('rect', { x: left, y: top, width, height }));
  return element('g', {}, cut, element('g', { 'clip-path': `url(#${name})` }, ...children));
}

function textWidth(words: string, fontSize: number): number {
  return words.length * CHARACTER_WIDTH * fontSize;
}

/** A hyphen is shorter than a digit; d3 writes a true minus, others may not. */
function minus(label: string): string {
  return label.replace(/^-/, '−');
}
