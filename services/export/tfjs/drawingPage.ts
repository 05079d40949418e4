/** A page that draws with the exported model, beside it: TensorFlow.js comes along, so that it needs no network. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ExportedGenerator } from '../generator.ts';
import { pixelFormula } from '../sampleValues.ts';

const LIBRARY = 'tf.min.js';
const COUNT = 64;

/** By file name; none for samples that are no pictures. */
export function drawingPage(generator: ExportedGenerator): Map<string, Uint8Array> {
  const [, , channels] = generator.shape;
  if (channels !== 1 && channels !== 3) return new Map();
  const library = createRequire(import.meta.url).resolve(`@tensorflow/tfjs/dist/${LIBRARY}`);
  return new Map<string, Uint8Array>([
    ['index.html', Buffer.from(pageOf(generator))],
    [LIBRARY, readFileSync(library)],
  ]);
}

function pageOf({ manifest, config, classes }: ExportedGenerator): string {
  const { size, distribution } = config.latent;
  const latents =
    distribution === 'normal'
      ? `tf.randomNormal([${COUNT}, ${size}])`
      : `tf.randomUniform([${COUNT}, ${size}], -Math.sqrt(3), Math.sqrt(3))`;
  const inputs =
    classes === 0
      ? 'z'
      : `[z, tf.tensor2d(Array.from({ length: ${COUNT} }, (_, i) => [i % ${classes}]), undefined, 'int32')]`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${manifest.runId}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
  #samples { display: grid; grid-template-columns: repeat(8, 1fr); gap: 2px; }
  canvas { width: 100%; image-rendering: pixelated; }
</style>
<h1>${manifest.runId}, phase ${manifest.phase.toLocaleString('en')}</h1>
<p><button type="button">Draw</button> <span role="status">loading …</span></p>
<div id="samples" role="img" aria-label="${COUNT} samples of the generator"></div>
<script src="${LIBRARY}"></script>
<script>
  const status = document.querySelector('[role=status]');
  async function draw(model) {
    const begin = performance.now();
    const [z, samples] = tf.tidy(() => {
      const z = ${latents};
      const values = model.predict(${inputs});
      return [z, tf.clipByValue(${pixelFormula(config.data.normalize, 'values')}, 0, 1)];
    });
    const canvases = await Promise.all(
      tf.unstack(samples).map(async (sample) => {
        const canvas = document.createElement('canvas');
        await tf.browser.toPixels(sample, canvas);
        sample.dispose();
        return canvas;
      }),
    );
    tf.dispose([z, samples]);
    document.querySelector('#samples').replaceChildren(...canvases);
    status.textContent = \`${COUNT} samples in \${Math.round(performance.now() - begin)} ms (\${tf.getBackend()})\`;
  }
  tf.loadLayersModel('model.json').then(
    (model) => {
      document.querySelector('button').addEventListener('click', () => draw(model));
      return draw(model);
    },
    (error) => {
      status.textContent = \`The model cannot be loaded (\${error.message}). A file that is opened from the disk may load none: serve this folder, say by npx serve.\`;
    },
  );
</script>
</html>
`;
}
