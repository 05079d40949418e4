import { Command, Option } from 'commander';
import type { Interpolation } from '../../sampling/interpolation.ts';
import { saveBytes } from '../artifactFile.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { addSamplingFlags, type SamplingFlags, withGan } from '../samplingFlags.ts';
import { tellWritten } from '../written.ts';

interface InterpolateFlags extends SamplingFlags {
  readonly steps: number;
  readonly rows: number;
  readonly mode: Interpolation;
  readonly to: string;
}

export function interpolateCommand(console: Console): Command {
  const interpolate = new Command('interpolate')
    .description(
      'walk from one latent to another and draw what G makes of each step: a picture with a walk in each row',
    )
    .argument('<run|folder>', 'a run, a run folder, or a checkpoint in one')
    .option('--steps <n>', 'pictures in a row, both ends included', integer('--steps', { min: 2, max: 100 }), 10)
    .option('--rows <n>', 'walks', integer('--rows', { min: 1, max: 100 }), 5)
    .addOption(
      new Option('--mode <mode>', 'linear: the chord; spherical: the arc, which suits normal latents')
        .choices(['linear', 'spherical'])
        .default('linear'),
    )
    .option('--to <file.png>', 'the picture', 'interpolation.png');
  return addSamplingFlags(console, interpolate)
    .addHelpText(
      'after',
      examples(
        'ganglion interpolate mnist-quick-1',
        'ganglion interpolate ./runs/mnist-quick-1 --steps 12 --rows 4 --mode spherical --to walk.png',
      ),
    )
    .action(async (target: string, flags: InterpolateFlags, command: Command) => {
      const { interpolationGrid } = await import('../../sampling/grids.ts');
      await withGan(console, command, target, flags, async (gan) => {
        await saveBytes(interpolationGrid(gan, flags), flags.to);
      });
      await tellWritten(console, command, [flags.to]);
    });
}
