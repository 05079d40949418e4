/** `npm run reproduce -- NAME [--set field=value]…`: one experiment, its result file, and REPRODUCTION.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { packageRoot } from '../config/packageRoot.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { runProgram } from '../process/runProgram.ts';
import { EXPERIMENTS } from './experiments.ts';
import { parseOptions } from './options.ts';
import { reproductionText } from './reproductionText.ts';
import { readResults } from './resultFile.ts';
import { runExperiment } from './runExperiment.ts';

const EXIT = { done: 0, error: 1, usage: 2 } as const;

async function main(argv: readonly string[]): Promise<number> {
  try {
    const { names, settings } = parseOptions(argv);
    for (const experiment of EXPERIMENTS.filter(({ name }) => names.includes(name))) {
      await runExperiment(experiment, settings, say);
    }
    const file = join(packageRoot(), 'REPRODUCTION.md');
    await writeFile(file, reproductionText(EXPERIMENTS, await readResults()));
    process.stdout.write('REPRODUCTION.md\n');
    return EXIT.done;
  } catch (error) {
    // Commander has printed its own sentence already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof GanglionError)) throw error;
    say(`reproduce: ${error.message}\n  ${error.remedy}`);
    return EXIT.error;
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

await runProgram(() => main(process.argv.slice(2)));
