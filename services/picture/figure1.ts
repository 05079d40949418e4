/**
 * Figure 1 of Goodfellow et al. 2014 from a real run: data black and dotted, fakes green, D blue and dashed; below, the arrows
 * by which G puts each z of the lower line at an x of the upper one.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { must } from '../errors/invariant.ts';
import { cellCentre, type Grid } from './density.ts';
import { type Box, clipped, heading, type LegendEntry, label, legend } from './frame.ts';
import type { Palette } from './palette.ts';
import { type Drawing, element, text } from './svg.ts';

export interface Figure1Panel {
  /** "(a) phase 0" */
  readonly heading: string;
  readonly generated: Float64Array;
  readonly discriminator: Float64Array;
  readonly arrows: readonly { readonly z: number; readonly x: number }[];
}

export interface Figure1 {
  readonly grid: Grid;
  readonly data: Float64Array;
  readonly latentRange: readonly [number, number];
  /** Whether D is a probability: D* is drawn beside it, and ½ marked. */
  readonly isProbability: boolean;
  readonly panels: readonly Figure1Panel[];
}

const PANEL = { width: 250, height: 200 };
/** Of a panel that stands alone. */
const WIDE_PANEL = { width: 560, height: 300 };
const GAP = 22;
const LEFT = 26;
const TOP = 34;
/** Below the densities: to the line of x, and from there to that of z. */
const TO_X = 14;
const TO_Z = 52;
const LEGEND_ROOM = 44;
/** The highest density of the data, in heights of a panel. */
const DATA_HEIGHT = 0.68;

/** Densities below this part of the data's highest are not seen. */
const VISIBLE = 0.01;

const DOTTED = '1.5 4';
const DASHED = '7 4';

/** The panels side by side; one alone is larger. */
export function figure1(figure: Figure1, palette: Palette): Drawing {
  const { panels } = figure;
  const size = panels.length === 1 ? WIDE_PANEL : PANEL;
  const width = LEFT + panels.length * (size.width + GAP) - GAP + 24;
  const height = TOP + size.height + TO_X + TO_Z + LEGEND_ROOM;
  return {
    width,
    height,
    title: 'Figure 1',
    description: `Densities of data and of fakes, the discriminator, and the generator's map, at ${panels.map((panel) => panel.heading).join('; ')}.`,
    body: [
      arrowHead(palette),
      ...panels.flatMap((panel, index) => {
        const left = LEFT + index * (size.width + GAP);
        return drawPanel(figure, panel, { left, top: TOP, ...size }, `panel-${index}`, palette);
      }),
      ...legend(entries(figure, palette), width - 24, height - 12, palette),
    ],
  };
}

function entries({ isProbability }: Figure1, palette: Palette): LegendEntry[] {
  return [
    { label: 'p_data', colour: palette.data, dash: DOTTED },
    { label: 'p_g', colour: palette.generator },
    {
      label: isProbability ? 'D(x)' : 'D(x), from its least to its greatest',
      colour: palette.discriminator,
      dash: DASHED,
    },
    ...(isProbability ? [{ label: 'D*(x) = p_data / (p_data + p_g)', colour: palette.muted, dash: '2 2' }] : []),
  ];
}

function drawPanel(figure: Figure1, panel: Figure1Panel, box: Box, name: string, palette: Palette): string[] {
  const { grid, data, isProbability } = figure;
  const [bottom, right] = [box.top + box.height, box.left + box.width];
  const x = scaleLinear([grid.low, grid.high], [box.left, right]);
  const y = scaleLinear([0, Math.max(...data) / DATA_HEIGHT], [bottom, box.top]);
  // A little room above 1, so that D is seen where it is sure.
  const ofD = scaleLinear([0, 1.04], [bottom, box.top]);
  const curve = (values: Float64Array, scale: (value: number) => number, attributes: object) =>
    element('path', {
      d: line<number>((_, cell) => x(cellCentre(grid, cell)), scale).defined(Number.isFinite)(Array.from(values)) ?? '',
      ...{ fill: 'none', 'stroke-linejoin': 'round' },
      ...attributes,
    });
  // Where there is next to nothing, D* is a quotient of next to nothing.
  const least = Math.max(...data) * VISIBLE;
  const optimal = data.map((p, i) => {
    const q = must(panel.generated[i], 'density');
    return p + q < least ? Number.NaN : optimum(p, q);
  });
  const curves = [
    ...(isProbability
      ? [curve(optimal, ofD, { stroke: palette.muted, 'stroke-width': 1.1, 'stroke-dasharray': '2 2' })]
      : []),
    curve(panel.generated, y, { stroke: palette.generator, 'stroke-width': 2.2 }),
    curve(data, y, {
      stroke: palette.data,
      'stroke-width': 2.4,
      'stroke-dasharray': DOTTED,
      'stroke-linecap': 'round',
    }),
    curve(panel.discriminator, ofD, { stroke: palette.discriminator, 'stroke-width': 2, 'stroke-dasharray': DASHED }),
  ];
  const half = ofD(0.5);
  return [
    heading(panel.heading, box.left, box.top - 12, palette),
    ...(isProbability
      ? [
          element('line', { x1: box.left, x2: right, y1: half, y2: half, stroke: palette.gridline }),
          label('½', right + 4, half + 4, 'start', palette.discriminator, palette),
          label('1', right + 4, ofD(1) + 4, 'start', palette.discriminator, palette),
          label('0', right + 4, bottom + 4, 'start', palette.discriminator, palette),
        ]
      : []),
    element('line', { x1: box.left, x2: right, y1: bottom, y2: bottom, stroke: palette.muted }),
    clipped(name, box, curves),
    ...mapOf(figure, panel, box, x, palette),
  ];
}

/** D*(x) = p_data / (p_data + p_g): proposition 1. ½ where there is neither. */
export function optimum(data: number, generated: number): number {
  return data + generated === 0 ? 0.5 : data / (data + generated);
}

function mapOf(
  { grid, latentRange }: Figure1,
  { arrows }: Figure1Panel,
  box: Box,
  x: (value: number) => number,
  palette: Palette,
): string[] {
  const xLine = box.top + box.height + TO_X;
  const zLine = xLine + TO_Z;
  const z = scaleLinear(latentRange, [box.left, box.left + box.width]);
  const across = { x1: box.left, x2: box.left + box.width, stroke: palette.ink, 'stroke-width': 1.4 };
  const name = { 'text-anchor': 'end', 'font-style': 'italic', fill: palette.ink, x: box.left - 7 };
  return [
    element('line', { ...across, y1: xLine, y2: xLine }),
    element('line', { ...across, y1: zLine, y2: zLine }),
    text('x', { ...name, y: xLine + 4 }),
    text('z', { ...name, y: zLine + 4 }),
    ...arrows
      .filter((arrow) => arrow.x >= grid.low && arrow.x <= grid.high)
      .map((arrow) =>
        element('line', {
          ...{ x1: z(arrow.z), y1: zLine, x2: x(arrow.x), y2: xLine + 1.5 },
          ...{ stroke: palette.ink, 'stroke-width': 0.8, 'stroke-opacity': 0.75, 'marker-end': 'url(#arrow-head)' },
        }),
      ),
  ];
}

function arrowHead(palette: Palette): string {
  const marker = { viewBox: '0 0 6 6', refX: 5.4, refY: 3, markerWidth: 4.6, markerHeight: 4.6, orient: 'auto' };
  const head = element('path', { d: 'M0,0.6 L6,3 L0,5.4 z', fill: palette.ink });
  return element('defs', {}, element('marker', { id: 'arrow-head', markerUnits: 'userSpaceOnUse', ...marker }, head));
}
