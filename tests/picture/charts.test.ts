/**
 * Proves that charts show what they are given: a spike among many points, the known value at its height, points where they
 * belong; that words are escaped; and that PNGs have words on them without a font of the system.
 */
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { runCurves } from '../../services/picture/curves.ts';
import { type LineChart, lineChart } from '../../services/picture/lineChart.ts';
import { PAGE, PAPER } from '../../services/picture/palette.ts';
import { pointsPicture } from '../../services/picture/points.ts';
import { svgToPng } from '../../services/picture/raster.ts';
import { element, svg, text } from '../../services/picture/svg.ts';
import { phaseEvent } from '../telemetry/events.ts';

const CHART: Omit<LineChart, 'series'> = { title: 'Losses', xLabel: 'phase', yLabel: 'loss', yRange: [0, 10] };

function drawn(points: readonly { x: number; y: number }[], more: Partial<LineChart> = {}): string {
  return svg(lineChart({ ...CHART, ...more, series: [{ label: 'D', colour: '#123456', points }] }, PAPER, 'test'));
}

/** Numbers of the paths of the series: the band, then the line. */
function pathsOf(drawing: string): number[][] {
  return [...drawing.matchAll(/<path d="([^"]*)"/g)].map(([, d = '']) => [...d.matchAll(/-?[\d.]+/g)].map(Number));
}

describe('a line chart', () => {
  it('keeps one spike among 100,000 points in its band, in a drawing that stays small', () => {
    const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: x === 54_321 ? 9.5 : 1 }));
    const drawing = drawn(points);
    expect(drawing.length).toBeLessThan(40_000);
    const [band = []] = pathsOf(drawing);
    // The box is 216 high from 40 on: 9.5 of 10 is 10.8 below its top.
    expect(Math.min(...band.filter((_, i) => i % 2 === 1))).toBeCloseTo(50.8, 1);
  });

  it('leaves out what is not finite, and on a logarithmic scale what is not above 0', () => {
    const points = [1, Number.NaN, 2, 0, Number.POSITIVE_INFINITY, 4].map((y, x) => ({ x, y }));
    for (const yScale of ['linear', 'log'] as const) {
      for (const path of pathsOf(drawn(points, { yScale }))) expect(path.every(Number.isFinite)).toBe(true);
    }
    expect(pathsOf(drawn(points, { yScale: 'log' }))[1]).toHaveLength(6);
  });

  it('draws a known value at its height, with its name', () => {
    const drawing = drawn(
      [
        { x: 0, y: 1 },
        { x: 9, y: 2 },
      ],
      { reference: { y: 5, label: 'half' } },
    );
    expect(drawing).toMatch(/<line [^>]*y1="148" y2="148"[^>]*stroke-dasharray="6 4"/);
    expect(drawing).toContain('>half</text>');
  });
});

describe('the curves of a run', () => {
  const reports = [0, 1, 2].map((phase) => ({
    ...phaseEvent(phase),
    phase,
    statistics: { value: -1, discriminatorLoss: 1, dReal: 0.5 },
  }));

  it('are those that it has values for; −2 log 2 and ½ stand where the loss is the paper’s', () => {
    const names = (loss: 'log' | 'other') => runCurves(reports, loss, PAPER).map(({ name }) => name);
    expect(names('log')).toEqual(['losses', 'value', 'outputs']);
    const words = (loss: 'log' | 'other') =>
      runCurves(reports, loss, PAPER)
        .map(({ drawing }) => svg(drawing))
        .join('');
    expect(words('log')).toContain('−2 log 2');
    expect(words('log')).toContain('>½<');
    expect(words('other')).not.toContain('−2 log 2');
  });

  it('take their colours from the page where they are part of one', () => {
    const drawing = svg(runCurves(reports, 'log', PAGE).map(({ drawing }) => drawing)[0] ?? never());
    expect(drawing).toContain('stroke="var(--discriminator)"');
    expect(drawing).not.toMatch(/#[0-9a-f]{6}/);
  });
});

describe('a picture of points', () => {
  const reals = Float32Array.from([-1, -1, 1, 1, -1, 1, 1, -1]);

  it('has each fake at its place, and says how many are outside', () => {
    const fakes = Float32Array.from([0, 0, 100, 0]);
    const drawing = pointsPicture({ title: 't', size: 2, fakes, reals }, PAPER);
    const [dots] = drawing.body.join('').match(/<path d="[^"]*" stroke="#12853a"/) ?? [''];
    // The middle of the box of 480 × 480 at (52, 40).
    expect(dots).toContain('M292 280h.01');
    expect(drawing.description).toContain('1 fakes are outside');
    expect(drawing.body.join('')).toContain('1 of 2 fakes are outside of the picture');
  });

  it('goes on behind a fake that is no number', () => {
    const fakes = Float32Array.from([Number.NaN, 0, 0, Number.POSITIVE_INFINITY, 0, 0]);
    const drawing = pointsPicture({ title: 't', size: 2, fakes, reals }, PAPER);
    expect(drawing.body.join('')).toContain('<path d="M292 280h.01" stroke="#12853a"');
    expect(drawing.description).toContain('2 fakes are outside');
  });

  it('of one value is two densities', () => {
    const line = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i));
    const drawing = pointsPicture({ title: 't', size: 1, fakes: line, reals: line }, PAPER);
    expect(drawing.body.join('').match(/<path /g)).toHaveLength(2);
  });
});

describe('SVG and PNG', () => {
  it('escapes words and attributes', () => {
    expect(text('<script>&"', { fill: '"><x' })).toBe('<text fill="&quot;&gt;&lt;x">&lt;script&gt;&amp;&quot;</text>');
  });

  it('puts words on a PNG, which is the same bytes every time', () => {
    const drawing = (words: string) =>
      svg({ width: 80, height: 20, title: 't', description: 'd', body: [text(words, { x: 2, y: 15 })] }, '#ffffff');
    const [blank, words] = [svgToPng(drawing('')), svgToPng(drawing('D(x) → ½ −√'))];
    expect(words.equals(svgToPng(drawing('D(x) → ½ −√')))).toBe(true);
    const dark = (png: Buffer) => PNG.sync.read(png).data.filter((value, i) => i % 4 === 0 && value < 128).length;
    expect(dark(blank)).toBe(0);
    expect(dark(words)).toBeGreaterThan(100);
    expect(PNG.sync.read(words).width).toBe(160);
  });

  it('draws shapes in their colours', () => {
    const body = [element('rect', { x: 0, y: 0, width: 10, height: 10, fill: '#ff0000' })];
    const png = PNG.sync.read(svgToPng(svg({ width: 10, height: 10, title: 't', description: 'd', body }), 1));
    expect([...png.data.subarray(0, 4)]).toEqual([255, 0, 0, 255]);
  });
});

function never(): never {
  throw new Error('no drawing');
}
