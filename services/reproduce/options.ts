/** What a person may ask of `npm run reproduce`. */
import { Argument } from 'commander';
import { type Printer, toolCommand } from '../process/toolCommand.ts';
import { EXPERIMENTS } from './experiments.ts';

export interface ReproduceOptions {
  readonly names: readonly string[];
  /** `field=value`, beyond what the experiments set. */
  readonly settings: readonly string[];
}

/** Throws as `toolCommand` does. */
export function parseOptions(argv: readonly string[], print?: Printer): ReproduceOptions {
  const width = Math.max(...EXPERIMENTS.map(({ name }) => name.length));
  const list = EXPERIMENTS.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join('\n');
  const command = toolCommand('reproduce', print)
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
    .addHelpText('after', `\nExperiments:\n${list}`);
  command.parse([...argv], { from: 'user' });
  return { names: command.args, settings: command.opts<{ set: string[] }>().set };
}
