import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { ExportFormat } from '../../export/modelCard.ts';
import { saveBytes } from '../artifactFile.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { type Column, formatOf, printRows } from '../output.ts';
import { oneCheckpoint, withRunFolder } from '../runTarget.ts';
import { addPhaseFlag, LIVE_FLAG } from '../samplingFlags.ts';
import { bytes } from '../units.ts';

interface ExportFlags {
  readonly format: ExportFormat;
  readonly to: string;
  readonly live?: boolean;
  readonly phase?: number;
}

/** The compiler misses none of them here. */
const FORMATS = Object.keys({ safetensors: true, tfjs: true, onnx: true } satisfies Record<ExportFormat, true>);

export function exportCommand(console: Console): Command {
  const command = new Command('export')
    .description(
      'a trained G for other tools: safetensors, a LayersModel of TensorFlow.js, or ONNX; with a card that says how to load it',
    )
    .argument('<run|folder>', 'a run, a run folder, or a checkpoint in one')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).makeOptionMandatory())
    .requiredOption('--to <folder>', 'where to; made where it is not there')
    .option(...LIVE_FLAG);
  addPhaseFlag(command);
  return command
    .addHelpText(
      'after',
      examples(
        'ganglion export mnist-dcgan-1 --format tfjs --to web   # model.json, weights.bin, and index.html, which draws',
        'ganglion export ./runs/mnist-quick-1 --format onnx --to model --phase 800',
        'ganglion export mnist-quick-1 --format safetensors --to model --live',
      ),
    )
    .action(async (target: string, { format, to, live = false, phase }: ExportFlags, self: Command) => {
      const { exportFiles } = await import('../../export/exportFiles.ts');
      const { makeFolder } = await import('../../checkpoint/durableFile.ts');
      const files = await withRunFolder(console, self, target, oneCheckpoint(phase), (folder) =>
        exportFiles(folder, { format, live, phase }),
      );
      await makeFolder(to);
      for (const [name, content] of files) await saveBytes(content, join(to, name));
      note(console, `wrote ${to}: see its README.md`);
      const rows = [...files].map(([name, { length }]) => ({ name, sizeBytes: length }));
      printRows(console, formatOf(self), rows, COLUMNS, ({ name }) => name);
    });
}

const COLUMNS: readonly Column<{ name: string; sizeBytes: number }>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'SIZE', value: ({ sizeBytes }) => bytes(sizeBytes) },
];
