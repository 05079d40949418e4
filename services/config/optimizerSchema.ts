/** The optimizers, as a run config names them. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();

const sgd = z.strictObject({
  type: z.literal('sgd'),
  learningRate: z.number().positive().describe('Step size at the first update.'),
  decay: z.number().min(1).default(1).describe('The rate is divided by this at every update (exponential decay).'),
  learningRateFloor: z.number().min(0).default(0).describe('The rate never falls below this.'),
  momentum: z
    .strictObject({
      initial: z.number().min(0).lt(1),
      final: z.number().min(0).lt(1),
      saturateEpoch: positiveInt.describe('The ramp is linear from epoch 1 to this epoch.'),
    })
    .optional()
    .describe('Classical momentum v = μv − lr·g, not Nesterov, with a linear ramp of μ.'),
});

const adam = z.strictObject({
  type: z.literal('adam'),
  learningRate: z.number().positive(),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
});

export const optimizerSchema = z.discriminatedUnion('type', [sgd, adam]);
