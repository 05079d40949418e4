/** The training data, as a run config names them. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();

export const dataSchema = z
  .strictObject({
    dataset: z.enum(['mnist']).default('mnist'),
    path: z.string().optional().describe('Folder with the IDX files, instead of the copy that ships with Ganglion.'),
    first: z.number().int().min(0).default(0).describe('First training sample used.'),
    count: positiveInt.optional().describe('Number of training samples used. Default: all from `first`.'),
  })
  .prefault({});
