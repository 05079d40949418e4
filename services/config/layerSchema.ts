/** The layers of a network, as a run config names them. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();
const probability = z.number().gt(0).max(1);

const activation = z.enum(['linear', 'relu', 'leaky-relu', 'sigmoid', 'tanh']);

const denseLayer = z.strictObject({
  type: z.literal('dense'),
  units: positiveInt.max(65_536).describe('Output width.'),
  activation: activation.default('linear'),
  initRange: z.number().positive().max(10).optional().describe('Weights start uniform in (−r, r). Default: Glorot.'),
  initStd: z.number().positive().max(10).optional().describe('Weights start normal with this deviation instead.'),
});

const maxoutLayer = z.strictObject({
  type: z.literal('maxout'),
  units: positiveInt.max(65_536).describe('Output width, after the maximum over the pieces.'),
  pieces: positiveInt.max(64).describe('Linear pieces per unit (Goodfellow et al. 2013, Maxout Networks).'),
  initRange: z.number().positive().max(10).optional().describe('Weights start uniform in (−r, r). Default: Glorot.'),
});

const convFields = {
  filters: positiveInt.max(4096).describe('Channels of the output.'),
  kernel: positiveInt.max(31).default(5).describe('Height and width of each filter.'),
  stride: positiveInt.max(16).default(1),
  padding: z.enum(['same', 'valid']).default('same').describe('As TensorFlow has it.'),
  activation: activation.default('linear'),
  initRange: z.number().positive().max(10).optional().describe('Weights start uniform in (−r, r). Default: Glorot.'),
  initStd: z.number().positive().max(10).optional().describe('Weights start normal with this deviation instead.'),
};

const convLayer = z.strictObject({
  type: z.literal('conv').describe('Convolution of an image [height, width, channels]; `same` gives ⌈size / stride⌉.'),
  ...convFields,
});

const convTransposeLayer = z.strictObject({
  type: z.literal('conv-transpose').describe('Transposed convolution; `same` gives size × stride.'),
  ...convFields,
});

const reshapeLayer = z.strictObject({
  type: z.literal('reshape'),
  shape: z.array(positiveInt).min(1).max(3).describe('Of one sample: [values], or [height, width, channels].'),
});

const batchNormLayer = z.strictObject({
  type: z
    .literal('batch-norm')
    .describe('Normalises each channel, or each value, over a logical shard of the minibatch: reals and fakes apart.'),
  epsilon: z.number().positive().default(1e-5).describe('Added to the variance.'),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe('What each update of the network leaves of its running statistics, which pictures are drawn with.'),
  activation: activation.default('linear'),
});

const dropoutLayer = z.strictObject({
  type: z.literal('dropout'),
  keep: probability.describe('Probability that a value is kept; kept values are divided by it.'),
});

export const layerSchema = z.discriminatedUnion('type', [
  denseLayer,
  maxoutLayer,
  convLayer,
  convTransposeLayer,
  reshapeLayer,
  batchNormLayer,
  dropoutLayer,
]);
