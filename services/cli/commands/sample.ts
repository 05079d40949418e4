import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { LoadedGan } from '../../sampling/loadGan.ts';
import { saveArtifact, saveBytes } from '../artifactFile.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { addSamplingFlags, type SamplingFlags, withGan } from '../samplingFlags.ts';
import { tellWritten } from '../written.ts';

interface SampleFlags extends SamplingFlags {
  readonly count: number;
  readonly labels?: readonly number[];
  readonly columns: number;
  readonly to: string;
}

/** More are no picture any more. */
const GRID_COUNT_MAX = 10_000;
const COUNT_MAX = 2 ** 31;

export function sampleCommand(console: Console): Command {
  const sample = new Command('sample')
    .description('draw samples from a trained G: a picture, or a file for NumPy or safetensors')
    .argument('<run|folder>', 'a run, a run folder, or a checkpoint in one')
    .option('--count <n>', 'samples', integer('--count', { min: 1, max: COUNT_MAX }), 64)
    .option('--labels <classes>', 'classes, as 0,1,2; taken in turn; default: all that the run knows', parseLabels)
    .option('--columns <n>', 'of the picture', integer('--columns', { min: 1, max: 1000 }), 8)
    .option('--to <file>', '.png, .npy or .safetensors', 'samples.png');
  return addSamplingFlags(console, sample)
    .addHelpText(
      'after',
      examples(
        'ganglion sample mnist-quick-1',
        'ganglion sample ./runs/mnist-quick-1 --phase 800 --seed 7 --to digits.png',
        'ganglion sample mnist-quick-1 --count 50000 --to samples.npy   # float32 [50000, 28, 28, 1]',
        'ganglion sample mnist-quick-1 --count 1000 --to samples.safetensors   # with seed, run and weights',
      ),
    )
    .action(async (target: string, flags: SampleFlags, command: Command) => {
      const write = writerOf(flags);
      const files = await withGan(console, command, target, flags, write);
      await tellWritten(console, command, files);
    });
}

/** Gives the files that it wrote. By the file's name; refuses before anything is loaded. Throws `invalid-argument`. */
function writerOf(flags: SampleFlags): (gan: LoadedGan) => Promise<string[]> {
  const { to, count, seed } = flags;
  const extension = /\.(png|npy|safetensors)$/.exec(to)?.[1];
  switch (extension) {
    case 'png':
      return async (gan) => {
        await saveBytes(await pictureOf(gan, flags), to);
        return [to];
      };
    case 'npy':
      return async (gan) => {
        const { npyOfLabels, npyOfSamples } = await import('../../sampling/samplesFile.ts');
        const classes = await classesOf(gan, flags);
        await saveArtifact(npyOfSamples(gan, { seed, count, classes }), to);
        if (!classes) return [to];
        const labels = to.replace(/\.npy$/, '.labels.npy');
        await saveArtifact(npyOfLabels(classes, count), labels);
        return [to, labels];
      };
    case 'safetensors':
      return async (gan) => {
        const { safetensorsOfSamples } = await import('../../sampling/samplesFile.ts');
        const classes = await classesOf(gan, flags);
        await saveArtifact(safetensorsOfSamples(gan, { seed, count, classes }), to);
        return [to];
      };
    default:
      throw new GanglionError({
        code: 'invalid-argument',
        message: `--to: found '${to}'; files that end in .png, .npy or .safetensors are allowed.`,
        remedy: 'Write --to samples.png, say.',
      });
  }
}

async function pictureOf(gan: LoadedGan, { seed, count, columns, labels: classes }: SampleFlags): Promise<Buffer> {
  if (count > GRID_COUNT_MAX) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `--count: found ${count}; at most ${GRID_COUNT_MAX} fit in a picture.`,
      remedy: 'Write more of them to a .npy or .safetensors file.',
    });
  }
  const { imageGrid, samplePoints } = await import('../../sampling/picture.ts');
  const { labelsOf } = await import('../../sampling/samplesFile.ts');
  const values = gan.sample({ seed, first: 0, count, labels: classes && labelsOf(classes, 0, count) });
  const title = `${gan.runId}, phase ${gan.phase.toLocaleString('en')}`;
  return gan.shape.length === 1
    ? samplePoints(gan.config, title, gan.shape, values)
    : imageGrid(gan.shape, values, { normalize: gan.config.data.normalize, columns });
}

/** The given classes, or all that the run knows; undefined where it knows none. */
async function classesOf(gan: LoadedGan, { labels }: SampleFlags): Promise<readonly number[] | undefined> {
  if (labels) return labels;
  const { classesOf: knownTo } = await import('../../gan/labels.ts');
  const known = knownTo(gan.config);
  return known === 0 ? undefined : Array.from({ length: known }, (_, label) => label);
}

function parseLabels(text: string): number[] {
  const labels = text.split(',').map((one) => (/^\d{1,5}$/.test(one.trim()) ? Number(one) : Number.NaN));
  if (labels.every((label) => label < 65_536)) return labels;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--labels: found '${text}'; classes from 0 to 65535 with commas between are allowed.`,
    remedy: 'Write --labels 0,1,2, say.',
  });
}
