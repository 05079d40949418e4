/** What a person may ask of `npm run reproduce`. */
import { Argument, Command } from 'commander';
import { EXPERIMENTS } from './experiments.ts';

export interface ReproduceOptions {
  readonly names: readonly string[];
  /** `field=value`, beyond what the experiments set. */
  readonly settings: readonly string[];
}

export interface Printer {
  out(text: string): void;
  err(text: string): void;
}

const STANDARD: Printer = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Throws a CommanderError: with exit code 0 for --help, else for what is wrong, after one sentence was printed. */
export function parseOptions(argv: readonly string[], print: Printer = STANDARD): ReproduceOptions {
  const width = Math.max(...EXPERIMENTS.map(({ name }) => name.length));
  const list = EXPERIMENTS.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join('\n');
  const command = new Command('npm run reproduce --')
    .description(
      'runs experiments from their presets to result files, and writes REPRODUCTION.md out of all result files',
    )
    .addArgument(
      new Argument('[names...]', 'none: REPRODUCTION.md is written anew').choices(EXPERIMENTS.map(({ name }) => name)),
    )
    .option(
      '--set <a.b=value>',
      'set one field of the configs; may be given again',
      (text, all: string[]) => [...all, text],
      [],
    )
    .addHelpText('after', `\nExperiments:\n${list}`)
    .exitOverride()
    .configureOutput({
      writeOut: print.out,
      writeErr: print.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'reproduce: ')),
    });
  command.parse([...argv], { from: 'user' });
  return { names: command.args, settings: command.opts<{ set: string[] }>().set };
}
