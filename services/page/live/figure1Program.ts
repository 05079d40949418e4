/**
 * Figure 1 as numbers: `figure1Program.js FOLDER PHASE…` loads those checkpoints and writes JSON to stdout. A process of its own,
 * since networks are computed, which would keep the coordinator from its workers.
 */
import { lineStages } from '../../sampling/figure1Run.ts';
import type { Figure1Frames } from './frame.ts';

const SEED = 0;

const [folder = '', ...phases] = process.argv.slice(2);
const request = { backend: 'any', live: false, seed: SEED } as const;
const { view, stages } = await lineStages(folder, request, phases.map(Number));
const frames: Figure1Frames = {
  low: view.grid.low,
  high: view.grid.high,
  isProbability: view.scale === 'probability',
  latentRange: view.latentRange,
  data: rounded(view.data),
  frames: stages.map(({ phase, generated, discriminator, arrows }) => {
    return { phase, generated: rounded(generated), discriminator: rounded(discriminator), arrows };
  }),
};
process.stdout.write(JSON.stringify(frames), () => process.exit(0));

/** As many digits as are seen. */
function rounded(values: Float64Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(4)));
}
