/** The curves of a run, out of its phase reports: the losses, the value of the game, what D says, the gradients' norms. */
import type { PhaseEvent } from '../report/runEvent.ts';
import { type LineChart, lineChart, type Point } from './lineChart.ts';
import type { Palette } from './palette.ts';
import type { Drawing } from './svg.ts';

type Statistic = keyof PhaseEvent['statistics'];

/** V(D,G) where p_g = p_data and D = ½: −log 4 (Goodfellow et al. 2014, theorem 1). */
const EQUILIBRIUM_VALUE = -2 * Math.LN2;

const PHASE = { xLabel: 'phase' } as const;

/** One drawing each, with a name of its own; a curve that the run has no values for is left out. @param loss of the objective. */
export function runCurves(
  reports: readonly PhaseEvent[],
  loss: 'log' | 'other',
  palette: Palette,
): { readonly name: string; readonly drawing: Drawing }[] {
  const { generator, discriminator, data } = palette;
  const series = (label: string, statistic: Statistic, colour: string) => ({
    label,
    colour,
    points: pointsOf(reports, statistic),
  });
  const isLog = loss === 'log';
  const charts: Readonly<Record<string, LineChart>> = {
    losses: {
      ...PHASE,
      title: 'Losses',
      yLabel: 'mean loss',
      series: [series('D', 'discriminatorLoss', discriminator), series('G', 'generatorLoss', generator)],
    },
    value: {
      ...PHASE,
      title: 'Value of the game, V(D, G)',
      yLabel: 'V',
      series: [series('V(D, G)', 'value', discriminator)],
      ...(isLog && { reference: { y: EQUILIBRIUM_VALUE, label: '−2 log 2: p_g = p_data' } }),
    },
    outputs: {
      ...PHASE,
      title: 'What D says',
      yLabel: isLog ? 'probability of “real”' : 'mean output',
      series: [series('D(x), reals', 'dReal', data), series('D(G(z)), fakes', 'dFake', generator)],
      ...(isLog && { yRange: [0, 1] as const, reference: { y: 0.5, label: '½' } }),
    },
    gradients: {
      ...PHASE,
      title: 'Gradient norms',
      yLabel: 'Euclidean norm',
      yScale: 'log',
      series: [
        series('D', 'discriminatorGradientNorm', discriminator),
        series('G', 'generatorGradientNorm', generator),
      ],
    },
  };
  return Object.entries(charts).flatMap(([name, chart]) => {
    const known = chart.series.filter(({ points }) => points.some(({ y }) => chart.yScale !== 'log' || y > 0));
    return known.length === 0 ? [] : [{ name, drawing: lineChart({ ...chart, series: known }, palette, name) }];
  });
}

function pointsOf(reports: readonly PhaseEvent[], statistic: Statistic): Point[] {
  return reports.flatMap(({ phase, statistics }) => {
    const y = statistics[statistic];
    return y === undefined ? [] : [{ x: phase, y }];
  });
}
