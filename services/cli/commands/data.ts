import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { RunConfig } from '../../config/runConfig.ts';
import type { Split } from '../../data/source.ts';
import { type ConfigFlags, inputFromFlags, withConfigFlags } from '../configFlags.ts';
import type { Console } from '../console.ts';
import type { CheckedData, Download } from '../documents.ts';
import { examples } from '../examples.ts';
import { httpUrl } from '../httpUrl.ts';
import { formatOf, printOne } from '../output.ts';

export function dataCommand(console: Console): Command {
  const data = new Command('data').description('training data: get them, and see what is in them');
  data.addCommand(downloadCommand(console));
  data.addCommand(checkCommand(console));
  return data;
}

function downloadCommand(console: Console): Command {
  return new Command('download')
    .description('get a public data set from its official mirrors; a download that was cut short goes on')
    .argument('<dataset>', 'mnist, fashion-mnist, cifar10 or cifar100')
    .requiredOption('--to <folder>', 'where to put it')
    .option(
      '--mirror <url>',
      'another place with the same files; their SHA-256 must be the official ones',
      httpUrl('--mirror', 'https://mirror.example.org/mnist'),
    )
    .addHelpText('after', examples('ganglion data download cifar10 --to ~/data/cifar10'))
    .action(async (dataset: string, { to, mirror }: { to: string; mirror?: string }, command: Command) => {
      const { remoteFiles } = await import('../../data/download/catalog.ts');
      const { download } = await import('../../data/download/download.ts');
      const { createDownloadProgress } = await import('../downloadProgress.ts');
      const files = remoteFiles(dataset, mirror);
      const folder = resolve(to);
      const progress = createDownloadProgress(console);
      try {
        await download(files, folder, {
          onProgress: ({ name, bytes }, doneBytes) => progress.show(name, doneBytes, bytes),
        });
      } finally {
        progress.stop();
      }
      const section: Download = { dataset, path: folder };
      const config = `data: { dataset: ${dataset}, path: ${JSON.stringify(folder)} }`;
      printOne(
        console,
        formatOf(command),
        section,
        [
          ['FOLDER', folder],
          ['CONFIG', config],
        ],
        folder,
      );
    });
}

function checkCommand(console: Console): Command {
  const check = new Command('check').description(
    'read every sample of a run config’s data and say what is in them (its section `data` is enough)',
  );
  return withConfigFlags(check)
    .addOption(new Option('--split <split>', 'which part').choices(['train', 'valid', 'test']).default('train'))
    .option('--labels', 'the labels too: sets data.labels')
    .addHelpText(
      'after',
      examples(
        'ganglion data check --preset mnist-paper --labels',
        'ganglion data check -f run.yaml --split test -o json',
      ),
    )
    .action(async (flags: CheckFlags, command: Command) => {
      const data = await dataFromFlags(console, flags);
      const { openSource } = await import('../../data/source.ts');
      const { summarize } = await import('../../data/summary.ts');
      const found = summarize(openSource(data, flags.split));
      const summary: CheckedData = { split: flags.split, ...found, normalize: data.normalize };
      printOne(console, formatOf(command), summary, fieldsOf(summary), summary.sha256);
    });
}

interface CheckFlags extends ConfigFlags {
  split: Split;
  labels?: boolean;
}

/** The networks may still be missing: data come first. */
async function dataFromFlags(console: Console, flags: CheckFlags): Promise<RunConfig['data']> {
  const { resolveData } = await import('../../config/resolve.ts');
  const set = flags.labels ? [...flags.set, 'data.labels=true'] : flags.set;
  const { input, source } = await inputFromFlags(console, { ...flags, set }, 'data check');
  return resolveData(input, source);
}

function fieldsOf(summary: CheckedData): readonly (readonly [string, string])[] {
  const { name, split, samples, shape, type, classes, perClass, values, normalize, sha256 } = summary;
  const { min, max, mean, deviation } = values;
  const classText = perClass ? `${classes}, of ${perClass.min} to ${perClass.max} samples` : 'no labels';
  const becomes = type === 'uint8' && normalize !== 'none' ? `, then ${normalize}` : '';
  return [
    ['DATASET', `${name}, ${split}`],
    ['SAMPLES', String(samples)],
    ['SHAPE', `[${shape.join(', ')}]`],
    ['TYPE', `${type}${becomes}`],
    ['CLASSES', classText],
    ['VALUES', `${short(min)} to ${short(max)}, mean ${short(mean)}, deviation ${short(deviation)}`],
    ['SHA-256', sha256],
  ];
}

/** Six digits; whole numbers as they are. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
