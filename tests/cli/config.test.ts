/** Proves that a config which `init` prints is its preset, commented; that `validate` says what a launch would; and `explain`’s form. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPreset, presetNames, presetText } from '../../services/config/presets.ts';
import { parseYaml, resolveRunConfig } from '../../services/config/resolve.ts';
import { SMALL_YAML } from '../config/configs.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { ganglion } from './fakeConsole.ts';

describe('config init', () => {
  it.each(presetNames())('%s is the preset, with a word on each section', async (name) => {
    const { code, out } = await ganglion(['config', 'init', name]);
    expect(code).toBe(0);
    expect(resolveRunConfig(parseYaml(out, name), name)).toEqual(resolveRunConfig(loadPreset(name), name));
    expect(out).toMatch(/^# batchSize: Samples in a global minibatch, over all shards\. \(a whole number above 0 and/m);
    expect(out).toMatch(/^# seed: |^# evaluation: /m);
    const [head = ''] = presetText(name).split('\n');
    expect(out.split('\n')[0]).toBe(head);
  });

  it('without a name is the one to begin with; a wrong name is refused', async () => {
    expect((await ganglion(['config', 'init'])).out).toContain('name: mnist-quick');
    expect(await ganglion(['config', 'init', 'mnist'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('config validate', () => {
  const validate = async (text: string, ...flags: string[]) => {
    const file = join(temporaryFolder(), 'run.yaml');
    writeFileSync(file, text);
    return { file, ...(await ganglion(['config', 'validate', file, ...flags])) };
  };

  it('says how long a right one is', async () => {
    const { code, out } = await ganglion(['config', 'validate', '-', '-o', 'json'], { stdin: SMALL_YAML });
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ file: 'standard input', valid: true })]);
  });

  it('names what is wrong: a field, and networks that do not fit the data', async () => {
    const wrong = await validate(`${SMALL_YAML}\nbatchsize: 3\n`);
    expect([wrong.code, wrong.err]).toEqual([
      2,
      expect.stringContaining("batchsize: unknown field; did you mean 'batchSize'?"),
    ]);
    const { out } = await ganglion(['config', 'init', 'mnist-quick']);
    const narrow = await validate(out.replace('units: 784', 'units: 783'));
    expect([narrow.code, narrow.err]).toEqual([
      2,
      expect.stringMatching(/gives shape \[n, 783\], but a sample of the data has shape \[n, 784\]/),
    ]);
  });
});

describe('config explain', () => {
  it('shows a field, and a section with its fields', async () => {
    const { out } = await ganglion(['config', 'explain', 'batchSize']);
    expect(out).toBe(
      'FIELD    batchSize\n' +
        'ALLOWED  a whole number above 0 and at most 65536\n' +
        'DEFAULT  100\n' +
        'MEANING  Samples in a global minibatch, over all shards.\n',
    );
    const section = (await ganglion(['config', 'explain', 'latent'])).out;
    expect(section).toMatch(/^size +100 +a whole number/m);
    expect(section).toMatch(/^distribution +"uniform" +uniform\(−√3, √3\)/m);
    const all = (await ganglion(['config', 'explain', '-o', 'json'])).out;
    expect(JSON.parse(all)[0].fields).toContain('optimizer');
  });
});
