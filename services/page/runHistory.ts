/** What a run folder tells of a run: read for a report, and never written. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../checkpoint/manifest.ts';
import { checkpointPhases, readManifest } from '../checkpoint/verify.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { describeError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { type PhaseEvent, phaseEventSchema } from '../report/runEvent.ts';
import { openRunFolder } from '../sampling/runFolder.ts';

export interface RunHistory {
  readonly config: RunConfig;
  readonly configYaml: string;
  readonly configSha256: string;
  /** Phase reports, in ascending order. */
  readonly reports: readonly PhaseEvent[];
  /** All others, in the order of their time. */
  readonly events: readonly Happening[];
  /** Lines of metrics-evaluation.jsonl. */
  readonly evaluations: readonly Readonly<Record<string, unknown>>[];
  /** PNG files: reals first, then fakes by phase; of many the first, the last and some between. */
  readonly pictures: readonly Picture[];
  /** Pictures that are in the folder and were not read. */
  readonly picturesLeft: number;
  readonly checkpoints: readonly Manifest[];
  /** A sentence for each file or line that could not be read. */
  readonly problems: readonly string[];
}

/** Of a long run there may be more than fit in memory. */
const PICTURES_MAX = 12;

interface Picture {
  readonly name: string;
  /** Phases applied when it was drawn; undefined for real samples. */
  readonly phase: number | undefined;
  readonly bytes: Buffer;
}

/** Known kinds and those of a later Ganglion alike: what they have in common. */
const happeningSchema = z.looseObject({
  kind: z.string(),
  runId: z.string(),
  timeMs: z.number(),
  phase: z.number().optional(),
  why: z.string().optional(),
  state: z.string().optional(),
  totalPhases: z.number().optional(),
  weightsSha256: z.string().optional(),
  message: z.string().optional(),
  name: z.string().optional(),
  active: z.boolean().optional(),
});
export type Happening = z.output<typeof happeningSchema>;

/** Of a later Ganglion too: statistics that this one does not know are left out. */
const reportSchema = z.looseObject({
  ...phaseEventSchema.shape,
  statistics: z.looseObject(phaseEventSchema.shape.statistics.shape),
});

/** Throws `not-found` for what is no run folder. Whatever else cannot be read is named in `problems`. */
export async function readRunHistory(where: string): Promise<RunHistory> {
  const { folder, config, configSha256 } = await openRunFolder(where);
  const problems: string[] = [];
  const lines = async <Value>(name: string, schema: z.ZodType<Value>) => {
    const { values, broken } = parseLines(await textOf(join(folder, name)), schema);
    if (broken > 0) problems.push(`${broken} line(s) of ${name} could not be read and are left out.`);
    return values;
  };
  const checkpoints: Manifest[] = [];
  for (const phase of await checkpointPhases(folder)) {
    await readManifest(folder, phase).then(
      (manifest) => checkpoints.push(manifest),
      (error) => problems.push(describeError(error)),
    );
  }
  return {
    config,
    configYaml: await readFile(join(folder, 'config.yaml'), 'utf8'),
    configSha256,
    reports: await lines('metrics.jsonl', reportSchema),
    events: await lines('events.jsonl', happeningSchema),
    evaluations: await lines('metrics-evaluation.jsonl', z.looseObject({})),
    ...(await picturesIn(folder)),
    checkpoints,
    problems,
  };
}

/** Empty where the file is not there: a young run has none. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parseLines<Value>(text: string, schema: z.ZodType<Value>): { values: Value[]; broken: number } {
  const lines = text.split('\n');
  // What follows the last newline is still being written.
  lines.pop();
  const values = lines.flatMap((line) => {
    const parsed = schema.safeParse(jsonOf(line));
    return parsed.success ? [parsed.data] : [];
  });
  return { values, broken: lines.length - values.length };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Not JSON: counted as broken.
  }
}

async function picturesIn(folder: string): Promise<Pick<RunHistory, 'pictures' | 'picturesLeft'>> {
  const found = (await readdir(folder))
    .filter((name) => /^(reals|fakes_init|fakes_\d+)\.png$/.test(name))
    .map((name) => ({ name, phase: name === 'reals.png' ? undefined : Number(/\d+/.exec(name)?.[0] ?? 0) }))
    .sort((a, b) => (a.phase ?? -1) - (b.phase ?? -1));
  const shown = evenly(found, PICTURES_MAX);
  const pictures: Picture[] = [];
  for (const one of shown) pictures.push({ ...one, bytes: await readFile(join(folder, one.name)) });
  return { pictures, picturesLeft: found.length - shown.length };
}

/** The first, the last, and the others evenly between. */
function evenly<Value>(all: readonly Value[], count: number): Value[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, i) => must(all[Math.round((i * (all.length - 1)) / (count - 1))], 'value'));
}
