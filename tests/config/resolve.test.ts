/**
 * Proves that a run config is either resolved whole (every default filled in, frozen) or refused with one exact sentence
 * for each problem: the path, what was found, what is allowed, and the nearest valid name.
 */

import { describe, expect, it } from 'vitest';
import { layerSchema } from '../../services/config/layerSchema.ts';
import { parseYaml, resolveRunConfig, toYaml } from '../../services/config/resolve.ts';
import { applySettings } from '../../services/config/settings.ts';
import { SMALL_YAML } from './configs.ts';
import { rejected } from './rejected.ts';

const small = () => parseYaml(SMALL_YAML, 'run.yaml');
const refusal = (...settings: string[]) =>
  rejected(() => resolveRunConfig(applySettings(small(), settings), 'run.yaml')).message;

const FIELDS =
  'name, seed, workers, shards, data, latent, generator, discriminator, objective, schedule, optimizer, ema, batchSize, epochs, phases, checkpoints, snapshots, reports, tensorboard, alarms, evaluation, collective, onNonFinite, compile, backend';

const LAYER_TYPES = layerSchema.options.map(({ shape }) => shape.type.value);

describe('a valid config', () => {
  it('gets every default', () => {
    const config = resolveRunConfig(small(), 'run.yaml');
    expect(config.batchSize).toBe(100);
    expect(config.schedule).toEqual({ type: 'alternating', discriminatorSteps: 1 });
    expect(config.data).toEqual({ dataset: 'mnist', first: 0, labels: false, normalize: 'unit' });
    expect(config.optimizer.generator).toMatchObject({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    expect(config.backend).toEqual({ require: 'any', intraOpThreads: 1 });
    expect(config.collective).toEqual({ road: 'auto', wireFormat: 'fp32', rank: 4, errorFeedback: true });
    expect(config.onNonFinite).toBe('stop');
  });

  it('has as many workers as it says: one number, or the fewest and the most', () => {
    expect(resolveRunConfig(small(), 'run.yaml').workers).toEqual({ min: 2, max: 2 });
    const elastic = resolveRunConfig(applySettings(small(), ['workers={min: 1, max: 4}']), 'run.yaml');
    expect(elastic.workers).toEqual({ min: 1, max: 4 });
  });

  it('has as many shards as it may have workers, unless it says another number', () => {
    const elastic = ['workers={min: 2, max: 4}'];
    expect(resolveRunConfig(applySettings(small(), elastic), 'run.yaml').shards).toBe(4);
    expect(resolveRunConfig(applySettings(small(), [...elastic, 'shards=3']), 'run.yaml').shards).toBe(3);
    expect(resolveRunConfig(small(), 'run.yaml').shards).toBe(2);
    expect(resolveRunConfig(applySettings(small(), ['shards=5']), 'run.yaml').shards).toBe(5);
  });

  it('is frozen to its leaves', () => {
    const config = resolveRunConfig(small(), 'run.yaml');
    for (const part of [config, config.generator, config.generator.layers, config.generator.layers[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('comes back the same from its own YAML', () => {
    const config = resolveRunConfig(small(), 'run.yaml');
    expect(resolveRunConfig(parseYaml(toYaml(config), 'config.yaml'), 'config.yaml')).toEqual(config);
  });
});

describe('a bad field is told in one exact sentence', () => {
  const cases: readonly (readonly [setting: string, sentence: string])[] = [
    ['batchsize=3', "batchsize: unknown field; did you mean 'batchSize'?"],
    ['zzz=3', `zzz: unknown field; allowed: ${FIELDS}.`],
    ['generator.layers.0.unit=3', "generator.layers[0].unit: unknown field; did you mean 'units'?"],
    // `pieces` is a field of maxout only: it is no advice for a dense layer.
    [
      'generator.layers.0.pices=3',
      'generator.layers[0].pices: unknown field; allowed: type, units, activation, spectralNorm, initRange, initStd, maxColumnNorm.',
    ],
    ['discriminator.layers.0.pices=3', "discriminator.layers[0].pices: unknown field; did you mean 'pieces'?"],
    [
      'generator.layers.0.units=0',
      'generator.layers[0].units: found 0; allowed: a whole number above 0 and at most 65536.',
    ],
    [
      'generator.layers.0.units=many',
      'generator.layers[0].units: found "many"; allowed: a whole number above 0 and at most 65536.',
    ],
    [
      'generator.layers.0.units=1.5',
      'generator.layers[0].units: found 1.5; allowed: a whole number above 0 and at most 65536.',
    ],
    [
      'generator.layers.0.units=null',
      'generator.layers[0].units: missing; needed: a whole number above 0 and at most 65536.',
    ],
    [
      'generator.layers.0.activation=rleu',
      'generator.layers[0].activation: found "rleu"; allowed: linear, relu, leaky-relu, elu, softplus, sigmoid, tanh. Did you mean \'relu\'?',
    ],
    [
      'generator.layers.0.type=dens',
      `generator.layers[0].type: found "dens"; allowed: ${LAYER_TYPES.join(', ')}. Did you mean 'dense'?`,
    ],
    ['generator.layers.0={}', `generator.layers[0].type: missing; needed: one of ${LAYER_TYPES.join(', ')}.`],
    ['generator.layers.0=3', `generator.layers[0]: found 3; allowed: a section with type: ${LAYER_TYPES.join(' | ')}.`],
    ['generator.layers=[]', 'generator.layers: found []; allowed: a list of 1 to 64 items.'],
    ['generator.layers=dense', 'generator.layers: found "dense"; allowed: a list of 1 to 64 items.'],
    [
      'optimizer.generator.type=adm',
      'optimizer.generator.type: found "adm"; allowed: sgd, adam, adamw, rmsprop. Did you mean \'adam\'?',
    ],
    [
      'optimizer.generator=null',
      'optimizer.generator: missing; needed: a section with type: sgd | adam | adamw | rmsprop.',
    ],
    ['optimizer.generator.beta1=1', 'optimizer.generator.beta1: found 1; allowed: a number of at least 0 and below 1.'],
    [
      'optimizer.discriminator.momentum={initial: 0.5, final: 2, saturateEpoch: 9}',
      'optimizer.discriminator.momentum.final: found 2; allowed: a number of at least 0 and below 1.',
    ],
    [
      'discriminator.layers.1.keep=0',
      'discriminator.layers[1].keep: found 0; allowed: a number above 0 and at most 1.',
    ],
    [
      'data=3',
      'data: found 3; allowed: a section with dataset: mnist | fashion-mnist | stacked-mnist | cifar10 | cifar100 | image-folder | npy | csv | ring | grid | mixture.',
    ],
    ['data.path=3', 'data.path: found 3; allowed: a text.'],
    [
      'data.dataset=mnits',
      'data.dataset: found "mnits"; allowed: mnist, fashion-mnist, stacked-mnist, cifar10, cifar100, image-folder, npy, csv, ring, grid, mixture. Did you mean \'mnist\'?',
    ],
    ['data.cuont=3', "data.cuont: unknown field; did you mean 'count'?"],
    ['data={dataset: ring, modes: 0}', 'data.modes: found 0; allowed: a whole number above 0 and at most 1000.'],
    [
      'data={dataset: ring, path: x}',
      'data.path: unknown field; allowed: dataset, modes, radius, deviation, points, seed, first, count, labels, normalize.',
    ],
    ['data={dataset: cifar10}', 'data.path: missing; needed: a text.'],
    [
      'data={dataset: csv, path: x, holdOut: {valid: 0.5, test: 0.5}}',
      'data.holdOut: found 0.5 + 0.5; allowed: a sum below 1, for something must be left to train on.',
    ],
    [
      'data={dataset: csv, path: x, labels: true}',
      'data.labelColumn: missing; needed with data.labels: the name or index of the column of the labels.',
    ],
    [
      'data={dataset: npy, path: x, labels: true}',
      'data.labelsPath: missing; needed with data.labels: the .npy file of the labels.',
    ],
    ['data={dataset: image-folder, path: x, size: 32, channels: 2}', 'data.channels: found 2; allowed: 1, 3.'],
    ['data={dataset: ring, normalize: gcn}', 'data.normalize: found "gcn"; allowed: none.'],
    [
      'data={dataset: mixture, means: [[0, 1], [2]], deviations: 1}',
      'data.means[1]: found 1 coordinates; allowed: 2, as the first one has.',
    ],
    [
      'data={dataset: mixture, means: [0, 1], deviations: [1, 1, 1]}',
      'data.deviations: found 3 numbers; allowed: 2, one for each of the means.',
    ],
    [
      'data={dataset: mixture, means: [0, 1], deviations: 1, weights: [1]}',
      'data.weights: found 1 numbers; allowed: 2, one for each of the means.',
    ],
    ['name=Bad_Name', 'name: found "Bad_Name"; allowed: lower-case letters, digits and inner hyphens, at most 40.'],
    ['seed=-1', 'seed: found -1; allowed: a whole number of at least 0.'],
    ['seed=.nan', 'seed: found NaN; allowed: a whole number of at least 0.'],
    ['phases=.inf', 'phases: found Infinity; allowed: a whole number above 0.'],
    [
      'workers=many',
      'workers: found "many"; allowed: a whole number above 0 and at most 1024, or a section with min, max.',
    ],
    ['workers={min: 0, max: 2}', 'workers.min: found 0; allowed: a whole number above 0 and at most 1024.'],
    ['workers={min: 1}', 'workers.max: missing; needed: a whole number above 0 and at most 1024.'],
    ['collective.road=straight', 'collective.road: found "straight"; allowed: auto, direct, star.'],
    ['workers={min: 1, max: 2, mid: 3}', "workers.mid: unknown field; did you mean 'min'?"],
    ['onNonFinite=ignore', 'onNonFinite: found "ignore"; allowed: stop, skip-phase.'],
    ['optimizer.generator.clipNorm=0', 'optimizer.generator.clipNorm: found 0; allowed: a number above 0.'],
    [
      'optimizer.generator.weightDecay=0.1',
      'optimizer.generator.weightDecay: unknown field; allowed: type, learningRate, beta1, beta2, epsilon, clipNorm.',
    ],
    ['generator.layers.0.maxColumnNorm=-1', 'generator.layers[0].maxColumnNorm: found -1; allowed: a number above 0.'],
    [
      'optimizer.generator.learningRate=fast',
      'optimizer.generator.learningRate: found "fast"; allowed: a number above 0, or a section with type, from, to, overUpdates, warmUpUpdates.',
    ],
    [
      'optimizer.generator.learningRate={type: linear, from: 1, to: 0, overUpdates: 9}',
      'optimizer.generator.learningRate.type: found "linear"; allowed: cosine, exponential.',
    ],
    [
      'optimizer.generator.beta2={type: cosine, from: 0.9, to: 1, overUpdates: 9}',
      'optimizer.generator.beta2.to: found 1; allowed: a number of at least 0 and below 1.',
    ],
    [
      'optimizer.generator.beta2={type: cosine, from: 0.9, to: 0.99, overUpdates: 9, warmUpUpdates: 2}',
      'optimizer.generator.beta2.warmUpUpdates: unknown field; allowed: type, from, to, overUpdates.',
    ],
    [
      'ema={halfLifeSamples: {type: exponential, from: 0, to: 9, overUpdates: 9}}',
      'ema.halfLifeSamples.from: found 0; allowed where the type is exponential: a number above 0 (cosine reaches 0).',
    ],
    [
      'optimizer.discriminator={type: sgd, decay: 1.1, learningRate: {type: cosine, from: 1, to: 0, overUpdates: 9}}',
      'optimizer.discriminator: found decay or learningRateFloor beside a learningRate with a schedule; allowed: one of the two ways to lower it.',
    ],
    ['objective.augment={shape: [28, 28]}', 'objective.augment.shape: found [28,28]; allowed: a list of 3 items.'],
    ['objective.penalty={gp: 10}', 'objective.penalty.gp: found 10; allowed: a section with weight, norm.'],
    ['schedule.type=simultan', 'schedule.type: found "simultan"; allowed: alternating, simultaneous.'],
  ];
  it.each(cases)('%s', (setting, sentence) => {
    expect(refusal(setting)).toBe(`run.yaml: ${sentence}`);
  });

  it('a config that is no section', () => {
    const { message } = rejected(() => resolveRunConfig([1], 'run.yaml'));
    expect(message).toBe(`run.yaml: the run config: found [1]; allowed: a section with ${FIELDS}.`);
  });

  it('tells three problems at most, counts the rest, and says where to look', () => {
    const error = rejected(() =>
      resolveRunConfig({ ...(small() as object), seed: -1, workers: 0, batchSize: 0, shards: 0 }, 'f'),
    );
    expect(error.message).toBe(
      'f: seed: found -1; allowed: a whole number of at least 0. ' +
        'workers: found 0; allowed: a whole number above 0 and at most 1024, or a section with min, max. ' +
        'shards: found 0; allowed: a whole number above 0 and at most 1024. (and 1 more)',
    );
    expect(error.code).toBe('invalid-config');
    expect(error.remedy).toContain('ganglion config schema');
  });

  it('shortens a long value', () => {
    expect(refusal(`name=${'x'.repeat(500)}`).length).toBeLessThan(200);
  });
});

describe('rules over several fields', () => {
  const cases: readonly (readonly [settings: string[], sentence: string])[] = [
    [
      ['phases=null'],
      'epochs: missing; needed: the passes over the data to train for, a number above 0 (or `phases`).',
    ],
    [
      ['generator.layers.0.initRange=1', 'generator.layers.0.initStd=1'],
      'generator.layers[0]: found both initRange and initStd; allowed: one of them.',
    ],
    [
      ['objective.loss=hinge', 'objective.generator=minimax'],
      'objective.generator: found minimax; allowed with loss hinge: non-saturating, for it has one form.',
    ],
    [
      ['objective.penalty={}'],
      'objective.penalty: found neither r1, r2, gp nor dragan; needed: one of them (r1: 10, or gp: {weight: 10}).',
    ],
    [
      ['objective.loss=relativistic', 'objective.labelSmoothing=0.1'],
      'objective.labelSmoothing: found 0.1; allowed with loss relativistic: 0, for it has no target (log and least-squares have).',
    ],
    [
      ['objective.augment={}'],
      'objective.augment.shape: missing; needed where D does not begin with a reshape to an image: [height, width, channels] of a sample.',
    ],
    [
      [
        'objective.penalty.r1=1',
        'discriminator.layers=[{type: batch-norm, statistics: sync}, {type: dense, units: 1}]',
      ],
      'discriminator.layers[0]: found batch-norm; not allowed with objective.penalty, since it normalises by the other samples, and a penalty is on each sample alone (Gulrajani et al. 2017, section 4).',
    ],
    [
      ['objective.augment={}', 'discriminator.packing=2', 'discriminator.layers.0={type: reshape, shape: [8, 98, 1]}'],
      'objective.augment.shape: missing; needed where D does not begin with a reshape to an image: [height, width, channels] of a sample.',
    ],
    [
      ['generator.layers.0={type: minibatch-std}'],
      'generator.layers[0]: found minibatch-std; allowed in discriminator.layers, for a sample of G must not depend on those it is drawn with.',
    ],
    [['epochs=3'], 'epochs, phases: found both (3 and 100); allowed: one of them (--set phases=null takes it away).'],
    [['shards=1'], 'shards: found 1; allowed: at least 2, one for each of the workers.'],
    [['workers={min: 3, max: 2}', 'shards=3'], 'workers.max: found 2; allowed: at least 3, which is workers.min.'],
    [
      ['discriminator.packing=3'],
      'batchSize: found 100; allowed with discriminator.packing 3 and 2 shards: a multiple of 6, such as 102.',
    ],
    [
      [
        'discriminator.packing=2',
        'data.labels=true',
        'discriminator.layers=[{type: dense, units: 2}, {type: class-projection, classes: 10}]',
      ],
      'discriminator.layers[1]: found class-projection; not allowed with discriminator.packing 2, whose packs have no one class.',
    ],
    [
      ['compile=xla', 'backend.require=wasm'],
      'backend.require: found wasm; allowed with compile xla: any, cuda, tensorflow, for XLA is a part of libtensorflow.',
    ],
    [['batchSize=1'], 'batchSize: found 1; allowed: at least 2, one sample for each of the shards.'],
    [
      ['discriminator.layers.2.units=2'],
      'discriminator.layers[2]: found {"type":"dense","units":2,"activation":"linear"}; ' +
        "allowed as D's last layer, its logit: dense, 1 unit, linear; or class-projection.",
    ],
    [
      ['discriminator.layers.2=null'],
      'discriminator.layers[1]: found {"type":"dropout","keep":0.5}; ' +
        "allowed as D's last layer, its logit: dense, 1 unit, linear; or class-projection.",
    ],
  ];
  it.each(cases)('%s', (settings, sentence) => {
    expect(refusal(...settings)).toBe(`run.yaml: ${sentence}`);
  });

  it('the bounds themselves are allowed', () => {
    const config = resolveRunConfig(applySettings(small(), ['shards=2', 'batchSize=2']), 'run.yaml');
    expect([config.workers, config.shards, config.batchSize]).toEqual([{ min: 2, max: 2 }, 2, 2]);
  });
});
