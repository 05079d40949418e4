/** The run config's JSON Schema, for editors and for `ganglion config schema`. */
import { z } from 'zod';
import { runConfigSchema } from './runConfig.ts';

export function runConfigJsonSchema(): Record<string, unknown> & { title: string } {
  const schema = z.toJSONSchema(runConfigSchema, { io: 'input', target: 'draft-2020-12' });
  return { ...schema, title: 'Ganglion run config' };
}
