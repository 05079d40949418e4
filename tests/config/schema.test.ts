/** Proves that the published JSON Schema is one: it compiles, knows every field, and accepts and refuses as the config does. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadPreset, presetNames } from '../../services/config/presets.ts';
import { runConfigSchema } from '../../services/config/runConfig.ts';
import { runConfigJsonSchema } from '../../services/config/schema.ts';
import { applySettings } from '../../services/config/settings.ts';

const schema = runConfigJsonSchema();
const compiled = z.fromJSONSchema(schema);

describe('the JSON Schema of a run config', () => {
  it('is draft 2020-12, survives JSON, and has every field', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(Object.keys(schema.properties as object)).toEqual(Object.keys(runConfigSchema.shape));
  });

  it('asks only for what has no default', () => {
    expect(schema.required).toEqual(['generator', 'discriminator', 'optimizer']);
  });

  it.each(presetNames())('accepts preset %s', (name) => {
    expect(compiled.safeParse(loadPreset(name)).success).toBe(true);
  });

  it.each(['batchsize=3', 'batchSize=0', 'generator.layers.0.activation=rleu', 'optimizer=null', 'schedule.type=x'])(
    'refuses %s',
    (setting) => {
      expect(compiled.safeParse(applySettings(loadPreset('mnist-quick'), [setting])).success).toBe(false);
    },
  );
});
