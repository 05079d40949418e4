/**
 * Proves that every experiment starts from a preset that resolves with what it sets, that REPRODUCTION.md says what the
 * result files say, and that the measures of a game on the line are those of known distributions.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { loadPreset } from '../../services/config/presets.ts';
import { resolveRunConfig } from '../../services/config/resolve.ts';
import { applySettings } from '../../services/config/settings.ts';
import { EXPERIMENTS } from '../../services/reproduce/experiments.ts';
import { normalBelow, normalQuantile, totalVariation } from '../../services/reproduce/lineMeasures.ts';
import { reproductionText } from '../../services/reproduce/reproductionText.ts';
import { type Result, readResults, resultFolder } from '../../services/reproduce/resultFile.ts';

describe('experiments', () => {
  it.each(EXPERIMENTS.flatMap(({ name, arms }) => arms.map((arm) => [name, arm] as const)))('%s: %o', (_name, arm) => {
    const config = resolveRunConfig(applySettings(loadPreset(arm.preset), arm.settings), arm.label);
    // The plain arms have nothing that steadies D.
    if (arm.label.startsWith('plain')) {
      expect([config.objective.loss, config.objective.penalty, config.ema]).toEqual(['log', undefined, undefined]);
    }
  });
});

describe('REPRODUCTION.md', () => {
  it('is what the result files make it', async () => {
    const written = readFileSync(join(packageRoot(), 'REPRODUCTION.md'), 'utf8');
    expect(reproductionText(EXPERIMENTS, await readResults())).toBe(written);
  });

  it('shows pictures that are there, and weights with their hash', async () => {
    for (const [name, { pictures, runs }] of await readResults()) {
      for (const { file } of pictures) expect(existsSync(join(resultFolder(name), file)), file).toBe(true);
      for (const { weightsSha256 } of runs) expect(weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('has a row a run, with standard errors, and the curve of a run that was evaluated along the way', () => {
    const measure = (value: number) => ({ name: 'logLikelihood', value, standardError: 2.2, detail: {} });
    const run: Result['runs'][number] = {
      ...{ arm: 'mnist-modern', seed: 0, phases: 20, weightsSha256: 'ab'.repeat(32), minutes: 1.25 },
      ...{ device: 'wasm', workers: 2, config: '' },
      evaluations: [
        { phase: 10, measures: [measure(120)] },
        { phase: 20, measures: [measure(231.25)] },
      ],
    };
    const result = {
      experiment: 'mnist-modern',
      commit: 'abc+',
      date: '2026-01-01',
      cores: 2,
      settings: [],
      pictures: [],
    };
    const text = reproductionText(EXPERIMENTS, new Map([['mnist-modern', { ...result, runs: [run] }]]));
    expect(text).toContain('| mnist-modern | 0 | 231.3 ± 2.20 | 20 | 0.3 | 1.3 | `abababababab` |');
    expect(text).toContain('logLikelihood after so many phases: 10: 120, 20: 231.3.');
    expect(text).toContain('225 ± 2 (table 1)');
    expect(text).not.toContain('## Figure 1');
    expect(text).not.toContain('Broken off');
    const ring = { ...result, experiment: 'ring8', runs: [{ ...run, arm: 'ring8' }] };
    expect(reproductionText(EXPERIMENTS, new Map([['ring8', ring]]))).toContain('Broken off after 1 of 10 runs.');
  });
});

describe('measures on the line', () => {
  it('Φ and its inverse have their known values', () => {
    expect(normalBelow(1.959963984540054)).toBeCloseTo(0.975, 12);
    expect(normalBelow(-4)).toBeCloseTo(3.167124183311986e-5, 15);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 9);
  });

  it('total variation: none for the distribution itself, 2Φ(δ/2) − 1 for one that is moved by δ', () => {
    const count = 200_000;
    const standard = Float32Array.from({ length: count }, (_, i) => normalQuantile((i + 0.5) / count));
    expect(totalVariation(standard, 0, 1)).toBeLessThan(1e-3);
    expect(
      totalVariation(
        standard.map((x) => 3 + 2 * x),
        3,
        2,
      ),
    ).toBeLessThan(1e-3);
    const moved = standard.map((x) => x + 1);
    expect(totalVariation(moved, 0, 1)).toBeCloseTo(2 * normalBelow(0.5) - 1, 2);
    expect(
      totalVariation(
        standard.map((x) => x + 20),
        0,
        1,
      ),
    ).toBeCloseTo(1, 6);
  });
});
