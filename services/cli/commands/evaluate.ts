import { Command, Option } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Evaluation } from '../../evaluate/evaluateRun.ts';
import type { Measure, Metric } from '../../evaluate/measures.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { type Column, formatOf, isForPeople, printOne, renderRows } from '../output.ts';
import { oneCheckpoint, withRunFolder } from '../runTarget.ts';
import { addSamplingFlags, type SamplingFlags } from '../samplingFlags.ts';

interface EvaluateFlags extends SamplingFlags {
  readonly metrics?: readonly Metric[];
  readonly samples?: number;
  readonly sigma?: number;
  readonly real?: string;
  readonly dataSha256?: string;
}

export function evaluateCommand(console: Console): Command {
  const evaluate = new Command('evaluate')
    .description('measure how near a trained G’s samples come to the data')
    .argument('[run|folder]', 'a run, a run folder, or a checkpoint in one')
    .option('--metrics <names>', 'of parzen, modes, swd, mmd, prdc, frechet; default: all for these data', parseMetrics)
    .option('--samples <n>', 'default: as each protocol says', integer('--samples', { min: 10, max: 1_000_000 }))
    .option('--sigma <s>', 'Parzen’s σ, one of the authors’ ten; default: what validation data choose', parseSigma)
    .option('--real <data set>', 'the first training samples in G’s place: mnist, stacked-mnist, ring or grid')
    // For the workers' own calls.
    .addOption(new Option('--data-sha256 <hex>', 'the training set that is meant').hideHelp())
    .addHelpText(
      'after',
      examples(
        'ganglion evaluate mnist-quick-1',
        'ganglion evaluate ./runs/mnist-quick-1 --metrics parzen,frechet --phase 2000 -o json',
        'ganglion evaluate --real mnist --metrics parzen   # what real digits get: 241.2 ± 2.1',
      ),
    );
  return addSamplingFlags(console, evaluate).action(
    async (target: string | undefined, flags: EvaluateFlags, command: Command) => {
      const { evaluateReal, evaluateRun } = await import('../../evaluate/evaluateRun.ts');
      const { metrics, samples, sigma, seed, backend, phase, live = false, dataSha256 } = flags;
      const options = { metrics, samples, sigma, seed, backend };
      if (flags.real !== undefined && target !== undefined) throw both(target, flags.real);
      const found =
        flags.real === undefined
          ? await withRunFolder(console, command, requireTarget(target), oneCheckpoint(phase), (folder) =>
              evaluateRun(folder, { ...options, phase, live, dataSha256 }),
            )
          : await evaluateReal(await dataOf(flags.real), options);
      await print(console, command, found);
    },
  );
}

async function print(console: Console, command: Command, found: Evaluation): Promise<void> {
  const { PARZEN_CAVEAT } = await import('../../evaluate/parzen.ts');
  const format = formatOf(command);
  if (isForPeople(format)) {
    console.stdout.write(renderRows(format, found.measures, COLUMNS, ({ name }) => name));
  } else {
    printOne(console, format, found, [], found.measures.map(({ name }) => name).join('\n'));
  }
  const what =
    found.of === 'real' ? `training samples of ${found.dataset}` : `${found.runId} after ${found.phase} phases`;
  note(console, `${what}${found.of === 'ema' ? ' (moving average of G)' : ''}, seed ${found.seed}`);
  const names = found.measures.map(({ name }) => name);
  if (names.includes('logLikelihood')) note(console, PARZEN_CAVEAT);
  if (names.includes('frechet')) {
    note(
      console,
      'The Fréchet distance is that of Ganglion’s own classifier: it compares with no other program’s FID.',
    );
  }
}

const COLUMNS: readonly Column<Measure>[] = [
  { title: 'MEASURE', value: ({ name }) => name },
  { title: 'VALUE', value: ({ value }) => digits(value) },
  { title: '± SE', value: ({ standardError }) => (standardError === undefined ? '' : digits(standardError)) },
  { title: 'BETTER', value: ({ better }) => better },
  { title: 'SAMPLES', value: ({ samples }) => String(samples) },
  {
    title: 'DETAIL',
    value: ({ detail }) =>
      Object.entries(detail)
        .map(([key, value]) => `${key} ${typeof value === 'number' ? digits(value) : value}`)
        .join(', '),
  },
];

function digits(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toPrecision(4);
}

function requireTarget(target: string | undefined): string {
  if (target !== undefined) return target;
  throw new GanglionError({
    code: 'invalid-argument',
    message: 'There is no run to evaluate.',
    remedy: 'Name a run, a run folder or a checkpoint; or --real mnist for the training data themselves.',
  });
}

function both(target: string, real: string): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `Found '${target}' and --real ${real}; one of them is allowed.`,
    remedy: 'Evaluate them one after the other, with the same --samples and --seed.',
  });
}

async function dataOf(dataset: string) {
  const { dataSchema } = await import('../../config/dataSchema.ts');
  const parsed = dataSchema.safeParse({ dataset });
  if (parsed.success) return parsed.data;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--real: found '${dataset}'; mnist, stacked-mnist, ring and grid are allowed.`,
    remedy: 'Write --real mnist, say.',
  });
}

/** All of `METRICS`, which a command line is too quick to load: the compiler misses none of them here. */
const METRIC_NAMES = Object.keys({
  parzen: true,
  modes: true,
  swd: true,
  mmd: true,
  prdc: true,
  frechet: true,
} satisfies Record<Metric, true>) as Metric[];

function parseMetrics(text: string): Metric[] {
  const names = text.split(',').map((name) => {
    const found = METRIC_NAMES.find((metric) => metric === name.trim());
    if (found) return found;
    throw new GanglionError({
      code: 'invalid-argument',
      message: `--metrics: found '${name}'; ${METRIC_NAMES.join(', ')} are allowed, with commas between.`,
      remedy: 'Write --metrics parzen,prdc, say.',
    });
  });
  return [...new Set(names)];
}

function parseSigma(text: string): number {
  const sigma = Number(text);
  if (Number.isFinite(sigma) && sigma > 0) return sigma;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--sigma: found '${text}'; one of the authors' ten σ between .1 and 1 is allowed.`,
    remedy: 'Leave it out, so that the validation data choose it.',
  });
}
