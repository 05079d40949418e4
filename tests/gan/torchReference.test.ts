/**
 * Proves that the gradients of every loss and penalty are PyTorch's, penalties by its double backward, through every layer
 * and activation that a penalty may go through, spectral normalisation included: against what `torchReference.py` gave, which is committed. Where
 * GANGLION_TEST_PYTHON names a Python with torch the script is run too, and must give the committed numbers again;
 * GANGLION_GOLDEN=write writes them.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { classesOf } from '../../services/gan/labels.ts';
import { spectralName } from '../../services/gan/layerTensors.ts';
import { gradientLayout, stateLayout } from '../../services/gan/layout.ts';
import { fakeClasses, latents, normalNoise, stackedMask, unitNumbers } from '../../services/gan/noise.ts';
import { hasSpectralNorm, resolveLayers } from '../../services/gan/shapes.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import type { StreamName } from '../../services/random/streams.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, SIGMOID_GENERATOR, someRows, someSamples, tinyConfig } from './configs.ts';

interface Played {
  readonly gradient: readonly number[];
  readonly discriminatorLoss: number;
  readonly generatorLoss: number;
  readonly penalty: number;
}

const FILE = join(import.meta.dirname, 'torchReference.json');
const SCRIPT = join(import.meta.dirname, 'torchReference.py');
const PYTHON = process.env.GANGLION_TEST_PYTHON;

const DENSE: RunConfigInput['discriminator']['layers'] = [
  { type: 'dropout', keep: 0.8 },
  { type: 'dense', units: 5, activation: 'leaky-relu' },
  { type: 'maxout', units: 4, pieces: 3 },
  { type: 'dense', units: 4, activation: 'tanh' },
  { type: 'dense', units: 3, activation: 'sigmoid' },
  { type: 'dense', units: 1 },
];
const CONVOLUTIONS: RunConfigInput['discriminator']['layers'] = [
  { type: 'reshape', shape: [2, 3, 1] },
  { type: 'conv', filters: 2, kernel: 2, activation: 'tanh' },
  { type: 'dropout', keep: 0.8 },
  { type: 'conv-transpose', filters: 2, kernel: 2, stride: 2, activation: 'leaky-relu' },
  { type: 'conv', filters: 2, kernel: 3, stride: 2, padding: 'valid', activation: 'sigmoid' },
  { type: 'dense', units: 3, activation: 'relu' },
  { type: 'dense', units: 1 },
];
/** What compares samples, chooses and copies; then classes. */
const IMAGES: RunConfigInput['discriminator']['layers'] = [
  { type: 'reshape', shape: [2, 3, 1] },
  { type: 'upsample', factor: 2 },
  { type: 'maxout-conv', filters: 2, kernel: 3, pieces: 2 },
  { type: 'pool', kind: 'average' },
  { type: 'conv', filters: 2, kernel: 2, activation: 'elu', spectralNorm: true },
  { type: 'minibatch-std', groupSize: 3 },
  { type: 'pool', size: 2, stride: 1 },
  { type: 'dense', units: 4, activation: 'softplus', spectralNorm: true },
  { type: 'dense', units: 1 },
];
const CLASSES = {
  data: { dataset: 'mnist', labels: true },
  generator: { layers: [{ type: 'class-embedding', classes: 3, size: 2 }, ...SIGMOID_GENERATOR] },
  discriminator: {
    layers: [
      { type: 'class-embedding', classes: 3, size: 2 },
      { type: 'dense', units: 5, activation: 'tanh' },
      { type: 'class-projection', classes: 3 },
    ],
  },
} as const satisfies Partial<RunConfigInput>;
const PENALTIES = {
  'R1 and R2': { r1: 10, r2: 5 },
  'WGAN-GP': { gp: { weight: 10, norm: 1 } },
  DRAGAN: { dragan: { weight: 10, norm: 1, noise: 0.2 } },
} as const;
const LOSSES = {
  log: {},
  'log, minimax, smoothed': { generator: 'minimax', labelSmoothing: 0.1 },
  'least-squares': { loss: 'least-squares', labelSmoothing: 0.1, discriminatorScale: 0.5 },
  hinge: { loss: 'hinge' },
  wasserstein: { loss: 'wasserstein' },
  relativistic: { loss: 'relativistic' },
} as const;

/** Each penalty through both networks, each loss with the next penalty. */
const EACH_LOSS: Record<string, RunConfig> = Object.fromEntries(
  Object.entries(LOSSES).flatMap(([loss, objective], index) =>
    Object.entries(PENALTIES).flatMap(([name, penalty], place) => {
      if (place !== index % 3) return [];
      const layers = index < 3 ? DENSE : CONVOLUTIONS;
      const schedule = { type: 'simultaneous' } as const;
      return [
        [`${loss}, ${name}`, tinyConfig({ discriminator: { layers }, schedule, objective: { ...objective, penalty } })],
      ];
    }),
  ),
);

/** Each penalty through the other networks. */
const CASES: Record<string, RunConfig> = {
  ...EACH_LOSS,
  ...Object.fromEntries(
    Object.entries({ images: { discriminator: { layers: IMAGES } }, classes: CLASSES }).flatMap(([networks, input]) =>
      Object.entries(PENALTIES).map(([name, penalty]) => [
        `${networks}, ${name}`,
        tinyConfig({ ...input, schedule: { type: 'simultaneous' }, objective: { penalty } }),
      ]),
    ),
  ),
};

const played = () => JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Played>;

it.skipIf(PYTHON === undefined)(
  'PyTorch gives the committed numbers',
  () => {
    const input = JSON.stringify(
      Object.fromEntries(Object.entries(CASES).map(([name, config]) => [name, given(config)])),
    );
    const output = execFileSync(must(PYTHON, 'python'), [SCRIPT], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
    const found = JSON.parse(output) as Record<string, Played>;
    const digits = (_key: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value);
    if (process.env.GANGLION_GOLDEN === 'write') {
      const rows = Object.entries(found).map(
        ([name, one]) => `  ${JSON.stringify(name)}: ${JSON.stringify(one, digits)}`,
      );
      writeFileSync(FILE, `{\n${rows.join(',\n')}\n}\n`);
    }
    expect(Object.keys(found)).toEqual(Object.keys(played()));
    for (const [name, committed] of Object.entries(played())) same(must(found[name], name), committed, 1e-7);
  },
  120_000,
);

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    it.each(Object.entries(CASES))('%s: the gradient is PyTorch’s', async (name, config) => {
      await tf.setBackend(backend.kind);
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      replica.load(startOf(config));
      const plan = planPhase(config, DATASET_SIZE, 0);
      const { length, statisticsOffset } = gradientLayout(config, SAMPLE_SIZE, plan.updates);
      const flat = new Float32Array(length);
      replica.gradient({ plan, shard: 0, samples: someRows(config, plan.sampleCount) }, flat);
      replica.dispose();
      const [discriminatorLoss, generatorLoss, , , , penalty] = flat.subarray(statisticsOffset);
      const own = {
        gradient: Array.from(flat.subarray(0, statisticsOffset)),
        discriminatorLoss: must(discriminatorLoss, 'loss'),
        generatorLoss: must(generatorLoss, 'loss'),
        penalty: must(penalty, 'penalty'),
      };
      same(own, must(played()[name], name), 5e-6);
    });
  });
}

function same(found: Played, wanted: Played, tolerance: number): void {
  expect(found.gradient.length).toBe(wanted.gradient.length);
  const scale = Math.max(...wanted.gradient.map(Math.abs));
  const worst = Math.max(...wanted.gradient.map((value, i) => Math.abs(value - must(found.gradient[i], 'value'))));
  expect(worst / scale).toBeLessThan(tolerance);
  for (const key of ['discriminatorLoss', 'generatorLoss', 'penalty'] as const) {
    expect(Math.abs(found[key] - wanted[key])).toBeLessThan(tolerance * Math.max(1, Math.abs(wanted[key])));
  }
  expect(wanted.penalty).toBeGreaterThan(1e-3);
}

/** Weights large enough that D is steep, and biases away from kinks. */
function startOf(config: RunConfig): Float32Array {
  return initialState(config, SAMPLE_SIZE).map((value, index) =>
    value === 0 ? 0.3 * Math.sin(index + 1) : Math.fround(1.5 * value),
  );
}

/** All that the first phase is a function of. */
function given(config: RunConfig) {
  const { phase, sampleCount: count, updates } = planPhase(config, DATASET_SIZE, 0);
  const range = { first: 0, count };
  const matrix = (values: ArrayLike<number>, width: number) => ({ shape: [count, width], values: Array.from(values) });
  const state = startOf(config);
  const singular = (name: string) => {
    const { shape, offset, length } = must(
      stateLayout(config, SAMPLE_SIZE).find((spec) => spec.name === name),
      name,
    );
    return { shape, values: Array.from(state.subarray(offset, offset + length)) };
  };
  const layersOf = (network: 'generator' | 'discriminator') =>
    resolveLayers(config, network, SAMPLE_SIZE).map(({ config: layer, index, inputShape, outputShape }) => ({
      ...layer,
      ...(hasSpectralNorm(layer) && { singular: singular(spectralName(network, index)) }),
      inputShape,
      outputShape,
    }));
  const masks = (network: 'generator' | 'discriminator', stream: StreamName) =>
    Object.fromEntries(
      resolveLayers(config, network, SAMPLE_SIZE).flatMap(({ config: layer, index, inputUnits: width }) =>
        layer.type === 'dropout'
          ? [[index, matrix(stackedMask(config, [stream], phase, range, { index, keep: layer.keep, width }), width)]]
          : [],
      ),
    );
  const classes = classesOf(config);
  // The order of the gradient is that of the phase's networks; the state begins with G.
  const { slices } = gradientLayout(config, SAMPLE_SIZE, ['generator', 'discriminator']);
  const weights = slices.map(({ name, shape, offset, length }) => {
    return [name, { shape, values: Array.from(state.subarray(offset, offset + length)) }] as const;
  });
  expect(updates).toEqual(['discriminator', 'generator']);
  return {
    generator: layersOf('generator'),
    discriminator: layersOf('discriminator'),
    weights: Object.fromEntries(weights),
    objective: config.objective,
    latents: matrix(latents(config, 'latent', phase, range), config.latent.size),
    reals: matrix(
      Array.from(someSamples(count), (byte) => Math.fround(byte / 255)),
      SAMPLE_SIZE,
    ),
    interpolation: matrix(unitNumbers(config, 'interpolation', phase, range), 1),
    perturbation: matrix(normalNoise(config, 'perturbation', phase, range, SAMPLE_SIZE, 0.2), SAMPLE_SIZE),
    labels: {
      real: Array.from({ length: count }, (_, row) => row % 3),
      fake: Array.from(fakeClasses(config, phase, range, classes)),
    },
    masks: {
      generator: masks('generator', 'generatorDropout'),
      real: masks('discriminator', 'discriminatorDropoutReal'),
      fake: masks('discriminator', 'discriminatorDropoutFake'),
      interpolated: masks('discriminator', 'discriminatorDropoutInterpolated'),
      perturbed: masks('discriminator', 'discriminatorDropoutPerturbed'),
    },
  };
}
