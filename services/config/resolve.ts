/** From what a person wrote to a resolved config, or to sentences that say what is wrong and what is allowed. */
import { stringify } from 'yaml';
import { z } from 'zod';
import { brokenRules } from './crossRules.ts';
import { brokenDataRules } from './dataRules.ts';
import { dataSchema } from './dataSchema.ts';
import { describeIssue, problemsError } from './problems.ts';
import { type RunConfig, runConfigSchema } from './runConfig.ts';
import { parseYamlText } from './yamlText.ts';

/** A run file as a person wrote it; an empty one has no fields. Throws `invalid-config` with line and column. */
export function parseYaml(text: string, source: string): unknown {
  return parseYamlText(text, source) ?? {};
}

/** Fills in every default and checks everything. Throws `invalid-config` naming each path. The result is frozen. */
export function resolveRunConfig(input: unknown, source: string): RunConfig {
  const parsed = runConfigSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) {
    throw problemsError(
      source,
      parsed.error.issues.flatMap((issue) => describeIssue(runConfigSchema, input, issue)),
    );
  }
  const config = completeRunConfig(parsed.data);
  const broken = brokenRules(config);
  if (broken.length > 0) throw problemsError(source, broken);
  return deepFreeze(config);
}

const dataOnlySchema = z.object({ data: dataSchema });

/** The data section alone, of a config whose other sections may be missing. Throws `invalid-config` as for a whole one. */
export function resolveData(input: unknown, source: string): RunConfig['data'] {
  const parsed = dataOnlySchema.safeParse(input, { reportInput: true });
  if (!parsed.success) {
    throw problemsError(
      source,
      parsed.error.issues.flatMap((issue) => describeIssue(dataOnlySchema, input, issue)),
    );
  }
  const { data } = parsed.data;
  const broken = brokenDataRules(data);
  if (broken.length > 0) throw problemsError(source, broken);
  return deepFreeze(data);
}

/** The defaults that depend on other fields. */
export function completeRunConfig(parsed: z.output<typeof runConfigSchema>): RunConfig {
  const { workers: asked, shards } = parsed;
  const workers = typeof asked === 'number' ? { min: asked, max: asked } : asked;
  return { ...parsed, workers, shards: shards ?? workers.max };
}

export function toYaml(config: RunConfig): string {
  return stringify(config);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
