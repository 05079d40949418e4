/** Evaluates checkpoints in a process of its own, `ganglion evaluate`, so that the coordinator answers meanwhile. */
import { join } from 'node:path';
import { z } from 'zod';
import { folderName } from '../checkpoint/manifest.ts';
import { packageRoot } from '../config/packageRoot.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { describeEnd, type QuietEnd, runQuietly } from '../process/quietChild.ts';
import { EVALUATED, measuredSchema } from '../report/evaluation.ts';
import type { EvaluationOutcome } from './core/event.ts';

export type EvaluationConfig = NonNullable<RunConfig['evaluation']>;

export interface Evaluator {
  /** How it ended; undefined where the evaluator was closed meanwhile. Never rejects. The caller starts one at a time. */
  evaluate(runFolder: string, phase: number, config: EvaluationConfig): Promise<EvaluationOutcome | undefined>;
  /** Kills what is under way. */
  close(): Promise<void>;
}

/** Twelve times what all metrics of MNIST by their protocols take on one busy core. Eleven measures with what they depend on are 3 kB. */
const LIMITS = { msMax: 60 * 60 * 1000, resultCharsMax: 1024 * 1024 };

const resultSchema = z.object({
  weightsSha256: z.string(),
  of: z.enum(EVALUATED),
  measures: z.array(z.object(measuredSchema.shape)).min(1),
});

export class ChildEvaluator implements Evaluator {
  readonly #closing = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  async evaluate(runFolder: string, phase: number, config: EvaluationConfig): Promise<EvaluationOutcome | undefined> {
    const { signal } = this.#closing;
    if (signal.aborted) return undefined;
    const outcome = runQuietly(argumentsOf(runFolder, phase, config), LIMITS, signal).then(outcomeOf, (error) => {
      const why = `it did not start: ${error instanceof Error ? error.message : String(error)}`;
      return { type: 'failed' as const, why };
    });
    this.#running = outcome;
    const found = await outcome;
    return signal.aborted ? undefined : found;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }
}

function argumentsOf(runFolder: string, phase: number, { metrics, samples, seed }: EvaluationConfig): string[] {
  const program = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');
  const checkpoint = join(runFolder, 'checkpoints', folderName(phase));
  const what = metrics === undefined ? [] : ['--metrics', metrics.join()];
  const count = samples === undefined ? [] : ['--samples', String(samples)];
  return [program, 'evaluate', checkpoint, ...what, ...count, '--seed', String(seed), '--backend', 'any', '-o', 'json'];
}

function outcomeOf(end: QuietEnd): EvaluationOutcome {
  if (end.exitCode !== 0) return { type: 'failed', why: describeEnd(end) };
  const parsed = resultSchema.safeParse(jsonOf(end.result));
  if (parsed.success) return { type: 'measured', ...parsed.data };
  const [issue] = parsed.error.issues;
  return { type: 'failed', why: `its result cannot be read (${issue?.path.join('.')}: ${issue?.message}).` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Which the schema refuses.
  }
}
