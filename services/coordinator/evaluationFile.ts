/** `metrics-evaluation.jsonl` of a run folder: a line for each checkpoint that was evaluated. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { diskError, syncFolder } from '../checkpoint/durableFile.ts';
import { EVALUATED } from '../report/evaluation.ts';
import { findTail } from '../telemetry/tail.ts';

const FILE = 'metrics-evaluation.jsonl';

const lineSchema = z.object({
  schema: z.literal('ganglion.v1'),
  runId: z.string(),
  /** Milliseconds since 1970. */
  timeMs: z.number(),
  /** Phases applied to what was evaluated. */
  phase: z.number().int().positive(),
  of: z.enum(EVALUATED),
  /** Key of the latents. */
  seed: z.number(),
  /** Of G's and D's weights. */
  weightsSha256: z.string(),
  measures: z.record(z.string(), z.object({ value: z.number(), standardError: z.number().optional() })),
});
export type EvaluationLine = z.output<typeof lineSchema>;

/** On disk when this resolves. A line that was torn before is cut off. Throws `disk`. */
export async function appendEvaluation(folder: string, line: EvaluationLine): Promise<void> {
  const file = join(folder, FILE);
  try {
    const handle = await open(file, 'a+');
    try {
      const { size } = await handle.stat();
      const { end } = await findTail(handle, size);
      if (end < size) await handle.truncate(end);
      await handle.appendFile(`${JSON.stringify(line)}\n`);
      await handle.datasync();
      if (size === 0) await syncFolder(folder);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskError(file, error);
  }
}

/** Oldest first; `broken` lines that are none are left out. Throws `disk`. */
export async function readEvaluations(folder: string): Promise<{ lines: EvaluationLine[]; broken: number }> {
  const texts = (await textOf(join(folder, FILE))).split('\n');
  // What follows the last newline was torn.
  texts.pop();
  const lines = texts.flatMap((text) => lineSchema.safeParse(jsonOf(text)).data ?? []);
  return { lines, broken: texts.length - lines.length };
}

/** Empty where the file is not there: nothing was evaluated. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw diskError(file, error);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Which the schema refuses.
  }
}
