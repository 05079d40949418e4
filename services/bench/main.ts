/** The bench program: what `npm run bench` starts. The result goes to stdout, everything else to stderr. */
import { CommanderError } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { runProgram } from '../process/runProgram.ts';
import { bench } from './bench.ts';
import { parseOptions } from './options.ts';
import { keepsTensorCount } from './report.ts';
import { reportText } from './reportText.ts';

const EXIT = { done: 0, error: 1, usage: 2 } as const;

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv);
    const report = await bench(options, readEnvironment().backend, (text) => say(`bench: ${text}`));
    process.stdout.write(options.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    if (keepsTensorCount(report)) return EXIT.done;
    say('bench: the tensor count changed over the iterations: the replica leaks.');
    return EXIT.error;
  } catch (error) {
    // Commander has printed its own sentence already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof GanglionError)) throw error;
    say(`bench: ${error.message}\n  ${error.remedy}`);
    return error.code === 'invalid-argument' ? EXIT.usage : EXIT.error;
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

await runProgram(() => main(process.argv.slice(2)));
