/** Proves that every preset resolves, that `mnist-paper` has the authors' numbers, and that a mistyped name is helped. */
import { describe, expect, it } from 'vitest';
import { loadPreset, presetNames, presetSummary, presetText } from '../../services/config/presets.ts';
import { resolveRunConfig, toYaml } from '../../services/config/resolve.ts';
import { rejected } from './rejected.ts';

describe('presets', () => {
  it('are these', () => {
    expect(presetNames()).toEqual([
      'cifar10-dcgan',
      'cifar10-paper-conv',
      'cifar10-paper-fc',
      'conditional-mnist',
      'figure1',
      'grid25',
      'mnist-dcgan',
      'mnist-modern',
      'mnist-paper',
      'mnist-quick',
      'ring8',
      'stacked-mnist-r3gan',
    ]);
  });

  it.each(presetNames())('%s resolves, names itself, and says at its head what it is', (name) => {
    const config = resolveRunConfig(loadPreset(name), `preset ${name}`);
    expect(config.name).toBe(name);
    expect(config.workers).toEqual({ min: 2, max: 2 });
    expect(presetText(name)).toMatch(/^# /);
    expect(presetSummary(name)).toMatch(/^[A-Z].{20,130}\.$/);
    expect(toYaml(config)).not.toContain('&');
  });

  it('a mistyped name gets the nearest', () => {
    const error = rejected(() => loadPreset('mnist-quik'));
    expect([error.code, error.message, error.remedy]).toEqual([
      'invalid-argument',
      "There is no preset 'mnist-quik'.",
      "Did you mean 'mnist-quick'? Choose one of cifar10-dcgan, cifar10-paper-conv, cifar10-paper-fc, conditional-mnist, figure1, grid25, mnist-dcgan, mnist-modern, mnist-paper, mnist-quick, ring8, stacked-mnist-r3gan.",
    ]);
  });

  it('a name that leads out of the folder is no preset', () => {
    expect(rejected(() => presetText('../../../package')).code).toBe('invalid-argument');
  });
});

describe('mnist-paper', () => {
  const config = resolveRunConfig(loadPreset('mnist-paper'), 'preset mnist-paper');

  it('has the networks of goodfeli/adversarial', () => {
    expect(config.latent).toEqual({ size: 100, distribution: 'uniform' });
    expect(config.generator).toEqual({
      outputBias: 'marginals',
      layers: [
        { type: 'dense', units: 1200, activation: 'relu', initRange: 0.05 },
        { type: 'dense', units: 1200, activation: 'relu', initRange: 0.05 },
        { type: 'dense', units: 784, activation: 'sigmoid', initRange: 0.05 },
      ],
    });
    expect(config.discriminator.layers).toEqual([
      { type: 'dropout', keep: 0.8 },
      { type: 'maxout', units: 240, pieces: 5, initRange: 0.005 },
      { type: 'dropout', keep: 0.5 },
      { type: 'maxout', units: 240, pieces: 5, initRange: 0.005 },
      { type: 'dropout', keep: 0.5 },
      { type: 'dense', units: 1, activation: 'linear', initRange: 0.005 },
    ]);
  });

  it('has their training', () => {
    const sgd = {
      type: 'sgd',
      learningRate: 0.1,
      decay: 1.000004,
      learningRateFloor: 1e-6,
      momentum: { initial: 0.5, final: 0.7, saturateEpoch: 250 },
    };
    expect(config.optimizer).toEqual({ generator: sgd, discriminator: sgd });
    expect(config.objective).toEqual({
      loss: 'log',
      generator: 'non-saturating',
      discriminatorScale: 0.5,
      labelSmoothing: 0,
    });
    expect(config.schedule).toEqual({ type: 'simultaneous' });
    expect(config.batchSize).toBe(100);
    expect(config.data).toMatchObject({ dataset: 'mnist', first: 0, count: 50_000, normalize: 'unit' });
  });
});
