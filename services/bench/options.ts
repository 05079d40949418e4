/** What a person may ask of the bench. */
import { Command, InvalidArgumentError, Option } from 'commander';

export const PARTS = ['replica', 'mend', 'reduce', 'runs', 'recovery'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  readonly output: 'table' | 'json';
  /** Inside one op. */
  readonly threads: number;
  /** A Python with torch, to measure gloo and DDP beside; undefined: they are left out. */
  readonly peerPython: string | undefined;
}

const EPILOGUE = `
Parts:
  replica   ms an iteration of one worker's replica, beside a bare tfjs loop, and where the time goes
  mend      how much faster WASM computes gradients since its products are mended
  reduce    the all-reduce of 18 MB between worker processes, directly and through the coordinator
  runs      images/s of whole runs with one worker and with two
  recovery  how long a run stands still after a kill

GANGLION_BACKEND chooses what is computed on; GANGLION_LOG_LEVEL=debug shows what coordinator and workers say.`;

export interface Printer {
  out(text: string): void;
  err(text: string): void;
}

const STANDARD: Printer = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

const THREADS_MAX = 256;

/** Throws a CommanderError: with exit code 0 for --help, else for what is wrong, after one sentence was printed. */
export function parseOptions(argv: readonly string[], print: Printer = STANDARD): BenchOptions {
  const command = new Command('bench')
    .description('measures this machine: one worker, the all-reduce, whole runs')
    .addOption(new Option('--only <part...>', 'measure only these').choices(PARTS).default(PARTS, 'all'))
    .addOption(
      new Option('-o, --output <format>', 'how to print the result').choices(['table', 'json']).default('table'),
    )
    .option('--threads <count>', 'threads inside one op', parseThreads, 1)
    .option('--peer-python <path>', 'a Python with torch: its gloo and DDP are measured beside')
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    .configureOutput({
      writeOut: print.out,
      writeErr: print.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'bench: ')),
    });
  command.parse([...argv], { from: 'user' });
  const { only, output, threads, peerPython } = command.opts<{
    only: Part[];
    output: 'table' | 'json';
    threads: number;
    peerPython?: string;
  }>();
  return { parts: PARTS.filter((part) => only.includes(part)), output, threads, peerPython };
}

function parseThreads(text: string): number {
  const threads = /^\d+$/.test(text) ? Number(text) : 0;
  if (threads >= 1 && threads <= THREADS_MAX) return threads;
  throw new InvalidArgumentError(`Whole numbers from 1 to ${THREADS_MAX} are allowed.`);
}
