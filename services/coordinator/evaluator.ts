/**
 * Evaluates checkpoints in a process of its own, `ganglion evaluate`, so that the coordinator answers meanwhile. It has the
 * lowest priority of the machine and no GPU: the cores and the GPUs are for training.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { folderName } from '../checkpoint/manifest.ts';
import { packageRoot } from '../config/packageRoot.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { guard } from '../process/guard.ts';
import { EVALUATED, measuredSchema } from '../report/evaluation.ts';
import type { EvaluationOutcome } from './core/event.ts';

export type EvaluationConfig = NonNullable<RunConfig['evaluation']>;

export interface Evaluator {
  /** How it ended; undefined where the evaluator was closed meanwhile. Never rejects. The caller starts one at a time. */
  evaluate(runFolder: string, phase: number, config: EvaluationConfig): Promise<EvaluationOutcome | undefined>;
  /** Kills what is under way. */
  close(): Promise<void>;
}

/** Twelve times what all metrics of MNIST by their protocols take on one busy core. */
const EVALUATION_MS_MAX = 60 * 60 * 1000;
/** Eleven measures with what they depend on are 3 kB. */
const RESULT_CHARS_MAX = 1024 * 1024;
/** The last words, for the sentence that tells why there is no result. */
const WORDS_CHARS_MAX = 1024;

const resultSchema = z.object({
  weightsSha256: z.string(),
  of: z.enum(EVALUATED),
  measures: z.array(z.object(measuredSchema.shape)).min(1),
});

export class ChildEvaluator implements Evaluator {
  #child: ChildProcess | undefined;
  #isClosed = false;

  async evaluate(runFolder: string, phase: number, config: EvaluationConfig): Promise<EvaluationOutcome | undefined> {
    if (this.#isClosed) return undefined;
    const child = spawn(process.execPath, argumentsOf(runFolder, phase, config), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1' },
    });
    this.#child = child;
    const callOff = guard(child);
    const heard = listenTo(child);
    const late = setTimeout(() => child.kill('SIGKILL'), EVALUATION_MS_MAX);
    try {
      lowerPriority(child);
      await once(child, 'close');
      return this.#isClosed ? undefined : outcomeOf(child, heard);
    } catch (error) {
      return { type: 'failed', why: `it did not start: ${error instanceof Error ? error.message : String(error)}` };
    } finally {
      clearTimeout(late);
      callOff();
      this.#child = undefined;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

function argumentsOf(runFolder: string, phase: number, { metrics, samples, seed }: EvaluationConfig): string[] {
  const program = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');
  const checkpoint = join(runFolder, 'checkpoints', folderName(phase));
  const what = metrics === undefined ? [] : ['--metrics', metrics.join()];
  const count = samples === undefined ? [] : ['--samples', String(samples)];
  return [program, 'evaluate', checkpoint, ...what, ...count, '--seed', String(seed), '--backend', 'any', '-o', 'json'];
}

interface Heard {
  result: string;
  words: string;
}

function listenTo(child: ChildProcess): Heard {
  const heard: Heard = { result: '', words: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    heard.result = (heard.result + text).slice(0, RESULT_CHARS_MAX);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    heard.words = (heard.words + text).slice(-WORDS_CHARS_MAX);
  });
  return heard;
}

/** Before it has threads that compute, for they have the priority of the one that starts them. */
function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch (error) {
    // It ended already: how is told by its exit code.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
  }
}

function outcomeOf({ exitCode, signalCode }: ChildProcess, { result, words }: Heard): EvaluationOutcome {
  if (exitCode !== 0) {
    const end = signalCode === null ? `exit code ${exitCode}` : signalCode;
    const said = words.trim().replaceAll(/\s*\n\s*/g, ' ');
    return { type: 'failed', why: `its process ended with ${end}${said ? `: ${said}` : '.'}` };
  }
  const parsed = resultSchema.safeParse(jsonOf(result));
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
