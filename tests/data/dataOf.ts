/** A data section as a resolved config has it. */
import { dataSchema } from '../../services/config/dataSchema.ts';
import type { RunConfig } from '../../services/config/runConfig.ts';

export function dataOf(input: unknown): RunConfig['data'] {
  return dataSchema.parse(input);
}
