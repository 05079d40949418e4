/**
 * `npm run simulate -- --seeds N [--seed X] [--workers N]`: whole clusters in one process, each from one seed.
 * `npm run simulate -- --scale`: what the control plane costs among 16 to 1,024 workers.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Table from 'cli-table3';
import { Command, CommanderError } from 'commander';
import { pino } from 'pino';
import { runProgram } from '../process/runProgram.ts';
import { controlPlaneCost } from './scale.ts';
import { simulate } from './simulation.ts';

interface Flags {
  seed: string;
  seeds: string;
  workers?: string;
  trace?: boolean;
  scale?: boolean;
}

/** 0: every seed held; 1: one did not; 2: wrong usage. */
async function main(argv: readonly string[]): Promise<number> {
  const command = new Command('simulate')
    .description('runs whole clusters in virtual time, with faults drawn from a seed, and checks what they promise')
    .option('--seed <n>', 'the first seed', '1')
    .option('--seeds <count>', 'how many', '1')
    .option('--workers <count>', 'with so many workers; default: drawn from the seed')
    .option('--trace', 'print every event')
    .option('--scale', 'measure the control plane instead: CPU, messages and memory among 16 to 1,024 workers')
    .exitOverride();
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const flags = command.opts<Flags>();
  const numbers = [flags.seed, flags.seeds, flags.workers ?? '1'].map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 1)) {
    process.stderr.write('simulate: --seed, --seeds and --workers take whole numbers from 1 on.\n');
    return 2;
  }
  if (flags.scale) return printScale();
  const [first = 1, count = 1] = numbers;
  return runSeeds(first, count, flags);
}

async function runSeeds(first: number, count: number, { workers, trace }: Flags): Promise<number> {
  const log = pino({ level: 'silent' });
  const workerCount = workers === undefined ? undefined : Number(workers);
  const print = trace ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  const begin = performance.now();
  let eventCount = 0;
  let failed = 0;
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await simulate({ seed, workerCount, log, print });
    eventCount += outcome.eventCount;
    if (outcome.violation === undefined) continue;
    failed += 1;
    process.stdout.write(`seed ${seed}: ${outcome.violation}\n${outcome.lastLines.join('\n')}\n`);
    const size = workers === undefined ? '' : ` --workers ${workers}`;
    process.stdout.write(`Again: npm run simulate -- --seed ${seed}${size} --trace\n`);
  }
  const seconds = (performance.now() - begin) / 1000;
  const rate = (eventCount / seconds).toFixed(0);
  process.stdout.write(`${count} seeds, ${failed} failed, ${seconds.toFixed(1)} s, ${rate} events a second\n`);
  return failed === 0 ? 0 : 1;
}

const FLEETS = [16, 64, 256, 1024];
const SMALL = 16;
const LARGE = 1200;

async function printScale(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const log = pino({ level: 'silent' });
  // The first one pays for the compiler.
  await controlPlaneCost(SMALL, SMALL, gc, log);
  const head = [
    'workers',
    'hidden units',
    'CPU a phase',
    'messages',
    'bytes',
    'heartbeats a second',
    'regroup',
    'heap',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const [workers, hidden] of [...FLEETS.map((n) => [n, SMALL] as const), [256, LARGE] as const]) {
    const cost = await controlPlaneCost(workers, hidden, gc, log);
    table.push([
      workers,
      hidden,
      `${cost.phaseCpuMs.toFixed(2)} ms`,
      cost.phaseMessages,
      `${(cost.phaseBytes / 1000).toFixed(1)} kB`,
      `${cost.heartbeatsCpuMs.toFixed(1)} ms`,
      `${cost.regroupCpuMs.toFixed(0)} ms, ${(cost.regroupBytes / 1e6).toFixed(1)} MB`,
      `${cost.heapMb.toFixed(1)} MB`,
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
  return 0;
}

await runProgram(() => main(process.argv.slice(2)));
