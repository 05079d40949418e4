/** Seeds of the simulation, one after the other, and what they came to. */
import { pino } from 'pino';
import { z } from 'zod';
import { simulate } from '../simulate/simulation.ts';
import { brokenSeedSchema, NO_SEEDS, type Tally, tallied, tallySchema } from '../simulate/tally.ts';
import { type Console, note } from './console.ts';
import { EXIT } from './exitCode.ts';
import { type Format, printOne } from './output.ts';
import { listenForSignals } from './signals.ts';
import { fieldsOf, PROMISES } from './simulationText.ts';

interface Seeds {
  readonly first: number;
  readonly count: number;
  /** Undefined: drawn from each seed. */
  readonly workers: number | undefined;
  readonly isTraced: boolean;
  /** The command line that runs these. */
  again(first: number, count: number): string;
}

export const simulationSchema = z.strictObject({
  firstSeed: z.int().min(0),
  ...tallySchema.shape,
  broken: z.array(brokenSeedSchema.extend({ replay: z.string().describe('The command that tells its story.') })),
  seconds: z.number(),
  promises: z.array(z.string()).describe('What was checked in each seed.'),
});

/** Between two lines that say how far it is. */
const TOLD_MS = 10_000;

/** A broken seed is told when it is met, with the command that replays it; the first Ctrl-C prints what was found until then, and how to go on. */
export async function runSeeds(
  console: Console,
  format: Format,
  seeds: Seeds,
  simulated: typeof simulate = simulate,
): Promise<void> {
  const { first, count, workers: workerCount, isTraced } = seeds;
  const log = pino({ level: 'silent' });
  const print = isTraced ? (line: string) => note(console, line) : undefined;
  const interruption = listenForSignals();
  const beginMs = performance.now();
  let tally = NO_SEEDS;
  let toldMs = beginMs;
  try {
    for (let seed = first; seed < first + count && !interruption.signal.aborted; seed++) {
      const outcome = await simulated({ seed, workerCount, log, print });
      tally = tallied(tally, outcome);
      if (outcome.violation !== undefined) note(console, brokenText(seed, outcome.violation, workerCount));
      if (performance.now() - toldMs < TOLD_MS) continue;
      toldMs = performance.now();
      note(console, `${tally.seeds} of ${count} seeds, ${tally.broken.length} broken`);
    }
  } finally {
    interruption.release();
  }
  const left = count - tally.seeds;
  if (left > 0) {
    const again = seeds.again(first + tally.seeds, left);
    note(console, `\nstopped after ${tally.seeds} of ${count} seeds; \`${again}\` goes on with the others.`);
  }
  const seconds = (performance.now() - beginMs) / 1000;
  const name = `${first}-${first + tally.seeds - 1}`;
  printOne(console, format, resultOf(tally, seeds, seconds), fieldsOf(tally, first, seconds), name);
  console.exitCode = exitCode(tally, left > 0);
}

function exitCode({ broken }: Tally, isInterrupted: boolean): number {
  if (broken.length > 0) return EXIT.error;
  return isInterrupted ? EXIT.interrupted : EXIT.done;
}

function replay(seed: number, workers: number | undefined): string {
  return `ganglion simulate --seed ${seed}${workers === undefined ? '' : ` --workers ${workers}`} --trace`;
}

function brokenText(seed: number, violation: string, workers: number | undefined): string {
  return `seed ${seed} is broken: ${violation}\n  Again: ${replay(seed, workers)}`;
}

function resultOf(tally: Tally, { first, workers }: Seeds, seconds: number): z.output<typeof simulationSchema> {
  const broken = tally.broken.map((one) => ({ ...one, replay: replay(one.seed, workers) }));
  return { firstSeed: first, ...tally, broken, seconds, promises: PROMISES };
}
