import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Moment } from '../../sampling/figure1Stages.ts';
import { saveBytes } from '../artifactFile.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { type Column, formatOf, printRows } from '../output.ts';
import { allCheckpoints, withRunFolder } from '../runTarget.ts';
import { addSamplingFlags, type SamplingFlags } from '../samplingFlags.ts';

interface Figure1Flags extends Omit<SamplingFlags, 'phase'> {
  readonly phases?: readonly number[];
  readonly to: string;
}

export function figure1Command(console: Console): Command {
  const figure = new Command('figure1')
    .description(
      'figure 1 of the paper from a run in one dimension: p_data, p_g, D and the map from z to x, in four panels',
    )
    .argument('<run|folder>', 'a run or a run folder that keeps checkpoints of several phases (checkpoints.keep)')
    .option('--phases <a,b,c,d>', 'of the panels; default: first, p_g near p_data, D nearest to D*, last', parsePhases)
    .option('--to <name>', 'writes name.svg, name.png, and name.apng, which plays all checkpoints', 'figure1');
  return addSamplingFlags(console, figure, { phase: false })
    .addHelpText(
      'after',
      examples(
        'ganglion figure1 line-1',
        'ganglion figure1 ./runs/line-1 --phases 0,400,420,6000 --to pictures/figure1',
      ),
    )
    .action(async (target: string, { live = false, ...flags }: Figure1Flags, command: Command) => {
      const { figure1OfRun } = await import('../../sampling/figure1Run.ts');
      const files = await withRunFolder(console, command, target, allCheckpoints, (folder) =>
        figure1OfRun(folder, { ...flags, live }),
      );
      const pieces = { svg: Buffer.from(files.svg), png: files.png, apng: files.film };
      for (const [extension, bytes] of Object.entries(pieces)) await saveBytes(bytes, `${flags.to}.${extension}`);
      note(console, `wrote ${flags.to}.svg, .png and .apng`);
      printRows(console, formatOf(command), files.moments.map(withoutCurves), COLUMNS, ({ phase }) => String(phase));
    });
}

function withoutCurves({ phase, distance, gap }: Moment): Moment {
  return { phase, distance, gap };
}

const COLUMNS: readonly Column<Moment>[] = [
  { title: 'PHASE', value: ({ phase }) => String(phase) },
  { title: 'P_G TO P_DATA', value: ({ distance }) => distance.toFixed(3) },
  { title: 'D TO D*', value: ({ gap }) => gap?.toFixed(3) ?? '–' },
];

function parsePhases(text: string): number[] {
  const phases = text.split(',').map((one) => (/^\d{1,15}$/.test(one.trim()) ? Number(one) : Number.NaN));
  const isAscending = phases.every((phase, i) => phase > (phases[i - 1] ?? -1));
  if (phases.length === 4 && isAscending) return phases;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--phases: found '${text}'; four phases in ascending order with commas between are allowed.`,
    remedy: 'See `ganglion checkpoints list` for those that there are.',
  });
}
