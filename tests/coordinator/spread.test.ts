/** Proves that a run's pictures are compared with its own data, whatever form these have; and only where somebody watches. */
import { describe, expect, it } from 'vitest';
import { resolveRunConfig } from '../../services/config/resolve.ts';
import { RunFiles } from '../../services/coordinator/runFiles.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';

const optimizer = { type: 'sgd', learningRate: 0.1 } as const;

const open = (input: object, values: number) =>
  RunFiles.open(
    'r',
    temporaryFolder(),
    resolveRunConfig(
      {
        phases: 1,
        generator: { layers: [{ type: 'dense', units: values }] },
        discriminator: { layers: [{ type: 'dense', units: 1 }] },
        optimizer: { generator: optimizer, discriminator: optimizer },
        snapshots: { rows: 4, columns: 5 },
        ...input,
      },
      'run.yaml',
    ),
  );

/** Rows of the data, without their labels. */
function samplesOf({ dataset }: RunFiles, count: number, from: number): Uint8Array {
  const { rowBytes, hasLabel } = dataset.format;
  const valueBytes = rowBytes - (hasLabel ? 2 : 0);
  const samples = new Uint8Array(count * valueBytes);
  const row = new Uint8Array(rowBytes);
  for (let index = 0; index < count; index++) {
    dataset.read(from + index, row, 0);
    samples.set(row.subarray(0, valueBytes), index * valueBytes);
  }
  return samples;
}

describe.each([
  ['images', { data: { dataset: 'mnist' } }, 784],
  ['points', { data: { dataset: 'ring', count: 1000 } }, 2],
])('%s', (_, input, values) => {
  it('other samples of the data are as diverse as it is, and cover it', async () => {
    const files = await open(input, values);
    const spread = files.spreadOf(samplesOf(files, 20, 500));
    expect(spread).toMatchObject({ count: 20 });
    expect(spread?.diversity).toBeGreaterThan(0.8);
    expect(spread?.coverage).toBeGreaterThan(0.5);
    await files.history.close();
  });

  it('one sample again and again has no diversity', async () => {
    const files = await open(input, values);
    const one = samplesOf(files, 1, 500);
    const all = new Uint8Array(20 * one.length);
    for (let index = 0; index < 20; index++) all.set(one, index * one.length);
    expect(files.spreadOf(all)).toMatchObject({ diversity: 0 });
    await files.history.close();
  });

  it('too few, too short, or not watched: nothing is said', async () => {
    const files = await open(input, values);
    expect(files.spreadOf(samplesOf(files, 19, 500))).toBeUndefined();
    await files.history.close();
    for (const alarms of ['off', { modeCollapse: 'off' }]) {
      const unwatched = await open({ ...input, alarms }, values);
      expect(unwatched.spreadOf(samplesOf(unwatched, 20, 500))).toBeUndefined();
      await unwatched.history.close();
    }
    const few = await open({ ...input, snapshots: { rows: 3, columns: 5 } }, values);
    expect(few.spreadOf(samplesOf(few, 15, 500))).toBeUndefined();
    await few.history.close();
  });
});
