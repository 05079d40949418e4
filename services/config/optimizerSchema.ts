/** The optimizers, as a run config names them: one for each network, so that they may have two time scales. */
import { z } from 'zod';
import { scheduled, scheduledAndWarmed } from './scheduledSchema.ts';

const positiveInt = z.number().int().positive();
const learningRate = scheduledAndWarmed(z.number().positive(), z.number().min(0));

const clipNorm = z
  .number()
  .positive()
  .optional()
  .describe(
    'A mean gradient of the network whose norm, over all its parameters, is above this is scaled to it (Pascanu et al. 2013). Default: none is.',
  );

const sgd = z.strictObject({
  type: z.literal('sgd'),
  learningRate: learningRate.describe('Step size; a number is that of the first update, where `decay` lowers it.'),
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
  clipNorm,
});

const adamFields = {
  learningRate,
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: scheduled(z.number().min(0).lt(1)).default(0.999),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root of v̂.'),
  clipNorm,
};

const adam = z.strictObject({ type: z.literal('adam').describe('Kingma and Ba 2015.'), ...adamFields });

const adamw = z.strictObject({
  type: z.literal('adamw').describe('Adam with decoupled weight decay (Loshchilov and Hutter 2019).'),
  ...adamFields,
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Every parameter shrinks by the factor 1 − lr · this before Adam’s step, as in PyTorch.'),
});

const rmsprop = z.strictObject({
  type: z.literal('rmsprop').describe('v = ρv + (1 − ρ)g², w −= lr·g / (√v + ε): Tieleman and Hinton 2012.'),
  learningRate,
  rho: z.number().min(0).lt(1).default(0.99).describe('What each update leaves of the mean square; PyTorch’s alpha.'),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root, as in PyTorch; TensorFlow adds it below.'),
  clipNorm,
});

export const optimizerSchema = z.discriminatedUnion('type', [sgd, adam, adamw, rmsprop]);
