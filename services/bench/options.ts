/** What a person may ask of the bench. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { type Printer, toolCommand } from '../process/toolCommand.ts';
import { FEW_PHASES } from './memoryBench.ts';
import { PHASES_MAX } from './networks.ts';

export const PARTS = [
  'replica',
  'peers',
  'mend',
  'reduce',
  'runs',
  'recovery',
  'memory',
  'page',
  'newcomer',
  'control',
  'scaling',
] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  readonly output: 'table' | 'json';
  /** Inside one op. */
  readonly threads: number;
  /** A Python with torch and tensorflow, to measure them beside; undefined: they are left out. */
  readonly peerPython: string | undefined;
  /** Inside one op, of our replica and of each peer beside it. */
  readonly peerThreads: number;
  /** Of the run whose memory is measured. */
  readonly memoryPhases: number;
}

const EPILOGUE = `
Parts:
  replica   ms an iteration of one worker's replica, beside a bare tfjs loop, and where the time goes
  peers     one worker beside PyTorch, torch.compile and TensorFlow: needs --peer-python
  mend      how much faster WASM computes gradients since its products are mended
  reduce    the all-reduce of 18 MB between worker processes, directly and through the coordinator
  runs      images/s of whole runs with one worker and with two
  recovery  how long a run stands still after a kill
  memory    what coordinator and workers hold in memory after ${FEW_PHASES} phases, and after many
  page      what a browser loads of the live page, and how fast a run goes while 50 look at it
  newcomer  from a clone to the first pictures, what is on the disk then, and how quick the CLI is
  control   what the coordinator pays for 16 to 1,024 workers that only talk
  scaling   what 8 to 512 workers would do, on paper: from what a worker, the all-reduce and the coordinator take here

GANGLION_BACKEND chooses what is computed on; GANGLION_LOG_LEVEL=debug shows what coordinator and workers say.`;

const THREADS_MAX = 256;

/** Throws as `toolCommand` does. */
export function parseOptions(argv: readonly string[], print?: Printer): BenchOptions {
  const command = toolCommand('bench', print)
    .description('measures this machine: one worker, the all-reduce, whole runs')
    .addOption(new Option('--only <part...>', 'measure only these').choices(PARTS).default(PARTS, 'all'))
    .addOption(
      new Option('-o, --output <format>', 'how to print the result').choices(['table', 'json']).default('table'),
    )
    .option('--threads <count>', 'threads inside one op', parseThreads, 1)
    .option('--peer-python <path>', 'a Python with torch and tensorflow: they are measured beside')
    .option('--peer-threads <count>', 'threads of a worker beside its peers', parseThreads, availableParallelism())
    .option('--memory-phases <count>', 'phases of the run whose memory is measured', parsePhases, 10_000)
    .addHelpText('after', EPILOGUE);
  command.parse([...argv], { from: 'user' });
  const { only, ...others } = command.opts<{
    only: Part[];
    output: 'table' | 'json';
    threads: number;
    peerPython?: string;
    peerThreads: number;
    memoryPhases: number;
  }>();
  const { peerPython } = others;
  if (peerPython === undefined && only.includes('peers') && command.getOptionValueSource('only') === 'cli')
    command.error('error: the part peers needs --peer-python <path>.');
  const isMeasured = (part: Part) => only.includes(part) && (part !== 'peers' || peerPython !== undefined);
  return { ...others, peerPython, parts: PARTS.filter(isMeasured) };
}

function parseThreads(text: string): number {
  return parseCount(text, 1, THREADS_MAX);
}

function parsePhases(text: string): number {
  return parseCount(text, 2 * FEW_PHASES, PHASES_MAX);
}

function parseCount(text: string, least: number, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= least && count <= most) return count;
  throw new InvalidArgumentError(`Whole numbers from ${least} to ${most} are allowed.`);
}
