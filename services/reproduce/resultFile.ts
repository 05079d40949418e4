/** What an experiment gave: one JSON file, out of which REPRODUCTION.md is made. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../config/packageRoot.ts';

const measureSchema = z.object({
  name: z.string(),
  value: z.number(),
  standardError: z.number().optional(),
  detail: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
});

const evaluationSchema = z.object({ phase: z.number(), measures: z.array(measureSchema) });

const runSchema = z.object({
  arm: z.string(),
  seed: z.number(),
  phases: z.number(),
  weightsSha256: z.string(),
  minutes: z.number().describe('Of training, evaluation left out.'),
  device: z.string(),
  workers: z.number(),
  config: z.string().describe('The resolved run config, as YAML.'),
  evaluations: z.array(evaluationSchema).describe('In ascending order of the phase; the last one is the result.'),
});

export const resultSchema = z.object({
  experiment: z.string(),
  commit: z.string().describe('Of the code that trained; + where the tree had changes.'),
  date: z.string(),
  cores: z.number(),
  settings: z.array(z.string()).describe('Beyond the experiment’s own.'),
  runs: z.array(runSchema),
  pictures: z.array(z.object({ file: z.string(), caption: z.string() })),
});

export type Result = z.output<typeof resultSchema>;
export type ResultRun = z.output<typeof runSchema>;

/** The folder of an experiment's result, beside the README's picture. */
export function resultFolder(experiment: string): string {
  return join(packageRoot(), '.github', 'reproduction', experiment);
}

export async function writeResult(result: Result): Promise<void> {
  const folder = resultFolder(result.experiment);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** Those that are there, by name. */
export async function readResults(): Promise<ReadonlyMap<string, Result>> {
  const parent = resultFolder('.');
  const names = await readdir(parent).catch(() => []);
  const results = new Map<string, Result>();
  for (const name of names) {
    const text = await readFile(join(parent, name, 'result.json'), 'utf8');
    results.set(name, resultSchema.parse(JSON.parse(text)));
  }
  return results;
}
