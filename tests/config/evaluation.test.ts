/** Proves that evaluation is off unless it is asked for, and that what cannot be measured of the data is told in a sentence. */
import { describe, expect, it } from 'vitest';
import { loadPreset } from '../../services/config/presets.ts';
import { resolveRunConfig } from '../../services/config/resolve.ts';
import { applySettings } from '../../services/config/settings.ts';

const evaluationOf = (...settings: string[]) =>
  resolveRunConfig(applySettings(loadPreset('mnist-quick'), settings), 'run.yaml').evaluation;

describe('evaluation', () => {
  it('is off by default, and has latents of seed 0', () => {
    expect(evaluationOf()).toBeUndefined();
    expect(evaluationOf('evaluation.everyPhases=500')).toEqual({ everyPhases: 500, seed: 0 });
  });

  it('takes metrics, samples, a seed and what the best is chosen by', () => {
    const asked = { everyPhases: 20, metrics: ['mmd', 'swd'], samples: 100, seed: 3, keepBest: 'mmd2' };
    expect(evaluationOf(`evaluation=${JSON.stringify(asked)}`)).toEqual(asked);
  });

  it.each([
    ['{everyPhases: 0}', 'evaluation.everyPhases: found 0'],
    [
      '{everyPhases: 5, metrics: [fid]}',
      'evaluation.metrics[0]: found "fid"; allowed: parzen, modes, swd, mmd, prdc, frechet.',
    ],
    ['{everyPhases: 5, samples: 9}', 'evaluation.samples: found 9'],
    ['{everyPhases: 5, metrics: [mmd, mmd]}', 'evaluation.metrics[1]: found mmd again; allowed: each metric once.'],
    [
      '{everyPhases: 5, metrics: [mmd, swd], keepBest: frechet}',
      'evaluation.keepBest: found frechet; allowed, since it is measured: swd, mmd2.',
    ],
    // Digits have modes, but none that a sample could be near to.
    ['{everyPhases: 5, metrics: [modes], keepBest: highQuality}', 'since it is measured: modes, reverseKl.'],
    ['{everyPhases: 5, keepBest: best}', 'evaluation.keepBest: found "best"; allowed: logLikelihood, modes'],
  ])('%s is refused', (evaluation, sentence) => {
    expect(() => evaluationOf(`evaluation=${evaluation}`)).toThrow(sentence);
  });

  it('measures of points what can be measured of points', () => {
    const ring = (evaluation: string) =>
      resolveRunConfig(applySettings(loadPreset('ring8'), [`evaluation=${evaluation}`]), 'run.yaml');
    expect(ring('{everyPhases: 5, keepBest: highQuality}').evaluation?.keepBest).toBe('highQuality');
    expect(() => ring('{everyPhases: 5, metrics: [swd, frechet]}')).toThrow(
      'evaluation.metrics[1]: found frechet; allowed for ring: modes, swd, mmd, prdc.',
    );
  });
});
