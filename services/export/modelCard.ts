/** The README of an export: what the model is, what goes in and comes out, and how to load it. */
import { createHash } from 'node:crypto';
import type { ExportedGenerator } from './generator.ts';
import { valuesInWords } from './sampleValues.ts';

export type ExportFormat = 'safetensors' | 'tfjs' | 'onnx';

export function modelCard(
  format: ExportFormat,
  generator: ExportedGenerator,
  metadata: Readonly<Record<string, string>>,
  files: ReadonlyMap<string, Uint8Array>,
): string {
  const { config, manifest, weights, shape, classes } = generator;
  const { size, distribution } = config.latent;
  const drawn = distribution === 'normal' ? 'normal(0, 1)' : 'uniform(−√3, √3)';
  const facts = [
    ['run', `${manifest.runId}, after ${manifest.phase} of ${manifest.totalPhases} phases`],
    ['trained on', config.data.dataset],
    ['weights', weights === 'ema' ? 'the moving average of G’s weights' : 'G’s weights as they were trained'],
    ['`latent`', `float32 [n, ${size}], each value drawn from ${drawn}`],
    ...(classes === 0 ? [] : [['`label`', `${labelShape[format]}: the class of each sample, 0 to ${classes - 1}`]]),
    [
      'samples',
      `float32 [n, ${shape.join(', ')}]${shape.length === 3 ? ' (height, width, channels)' : ''}, ${valuesInWords(config)}`,
    ],
    ['SHA-256 of G’s and D’s weights', `\`${manifest.weightsSha256}\``],
    ['SHA-256 of the config', `\`${manifest.configSha256}\``],
    ['written by', `${metadata.producer}`],
  ];
  const hashes = [...files].map(([name, bytes]) => `| \`${name}\` | ${bytes.length} | \`${sha256(bytes)}\` |`);
  return [
    `# The generator of ${manifest.runId}`,
    ['| | |', '| --- | --- |', ...facts.map(([name, value]) => `| ${name} | ${value} |`)].join('\n'),
    howToLoad[format](generator),
    ['| file | bytes | SHA-256 |', '| --- | --- | --- |', ...hashes].join('\n'),
    '',
  ].join('\n\n');
}

const labelShape: Readonly<Record<ExportFormat, string>> = {
  safetensors: '[n]',
  tfjs: 'int32 [n, 1]',
  onnx: 'int64 [n]',
};

const howToLoad: Readonly<Record<ExportFormat, (generator: ExportedGenerator) => string>> = {
  safetensors: () =>
    [
      'The tensors of each layer under their names in checkpoints (`generator.0.weight`: the number is the layer’s in the config); the',
      'config is in the metadata. Spectrally normalised weights are divided by their norm already.\n',
      '```python\nfrom safetensors import safe_open\nwith safe_open("generator.safetensors", framework="numpy") as file:',
      '    config = file.metadata()["config"]  # JSON',
      '    weights = {name: file.get_tensor(name) for name in file.keys()}\n```',
    ].join('\n'),
  onnx: ({ config, classes }) =>
    [
      '```python\nimport numpy, onnxruntime\nsession = onnxruntime.InferenceSession("generator.onnx")',
      config.latent.distribution === 'normal'
        ? `latent = numpy.random.randn(64, ${config.latent.size}).astype("float32")`
        : `latent = numpy.random.uniform(-(3 ** .5), 3 ** .5, (64, ${config.latent.size})).astype("float32")`,
      `inputs = {"latent": latent${classes === 0 ? '' : `, "label": numpy.arange(64) % ${classes}`}}`,
      '[samples] = session.run(None, inputs)\n```',
    ].join('\n'),
  tfjs: ({ config, classes, shape }) =>
    [
      ...(shape.length === 3 ? ['`index.html` draws with it: serve this folder (`npx serve`) and look.\n'] : []),
      "```js\nimport * as tf from '@tensorflow/tfjs';\nconst model = await tf.loadLayersModel('https://…/model.json');",
      config.latent.distribution === 'normal'
        ? `const latent = tf.randomNormal([64, ${config.latent.size}]);`
        : `const latent = tf.randomUniform([64, ${config.latent.size}], -Math.sqrt(3), Math.sqrt(3));`,
      classes === 0
        ? 'const samples = model.predict(latent);\n```'
        : `const label = tf.tensor2d(Array.from({ length: 64 }, (_, i) => [i % ${classes}]), undefined, 'int32');\nconst samples = model.predict([latent, label]);\n\`\`\``,
    ].join('\n'),
};

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
