/** Evaluates checkpoints in a process of its own, `ganglion evaluate`, so that coordinator and workers answer meanwhile. */
import { join } from 'node:path';
import { z } from 'zod';
import { folderName } from '../checkpoint/manifest.ts';
import { packageRoot } from '../config/packageRoot.ts';
import { describeEnd, type QuietEnd, runQuietly } from '../process/quietChild.ts';
import { EVALUATED, EVALUATION_MS_MAX, type EvaluationOutcome, measuredSchema } from '../report/evaluation.ts';

/** What is measured of a checkpoint, and how. */
export interface CheckpointRequest {
  readonly metrics: readonly string[];
  /** Undefined: as each protocol says. */
  readonly samples?: number | undefined;
  readonly seed: number;
  /** What its data must be, on a machine that is not the coordinator's. */
  readonly dataSha256?: string;
}

export interface Evaluator {
  /** How it ended; undefined where the evaluator was closed meanwhile. Never rejects. The caller starts one at a time. */
  evaluate(runFolder: string, phase: number, request: CheckpointRequest): Promise<EvaluationOutcome | undefined>;
  /** Kills what is under way. */
  close(): Promise<void>;
}

/** Eleven measures with what they depend on are 3 kB. */
const LIMITS = { msMax: EVALUATION_MS_MAX, resultCharsMax: 1024 * 1024 };

const resultSchema = z.object({
  weightsSha256: z.string(),
  of: z.enum(EVALUATED),
  measures: z.array(z.object(measuredSchema.shape)).min(1),
});

export class ChildEvaluator implements Evaluator {
  readonly #closing = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  async evaluate(runFolder: string, phase: number, request: CheckpointRequest): Promise<EvaluationOutcome | undefined> {
    const { signal } = this.#closing;
    if (signal.aborted) return undefined;
    const outcome = runQuietly(argumentsOf(runFolder, phase, request), LIMITS, signal).then(outcomeOf, (error) => {
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

function argumentsOf(
  runFolder: string,
  phase: number,
  { metrics, samples, seed, dataSha256 }: CheckpointRequest,
): string[] {
  const program = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');
  const checkpoint = join(runFolder, 'checkpoints', folderName(phase));
  const count = samples === undefined ? [] : ['--samples', String(samples)];
  const data = dataSha256 === undefined ? [] : ['--data-sha256', dataSha256];
  const how = ['--metrics', metrics.join(), ...count, '--seed', String(seed), '--backend', 'any', '-o', 'json'];
  return [program, 'evaluate', checkpoint, ...how, ...data];
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
