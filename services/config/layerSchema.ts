/** The layers of a network, as a run config names them. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();
const probability = z.number().gt(0).max(1);

const activation = z.enum(['linear', 'relu', 'leaky-relu', 'elu', 'softplus', 'sigmoid', 'tanh']);

const initRange = z
  .number()
  .positive()
  .max(10)
  .optional()
  .describe('Weights start uniform in (−r, r). Default: Glorot.');
const initStd = z.number().positive().max(10).optional().describe('Weights start normal with this deviation instead.');

const spectralNorm = z
  .boolean()
  .optional()
  .describe(
    'Computes with the weight over its largest singular value (Miyato et al. 2018): one step of the power iteration behind each update of the network. Default: false.',
  );

const maxColumnNorm = z
  .number()
  .positive()
  .optional()
  .describe(
    'After each update the incoming weights of a unit (a piece, a filter), a column, are scaled to at most this norm. Default: no bound.',
  );

const denseLayer = z.strictObject({
  type: z.literal('dense'),
  units: positiveInt.max(65_536).describe('Output width.'),
  activation: activation.default('linear'),
  spectralNorm,
  initRange,
  initStd,
  maxColumnNorm,
});

const maxoutLayer = z.strictObject({
  type: z.literal('maxout'),
  units: positiveInt.max(65_536).describe('Output width, after the maximum over the pieces.'),
  pieces: positiveInt.max(64).describe('Linear pieces per unit (Goodfellow et al. 2013, Maxout Networks).'),
  initRange,
  maxColumnNorm,
});

const windowPadding = z.number().int().min(0).max(30);

const convFields = {
  filters: positiveInt.max(4096).describe('Channels of the output.'),
  kernel: positiveInt.max(31).default(5).describe('Height and width of each filter.'),
  stride: positiveInt.max(16).default(1),
  padding: z
    .union([z.enum(['same', 'valid']), windowPadding])
    .default('same')
    .describe('As TensorFlow has it; or how many zeros lie around the (larger) image on each side.'),
  untiedBias: z.boolean().default(false).describe('A bias for each value of the output instead of one a channel.'),
  initRange,
  initStd,
  maxColumnNorm,
};

const convLayer = z.strictObject({
  type: z.literal('conv').describe('Convolution of an image [height, width, channels]; `same` gives ⌈size / stride⌉.'),
  ...convFields,
  activation: activation.default('linear'),
  spectralNorm,
});

const maxoutConvLayer = z.strictObject({
  type: z.literal('maxout-conv').describe('Convolution whose channels are the maximum of several pieces each.'),
  ...convFields,
  pieces: positiveInt.max(64).describe('Linear pieces per channel (Goodfellow et al. 2013, Maxout Networks).'),
});

const convTransposeLayer = z.strictObject({
  type: z.literal('conv-transpose').describe('Transposed convolution; `same` gives size × stride.'),
  ...convFields,
  activation: activation.default('linear'),
});

const upsampleLayer = z.strictObject({
  type: z
    .literal('upsample')
    .describe('Each value of an image becomes factor × factor equal ones (nearest neighbour).'),
  factor: z.number().int().min(2).max(16).default(2),
});

const poolLayer = z.strictObject({
  type: z.literal('pool').describe('Maximum or average of each channel of an image over windows.'),
  kind: z
    .enum(['max', 'average'])
    .default('max')
    .describe('The average counts the image’s own values alone, no padding.'),
  size: z.number().int().min(2).max(31).default(2).describe('Height and width of the windows.'),
  stride: positiveInt.max(31).optional().describe('Default: the size.'),
  padding: z
    .union([z.enum(['same', 'valid', 'partial']), windowPadding])
    .default('valid')
    .describe(
      'same, valid: as TensorFlow has it. partial: the last window may hang over the edge (⌈(size of the image − size) / stride⌉ + 1). ' +
        'A number: so much around the image, on each side.',
    ),
});

const reshapeLayer = z.strictObject({
  type: z.literal('reshape'),
  shape: z.array(positiveInt).min(1).max(3).describe('Of one sample: [values], or [height, width, channels].'),
});

const batchNormLayer = z.strictObject({
  type: z
    .literal('batch-norm')
    .describe('Normalises each channel, or each value, over samples of the minibatch: reals and fakes apart.'),
  statistics: z
    .enum(['shard', 'sync'])
    .default('shard')
    .describe(
      'Whose mean and variance: those of the logical shard, or of the whole minibatch, which the shards exchange in the middle of each pass. ' +
        'Either way, running statistics are frozen in the other network’s update (frozen-in-other): D’s stand still while G is updated.',
    ),
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

const minibatchStdLayer = z.strictObject({
  type: z
    .literal('minibatch-std')
    .describe(
      'Adds a channel, or a value: how much the samples of a group differ (Karras et al. 2018, Progressive GAN).',
    ),
  groupSize: z
    .number()
    .int()
    .min(2)
    .max(1024)
    .default(4)
    .describe('Consecutive samples of a logical shard that are compared; the last group has what is left.'),
});

const classes = positiveInt.max(65_536).describe('Classes of the data; needs data.labels.');

const classEmbeddingLayer = z.strictObject({
  type: z
    .literal('class-embedding')
    .describe('Puts a learned vector of the sample’s class behind its values (Mirza and Osindero 2014).'),
  classes,
  size: positiveInt.max(4096).describe('Values of the vector.'),
});

const classProjectionLayer = z.strictObject({
  type: z
    .literal('class-projection')
    .describe(
      'D’s last layer where classes are known: dense, 1 unit, plus the product with a vector of the class (Miyato and Koyama 2018).',
    ),
  classes,
});

export const layerSchema = z.discriminatedUnion('type', [
  denseLayer,
  maxoutLayer,
  convLayer,
  maxoutConvLayer,
  convTransposeLayer,
  reshapeLayer,
  batchNormLayer,
  dropoutLayer,
  classEmbeddingLayer,
  classProjectionLayer,
  upsampleLayer,
  poolLayer,
  minibatchStdLayer,
]);
