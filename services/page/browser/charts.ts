/** Which charts a run has. Colours as in every picture: green G, blue D, black data. */
import type { Game } from '../live/frame.ts';
import type { Colour } from './colour.ts';

export interface ChartCurve {
  /** Of the column. */
  readonly name: string;
  readonly label: string;
  readonly colour: Colour;
  readonly dash?: readonly number[];
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly curves: readonly ChartCurve[];
  /** A known value to hold the curves against. */
  readonly reference?: { readonly y: number; readonly label: string };
  readonly range?: readonly [number, number];
  readonly isLog?: boolean;
  /** From 0 to what nearly all values are below. */
  readonly isCapped?: boolean;
}

/** V(D,G) where p_g = p_data and D = ½: −log 4 (Goodfellow et al. 2014, theorem 1). */
const EQUILIBRIUM_VALUE = -2 * Math.LN2;

export function chartsOf({ loss }: Pick<Game, 'loss'>): readonly ChartSpec[] {
  const isLog = loss === 'log';
  const discriminator = { label: 'D', colour: 'discriminator' } as const;
  const generator = { label: 'G', colour: 'generator' } as const;
  return [
    {
      ...{ id: 'losses', title: 'Losses' },
      curves: [
        { ...discriminator, name: 'discriminatorLoss' },
        { ...generator, name: 'generatorLoss' },
        { name: 'penalty', label: 'penalty', colour: 'muted', dash: [5, 4] },
      ],
    },
    {
      ...{ id: 'value', title: 'Value of the game' },
      curves: [{ name: 'value', label: 'V(D, G)', colour: 'discriminator' }],
      ...(isLog && { reference: { y: EQUILIBRIUM_VALUE, label: '−2 log 2' } }),
    },
    {
      ...{ id: 'outputs', title: 'What D says' },
      curves: [
        { name: 'dReal', label: 'D(x)', colour: 'data' },
        { name: 'dFake', label: 'D(G(z))', colour: 'generator' },
      ],
      ...(isLog && { range: [0, 1] as const, reference: { y: 0.5, label: '½' } }),
    },
    {
      ...{ id: 'gradients', title: 'Gradient norms', isLog: true },
      curves: [
        { ...discriminator, name: 'discriminatorGradientNorm' },
        { ...generator, name: 'generatorGradientNorm' },
      ],
    },
    {
      ...{ id: 'times', title: 'A phase on the slowest worker, ms', isCapped: true },
      curves: [
        { name: 'computeMs', label: 'compute', colour: 'compute' },
        { name: 'exchangeMs', label: 'exchange', colour: 'exchange' },
        { name: 'waitMs', label: 'wait', colour: 'wait' },
        { name: 'applyMs', label: 'apply', colour: 'apply' },
      ],
    },
    {
      ...{ id: 'speed', title: 'Samples a second', isCapped: true },
      curves: [{ name: 'samplesPerSecond', label: 'samples/s', colour: 'ink' }],
    },
  ];
}
