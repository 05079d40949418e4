/** Proves that alarms can be set one by one or be off, and that an alarm which would be raised and cleared by turns is refused. */
import { describe, expect, it } from 'vitest';
import { parseYaml, resolveRunConfig } from '../../services/config/resolve.ts';
import { applySettings } from '../../services/config/settings.ts';
import { SMALL_YAML } from './configs.ts';
import { rejected } from './rejected.ts';

const resolved = (...settings: string[]) =>
  resolveRunConfig(applySettings(parseYaml(SMALL_YAML, 'run.yaml'), settings), 'run.yaml');

describe('alarms', () => {
  it('are all on by default', () => {
    const { alarms } = resolved();
    expect(Object.keys(alarms)).toEqual([
      'discriminatorSaturation',
      'generatorGradient',
      'lossDivergence',
      'modeCollapse',
      'emaGap',
      'nonFinite',
    ]);
    expect(alarms).toMatchObject({ emaGap: { raise: 0.5, clear: 0.4, raiseAfter: 10, clearAfter: 10 } });
  });

  it('can be off, all or one', () => {
    expect(resolved('alarms=off').alarms).toBe('off');
    expect(resolved('alarms.modeCollapse=off').alarms).toMatchObject({ modeCollapse: 'off', emaGap: { raise: 0.5 } });
  });

  it('keep their other defaults where one field is set', () => {
    expect(resolved('alarms.modeCollapse.diversity.raise=0.1').alarms).toMatchObject({
      modeCollapse: { diversity: { raise: 0.1, clear: 0.35 }, coverage: { raise: 0.05 }, fromSamples: 60_000 },
    });
  });

  it.each([
    [
      'discriminatorSaturation.clear=0.001',
      'alarms.discriminatorSaturation.clear: found 0.001; allowed: at least 0.005, which is alarms.discriminatorSaturation.raise.',
    ],
    ['generatorGradient.raise=0.5', 'alarms.generatorGradient.clear: found 0.02; allowed: at least 0.5, which is'],
    ['lossDivergence.clear=60', 'alarms.lossDivergence.clear: found 60; allowed: at most 50, which is'],
    ['emaGap.raise=0.3', 'alarms.emaGap.clear: found 0.4; allowed: at most 0.3, which is alarms.emaGap.raise.'],
    ['modeCollapse.coverage.raise=0.5', 'alarms.modeCollapse.coverage.clear: found 0.1; allowed: at least 0.5'],
    ['modeCollapse.diversity.clear=0', 'alarms.modeCollapse.diversity.clear: found 0; allowed: at least 0.25'],
    ['emaGap=on', 'alarms.emaGap: found "on"; allowed: off, or a section with raise, clear, raiseAfter, clearAfter.'],
    ['nonFinite.clearAfter=0', 'alarms.nonFinite.clearAfter: found 0; allowed: a whole number above 0'],
    ['saturation=off', 'alarms.saturation: unknown field;'],
  ])('%s is refused in a sentence', (setting, sentence) => {
    expect(rejected(() => resolved(`alarms.${setting}`)).message).toContain(sentence);
  });
});
