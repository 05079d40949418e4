/**
 * Proves on libtensorflow that the default thresholds hold for real runs: the preset mnist-quick, as it is, raises no alarm; and
 * with one number made wrong it raises the alarm of that illness.
 */
import { expect, it } from 'vitest';
import { loadPreset } from '../../services/config/presets.ts';
import { resolveRunConfig } from '../../services/config/resolve.ts';
import { applySettings } from '../../services/config/settings.ts';
import { openTrainingSet } from '../../services/data/dataset.ts';
import { minibatchRows } from '../../services/data/minibatch.ts';
import { decodeRows } from '../../services/data/rowFormat.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import type { Observation } from '../../services/illness/rule.ts';
import { realSpread, spreadOf } from '../../services/illness/spread.ts';
import { samplesUsed } from '../../services/plan/ledger.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { meansOf } from '../../services/worker/statisticsTail.ts';
import { testBackends } from '../gan/backends.ts';
import { watchAll } from './observations.ts';

const REPORT_EVERY = 10;
const PICTURES_EVERY = 50;
const PICTURES = 64;
const SMALLER = ['workers=1', 'shards=1', 'data.count=2000'];

/** The names of the alarms that are raised in so many phases. */
async function alarmsOf(settings: readonly string[], phases: number): Promise<string[]> {
  const backend = must(
    testBackends().find(({ kind }) => kind === 'tensorflow'),
    'tensorflow',
  );
  const tf = await backend.start();
  const config = resolveRunConfig(applySettings(loadPreset('mnist-quick'), [...SMALLER, ...settings]), 'mnist-quick');
  const dataset = openTrainingSet(config);
  const { size, sampleSize, format } = dataset;
  const replica = createReplica({ config, sampleSize, tf, kind: 'tensorflow' });
  replica.load(initialState(config, sampleSize, dataset.marginals()));
  const rows = new Uint8Array(PICTURES * format.rowBytes);
  for (let index = 0; index < PICTURES; index++) dataset.read(index, rows, index * format.rowBytes);
  const real = realSpread(decodeRows(format, rows).values, sampleSize);
  const seen: Observation[] = [];
  for (let phase = 0; phase < phases; phase++) {
    const plan = planPhase(config, size, phase);
    const isDue = (phase + 1) % REPORT_EVERY === 0;
    const samples = minibatchRows(config, dataset, plan, [0]);
    const { statistics, norms, nonFinite } = replica.step({ plan, shard: 0, samples }, isDue);
    if (nonFinite !== undefined) {
      seen.push({ kind: 'nonFinite', phase: phase + 1, sentence: `Phase ${phase}: ${nonFinite}` });
      break;
    }
    if (isDue) {
      const means = meansOf(config, must(statistics, 'statistics'), plan, norms);
      seen.push({ kind: 'report', phase: phase + 1, statistics: { ...means, emaGap: replica.averageGap() } });
    }
    if ((phase + 1) % PICTURES_EVERY === 0) {
      const pictures = Float32Array.from(replica.sample(PICTURES));
      seen.push({
        kind: 'pictures',
        phase: phase + 1,
        samples: samplesUsed(config, size, phase + 1),
        spread: spreadOf(pictures, real),
      });
    }
  }
  replica.dispose();
  return watchAll(config, seen).changes.flatMap(({ name, active }) => (active ? [name] : []));
}

it('mnist-quick as it is raises none', async () => {
  expect(await alarmsOf(['data.count=60000'], 700)).toEqual([]);
}, 60_000);

it.each([
  ['G that hardly moves', ['optimizer.generator.learningRate=0.000001'], 300, 'discriminatorSaturation'],
  [
    'D whose rate is fifty times as high',
    ['objective.loss=least-squares', 'optimizer.discriminator.learningRate=0.2'],
    80,
    'lossDivergence',
  ],
  [
    'G whose rate is ten times as high',
    ['optimizer.generator.learningRate=0.05', 'alarms.modeCollapse.fromSamples=10000'],
    400,
    'modeCollapse',
  ],
  [
    'G that follows the minimax loss of a sure D',
    ['objective.generator=minimax', 'optimizer.generator.learningRate=0.00002', 'data.count=60000'],
    260,
    'generatorGradient',
  ],
  [
    'an average that does not follow',
    ['ema.halfLifeSamples=1000000', 'optimizer.generator.learningRate=0.05'],
    220,
    'emaGap',
  ],
  [
    'D that leaves all numbers behind',
    ['objective.loss=least-squares', 'optimizer.discriminator={type: sgd, learningRate: 5}'],
    40,
    'nonFinite',
  ],
])(
  '%s is told',
  async (_, settings, phases, expected) => {
    expect(await alarmsOf(settings, phases)).toContain(expected);
  },
  60_000,
);
