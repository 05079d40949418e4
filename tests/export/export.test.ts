/**
 * Proves that what is exported draws what we draw: TensorFlow.js, ONNX Runtime and Python's safetensors load the files as their
 * users do, and give `ganglion sample`'s numbers within 10⁻⁵, for every kind of layer that G may have, with its average and
 * without; and that a layer which a format lacks is refused by a sentence.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { selectBackend } from '../../services/backend/select.ts';
import { loadPreset, presetNames } from '../../services/config/presets.ts';
import { resolveRunConfig } from '../../services/config/resolve.ts';
import type { RunConfig } from '../../services/config/runConfig.ts';
import { exportFiles } from '../../services/export/exportFiles.ts';
import { bytesOf } from '../../services/picture/npy.ts';
import { loadGan } from '../../services/sampling/loadGan.ts';
import { writeRun } from '../sampling/runs.ts';
import { askPython } from '../setup/pythonTools.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { served } from './fileServer.ts';
import { GENERATORS, OVERHANGING } from './generators.ts';

const COUNT = 5;

/** A run, its export in a folder, and what G gives for some latents. */
async function exported(config: (typeof GENERATORS)[string], format: 'tfjs' | 'onnx' | 'safetensors', live = false) {
  const run = join(temporaryFolder(), 'run');
  await writeRun(run, config, { phases: [10] });
  const files = await exportFiles(run, { format, live, phase: undefined });
  const folder = join(run, 'export');
  await mkdir(folder);
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  const gan = await loadGan(run, { backend: 'wasm', live });
  const latents = gan.latents(3, 0, COUNT);
  const labels = files.get('README.md')?.toString().includes('`label`') ? [3, 1, 4, 1, 9] : undefined;
  const samples = gan.fromLatents(latents, labels);
  gan.dispose();
  return { folder, latents, labels, samples, shape: gan.shape, config };
}

function expectSame(found: ArrayLike<number>, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  const far = expected.findIndex(
    (value, i) => !(Math.abs(value - Number(found[i])) <= 1e-5 * Math.max(1, Math.abs(value))),
  );
  expect(far < 0 ? 'the same' : `value ${far}: ${found[far]}, not ${expected[far]}`).toBe('the same');
  // A G that gives one value would prove nothing.
  expect(new Set(expected).size).toBeGreaterThan(50);
}

describe.each(Object.entries(GENERATORS))('%s', (_name, config) => {
  it('as a LayersModel', async () => {
    const { folder, latents, labels, samples, shape } = await exported(config, 'tfjs');
    const { tf } = await selectBackend({ require: 'cpu', intraOpThreads: 1 });
    const model: LayersModel = await tf.loadLayersModel(`${await served(folder)}/model.json`);
    const z = tf.tensor2d(latents, [COUNT, config.latent.size]);
    const inputs = labels ? [z, tf.tensor2d(labels, [COUNT, 1], 'int32')] : z;
    const output = model.predict(inputs) as Tensor;
    expect(output.shape).toEqual([COUNT, ...shape]);
    expectSame(output.dataSync(), samples);
    expect(model.getUserDefinedMetadata()).toMatchObject({ runId: 'small-1', phase: '10', generatorWeights: 'ema' });
    model.dispose();
    tf.disposeVariables();
  });

  it('as ONNX', async () => {
    const { folder, latents, labels, samples, shape } = await exported(config, 'onnx');
    expect(await runOnnx(folder, latents, labels)).toEqual({
      shape: [COUNT, ...shape],
      inputs: labels ? ['latent', 'label'] : ['latent'],
      outputs: ['sample'],
      phase: '10',
    });
    expectSame(floatsOf(await readFile(join(folder, 'samples.bin'))), samples);
  });
});

it('every kind of layer that a preset’s G has is among them', () => {
  const kinds = (config: Pick<RunConfig, 'generator'>) => config.generator.layers.map(({ type }) => type);
  const proven = new Set(Object.values(GENERATORS).flatMap(kinds));
  for (const name of presetNames())
    expect([...proven]).toEqual(expect.arrayContaining(kinds(resolveRunConfig(loadPreset(name), name))));
});

it('ONNX has windows that hang over, which a LayersModel has not', async () => {
  const { folder, latents, samples } = await exported(OVERHANGING, 'onnx', true);
  await runOnnx(folder, latents, undefined);
  expectSame(floatsOf(await readFile(join(folder, 'samples.bin'))), samples);
  await expect(exported(OVERHANGING, 'tfjs')).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'generator.layers[2] is pool with padding partial, which a LayersModel cannot express.',
    remedy: 'Export it with --format onnx.',
  });
});

it('Python’s safetensors opens exports and checkpoints: names, shapes, values, metadata', async () => {
  const config = GENERATORS.dcgan as (typeof GENERATORS)[string];
  const { folder } = await exported(config, 'safetensors', true);
  const checkpoint = join(folder, '..', 'checkpoints', 'phase-000000010', 'state.safetensors');
  const [own, state] = await askPython<readonly Opened[]>(OPEN, join(folder, 'generator.safetensors'), checkpoint);
  expect(own?.metadata).toMatchObject({ format: 'ganglion.generator', phase: '10', generatorWeights: 'live' });
  expect(JSON.parse(own?.metadata.config ?? '')).toEqual(config);
  expect(own?.tensors['generator.3.weight']?.[0]).toEqual([4, 4, 4, 8]);
  expect(Object.keys(own?.tensors ?? {})).toContain('generator.2.running_variance');
  // What was trained is in the checkpoint under the same name; its sums are NumPy's.
  for (const [name, tensor] of Object.entries(own?.tensors ?? {})) expect(state?.tensors[name]).toEqual(tensor);
  expect(Object.keys(state?.tensors ?? {}).length).toBeGreaterThan(Object.keys(own?.tensors ?? {}).length);
});

interface Opened {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, readonly [shape: readonly number[], sum: number]>>;
}

const OPEN = `
import json, sys
from safetensors import safe_open
def opened(path):
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        return {"metadata": file.metadata(), "tensors": {n: [list(t.shape), float(t.astype("float64").sum())] for n, t in tensors.items()}}
print(json.dumps([opened(path) for path in sys.argv[1:]]))
`;

const RUN_ONNX = `
import json, os, sys, numpy, onnxruntime
folder, size, labels = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
session = onnxruntime.InferenceSession(os.path.join(folder, "generator.onnx"), providers=["CPUExecutionProvider"])
inputs = {"latent": numpy.fromfile(os.path.join(folder, "latents.bin"), dtype="float32").reshape(-1, size)}
if labels: inputs["label"] = numpy.array(labels, dtype="int64")
[samples] = session.run(None, inputs)
samples.tofile(os.path.join(folder, "samples.bin"))
print(json.dumps({
    "shape": samples.shape, "inputs": [i.name for i in session.get_inputs()],
    "outputs": [o.name for o in session.get_outputs()], "phase": session.get_modelmeta().custom_metadata_map["phase"],
}))
`;

async function runOnnx(folder: string, latents: Float32Array, labels: readonly number[] | undefined) {
  await writeFile(join(folder, 'latents.bin'), bytesOf(latents));
  const size = String(latents.length / COUNT);
  return askPython<object>(RUN_ONNX, folder, size, JSON.stringify(labels ?? []));
}

function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}
