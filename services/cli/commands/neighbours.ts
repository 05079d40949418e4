import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import { saveBytes } from '../artifactFile.ts';
import { type Console, note } from '../console.ts';
import type { Neighbour } from '../documents.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { type Column, formatOf, printRows } from '../output.ts';
import { addSamplingFlags, type SamplingFlags, withGan } from '../samplingFlags.ts';

interface NeighboursFlags extends SamplingFlags {
  readonly count: number;
  readonly columns: number;
  readonly to: string;
}

export function neighboursCommand(console: Console): Command {
  const neighbours = new Command('neighbours')
    .description(
      'samples of G, and framed behind each row the training image that is nearest to its last one (pixel L2)',
    )
    .argument('<run|folder>', 'a run, a run folder, or a checkpoint in one')
    .option('--count <n>', 'samples: full rows', integer('--count', { min: 1, max: 10_000 }), 25)
    .option('--columns <n>', 'samples in a row', integer('--columns', { min: 1, max: 1000 }), 5)
    .option('--to <file.png>', 'the picture', 'neighbours.png');
  return addSamplingFlags(console, neighbours)
    .addHelpText(
      'after',
      examples(
        'ganglion neighbours mnist-quick-1',
        'ganglion neighbours ./runs/mnist-quick-1 --count 8 --columns 1 --to remembered.png   # each with its own',
        'ganglion neighbours mnist-quick-1 -o json   # which training images, and how far away',
      ),
    )
    .action(async (target: string, flags: NeighboursFlags, command: Command) => {
      const rows = rowsOf(flags);
      const { neighboursGrid } = await import('../../sampling/grids.ts');
      const found = await withGan(console, command, target, flags, async (gan) => {
        const { png, nearest } = neighboursGrid(gan, { ...flags, rows });
        await saveBytes(png, flags.to);
        return nearest;
      });
      note(console, `wrote ${flags.to}`);
      const table = found.map(
        ({ index, distance }, row): Neighbour => ({
          sample: (row + 1) * flags.columns - 1,
          nearest: index,
          distance,
        }),
      );
      printRows(console, formatOf(command), table, COLUMNS, ({ nearest }) => String(nearest));
    });
}

const COLUMNS: readonly Column<Neighbour>[] = [
  { title: 'SAMPLE', value: ({ sample }) => String(sample) },
  { title: 'NEAREST', value: ({ nearest }) => String(nearest) },
  { title: 'DISTANCE', value: ({ distance }) => distance.toFixed(3) },
];

function rowsOf({ count, columns }: NeighboursFlags): number {
  if (count % columns === 0) return count / columns;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--count: found ${count}; multiples of --columns ${columns} are allowed, for each row ends in a neighbour.`,
    remedy: `Write --count ${Math.ceil(count / columns) * columns}, say.`,
  });
}
