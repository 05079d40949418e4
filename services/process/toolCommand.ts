/** The command line of a program that `npm run` starts: it throws where Commander would exit, and speaks by its own name. */
import { Command } from 'commander';

export interface Printer {
  out(text: string): void;
  err(text: string): void;
}

const STANDARD: Printer = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Its `parse` throws a CommanderError: with exit code 0 for --help, else for what is wrong, after one sentence was printed. */
export function toolCommand(name: string, print: Printer = STANDARD): Command {
  return new Command(name).exitOverride().configureOutput({
    writeOut: print.out,
    writeErr: print.err,
    outputError: (text, write) => write(text.replace(/^error: /, `${name}: `)),
  });
}
