/** The training data, as a run config names them: `dataset` chooses the kind, and with it the other fields. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();
const finite = z.number().min(-1e6).max(1e6);
const deviation = z.number().positive().max(1e6);

const COMPONENTS_MAX = 1000;
const DIMENSIONS_MAX = 16;

/** What every data set has: the range of its training samples that is used, and whether labels come along. */
const range = {
  first: z.number().int().min(0).default(0).describe('First training sample used.'),
  count: positiveInt.optional().describe('Number of training samples used. Default: all from `first`.'),
  labels: z.boolean().default(false).describe('Labels travel with the samples, and G and D are conditioned on them.'),
};

const normalize = z
  .enum(['unit', 'symmetric', 'gcn', 'none'])
  .describe(
    'What a byte x becomes on the worker. unit: x/255; symmetric: x/127.5 − 1; gcn: mean of the image removed, L2 norm 55 (Goodfellow et al. 2014, CIFAR-10); none: x.',
  );

/** Points are floats already. */
const asTheyAre = z.enum(['none']).default('none').describe('Floats are used as they are.');

const dataSeed = z
  .number()
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .default(0)
  .describe("Key of the data's own random numbers: the same seed gives the same data in every run.");

const drawn = {
  points: positiveInt
    .max(2 ** 31)
    .default(100_000)
    .describe('Points drawn, for each split.'),
  seed: dataSeed,
  ...range,
  normalize: asTheyAre,
};

const fraction = z.number().min(0).lt(1).default(0);

/** Data that come without official splits. */
const ownSplits = {
  holdOut: z
    .strictObject({
      valid: fraction.describe('Share of the samples kept for the validation split.'),
      test: fraction.describe('Share of the samples kept for the test split.'),
    })
    .prefault({})
    .describe('Samples that are never trained on, chosen by the data seed. Default: none.'),
  seed: dataSeed,
};

const mnist = z.strictObject({
  // A config that names no data set means this one.
  dataset: z.literal('mnist').optional().default('mnist'),
  path: z.string().optional().describe('Folder with the IDX files, instead of the copy that ships with Ganglion.'),
  ...range,
  normalize: normalize.default('unit'),
});

const fashionMnist = z.strictObject({
  dataset: z.literal('fashion-mnist').describe('Xiao, Rasul and Vollgraf 2017: ten kinds of clothes, 28 × 28.'),
  path: z.string().describe('Folder with the four IDX files, plain or .gz.'),
  ...range,
  normalize: normalize.default('unit'),
});

const stackedMnist = z.strictObject({
  dataset: z
    .literal('stacked-mnist')
    .describe(
      'Three random digits as the channels of one image: 1000 modes (Metz et al. 2017). Label: the number they spell.',
    ),
  path: z.string().optional().describe('Folder with the IDX files, instead of the copy that ships with Ganglion.'),
  stacks: positiveInt
    .max(2 ** 31)
    .default(128_000)
    .describe('Stacks drawn, for each split.'),
  seed: dataSeed,
  ...range,
  normalize: normalize.default('unit'),
});

const cifar10 = z.strictObject({
  dataset: z.literal('cifar10').describe('Krizhevsky 2009: ten kinds of objects, 32 × 32 in colour.'),
  path: z.string().describe('Folder with the official binary files, or with cifar-10-batches-bin.'),
  ...range,
  normalize: normalize.default('symmetric'),
});

const cifar100 = z.strictObject({
  dataset: z.literal('cifar100').describe('Krizhevsky 2009: a hundred kinds of objects, 32 × 32 in colour.'),
  path: z.string().describe('Folder with the official binary files, or with cifar-100-binary.'),
  labelKind: z.enum(['fine', 'coarse']).default('fine').describe('The 100 classes, or the 20 that they belong to.'),
  ...range,
  normalize: normalize.default('symmetric'),
});

const imageFolder = z.strictObject({
  dataset: z.literal('image-folder').describe('PNG and JPEG files; the sub-folders are the classes, in sorted order.'),
  path: z
    .string()
    .describe('The folder. Where it has a folder `train`, its folders train, valid and test are the splits.'),
  size: positiveInt.max(1024).describe('Height and width: images are cropped to a square and resized.'),
  channels: z.literal([1, 3]).default(3).describe('3: red, green, blue; 1: grey.'),
  ...ownSplits,
  ...range,
  normalize: normalize.default('symmetric'),
});

const npy = z.strictObject({
  dataset: z
    .literal('npy')
    .describe(
      'A NumPy array: [samples], [samples, values], [samples, height, width] or [samples, height, width, channels].',
    ),
  path: z.string().describe('The .npy file: uint8, float32 or float64, C order. It may be larger than memory.'),
  labelsPath: z.string().optional().describe('A .npy file of whole numbers, one for each sample.'),
  ...ownSplits,
  ...range,
  normalize: normalize
    .default('unit')
    .describe('none for floats, which are used as they are; unit, symmetric or gcn for uint8, as for other images.'),
});

const csv = z.strictObject({
  dataset: z.literal('csv').describe('A table of numbers: each line is a sample.'),
  path: z.string().describe('The file, in UTF-8.'),
  separator: z.enum([',', ';', '\t', ' ']).default(','),
  header: z
    .boolean()
    .optional()
    .describe('Whether the first line names the columns. Default: it does where none of its cells is a number.'),
  labelColumn: z
    .union([z.string(), z.number().int().min(0).max(65_535)])
    .optional()
    .describe('Name or index (from 0) of the column that is the label; it may hold texts.'),
  ...ownSplits,
  ...range,
  normalize: asTheyAre,
});

const ring = z.strictObject({
  dataset: z.literal('ring').describe('A mixture of Gaussians on a circle (VEEGAN, Srivastava et al. 2017).'),
  modes: positiveInt.max(COMPONENTS_MAX).default(8),
  radius: z.number().positive().max(1e6).default(1),
  deviation: deviation.default(0.01).describe('Standard deviation of each Gaussian, in each dimension.'),
  ...drawn,
});

const grid = z.strictObject({
  dataset: z.literal('grid').describe('A mixture of Gaussians on a square grid around 0 (VEEGAN).'),
  side: positiveInt.max(30).default(5).describe('Gaussians in a row and in a column.'),
  spacing: z.number().positive().max(1e6).default(2).describe('Between the means of neighbours.'),
  deviation: deviation.default(0.05).describe('Standard deviation of each Gaussian, in each dimension.'),
  ...drawn,
});

const mixture = z.strictObject({
  dataset: z.literal('mixture').describe('A mixture of Gaussians; its components are the labels.'),
  means: z
    .array(z.union([finite, z.array(finite).min(1).max(DIMENSIONS_MAX)]))
    .min(1)
    .max(COMPONENTS_MAX)
    .describe('Of each component: a number in one dimension, a list of coordinates in more.'),
  deviations: z
    .union([deviation, z.array(deviation).min(1).max(COMPONENTS_MAX)])
    .describe('Standard deviation in each dimension: one for all components, or one for each.'),
  weights: z
    .array(z.number().positive().max(1e6))
    .min(1)
    .max(COMPONENTS_MAX)
    .optional()
    .describe('Share of each component, in proportion. Default: equal.'),
  ...drawn,
});

export const dataSchema = z
  .discriminatedUnion('dataset', [
    mnist,
    fashionMnist,
    stackedMnist,
    cifar10,
    cifar100,
    imageFolder,
    npy,
    csv,
    ring,
    grid,
    mixture,
  ])
  .prefault({});

export type StackedMnistData = z.output<typeof stackedMnist>;
export type CifarData = z.output<typeof cifar10> | z.output<typeof cifar100>;
export type ImageFolderData = z.output<typeof imageFolder>;
export type NpyData = z.output<typeof npy>;
export type CsvData = z.output<typeof csv>;
/** Data that are drawn, not read. */
export type MixtureData = z.output<typeof ring> | z.output<typeof grid> | z.output<typeof mixture>;
