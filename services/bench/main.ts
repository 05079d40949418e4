/** The bench program: what `npm run bench` starts. The result goes to stdout, everything else to stderr. */
import { CommanderError } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { exitWritten } from '../process/exitWritten.ts';
import { bench } from './bench.ts';
import { parseOptions } from './options.ts';
import { keepsTensorCount } from './report.ts';
import { reportText } from './reportText.ts';

const EXIT = { done: 0, error: 1, usage: 2 } as const;

// A reader that goes away (`npm run bench | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

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

await exitWritten(await main(process.argv.slice(2)));
