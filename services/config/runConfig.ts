/**
 * The run config: everything that decides the bits of a run. Parsed once, at the edge; frozen; then passed.
 * Field names and their documentation are the schema that `ganglion config schema` prints.
 */
import { z } from 'zod';

const positiveInt = z.number().int().positive();
const probability = z.number().gt(0).max(1);

const workerCount = positiveInt.max(1024);

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

const layer = z.discriminatedUnion('type', [
  denseLayer,
  maxoutLayer,
  convLayer,
  convTransposeLayer,
  reshapeLayer,
  batchNormLayer,
  dropoutLayer,
]);

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

const optimizer = z.discriminatedUnion('type', [sgd, adam]);

export const runConfigSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'lower-case letters, digits and inner hyphens, at most 40')
    .default('run')
    .describe('Names the run; the run id is this and a number.'),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Key of every random number.'),
  workers: z
    .union([workerCount, z.strictObject({ min: workerCount, max: workerCount })])
    .default(1)
    .describe('How many workers: a number, or min and max. The run starts with min, grows to max, waits below min.'),
  shards: positiveInt
    .max(1024)
    .optional()
    .describe('Logical shards V that a minibatch is cut into; the bits depend on it. Default: the most workers.'),
  data: z
    .strictObject({
      dataset: z.enum(['mnist']).default('mnist'),
      path: z.string().optional().describe('Folder with the IDX files, instead of the copy that ships with Ganglion.'),
      first: z.number().int().min(0).default(0).describe('First training sample used.'),
      count: positiveInt.optional().describe('Number of training samples used. Default: all from `first`.'),
    })
    .prefault({}),
  latent: z
    .strictObject({
      size: positiveInt.max(65_536).default(100),
      distribution: z
        .enum(['uniform', 'normal'])
        .default('uniform')
        .describe('uniform(−√3, √3) or normal(0, 1): both have unit variance.'),
    })
    .prefault({}),
  generator: z.strictObject({
    layers: z.array(layer).min(1).max(64),
    outputBias: z
      .enum(['zero', 'marginals'])
      .default('zero')
      .describe("`marginals`: the logit of each pixel's mean over the data, for a sigmoid output."),
  }),
  discriminator: z.strictObject({
    layers: z.array(layer).min(1).max(64).describe('Ends in one linear unit: the logit of D(x).'),
  }),
  objective: z
    .strictObject({
      loss: z
        .enum(['log', 'least-squares', 'hinge'])
        .default('log')
        .describe('log: Goodfellow et al. 2014; least-squares: Mao et al. 2017; hinge: Lim and Ye 2017.'),
      generator: z
        .enum(['non-saturating', 'minimax'])
        .default('non-saturating')
        .describe('What G follows where the loss is log: −log D(G(z)), or log(1 − D(G(z))).'),
      discriminatorScale: z.number().positive().default(1).describe('Factor on D’s loss; the authors’ code has ½.'),
      penalty: z
        .strictObject({
          r1: z.number().positive().optional().describe('γ of γ/2 · ‖∇D(x)‖² on real samples (Mescheder et al. 2018).'),
          r2: z.number().positive().optional().describe('The same on fakes.'),
          interval: positiveInt
            .max(1000)
            .default(1)
            .describe('Lazy: every so many updates of D, that much stronger (Karras et al. 2020).'),
        })
        .optional()
        .describe('What keeps D smooth. D must be without batch-norm. Default: none.'),
    })
    .prefault({}),
  schedule: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('alternating'),
        discriminatorSteps: positiveInt.max(1000).default(1).describe('k of Algorithm 1: D phases per G phase.'),
      }),
      z.strictObject({ type: z.literal('simultaneous') }),
    ])
    .default({ type: 'alternating', discriminatorSteps: 1 }),
  optimizer: z.strictObject({ generator: optimizer, discriminator: optimizer }),
  ema: z
    .strictObject({ halfLifeSamples: z.number().positive() })
    .optional()
    .describe("Exponential moving average of G's weights, used for pictures. Default: off."),
  batchSize: positiveInt.max(65_536).default(100).describe('Samples in a global minibatch, over all shards.'),
  epochs: z.number().positive().optional().describe('Passes over the data. Give this or `phases`.'),
  phases: positiveInt.optional().describe('Phases to run. Give this or `epochs`.'),
  checkpoints: z
    .strictObject({
      everyPhases: positiveInt.default(1000),
      keep: positiveInt.max(1000).default(3).describe('Newest checkpoints kept.'),
    })
    .prefault({}),
  snapshots: z
    .strictObject({
      everyPhases: positiveInt.default(1000),
      rows: positiveInt.max(64).default(8),
      columns: positiveInt.max(64).default(8),
    })
    .prefault({}),
  reports: z
    .strictObject({
      everyPhases: positiveInt.default(10).describe('Losses, norms and timings are reported every so many phases.'),
      hashEveryPhases: positiveInt.default(500).describe('Replicas compare the SHA-256 of their weights so often.'),
    })
    .prefault({}),
  collective: z
    .strictObject({
      road: z
        .enum(['auto', 'direct', 'star'])
        .default('auto')
        .describe(
          'direct: between the workers; star: through the coordinator. auto: direct where they reach each other.',
        ),
      wireFormat: z
        .enum(['fp32', 'bf16', 'powersgd'])
        .default('fp32')
        .describe('How gradients travel: as they are, rounded to half the bytes, or as factors of low rank.'),
      rank: positiveInt.max(64).default(4).describe('Rank of the factors of powersgd.'),
      errorFeedback: z
        .boolean()
        .default(true)
        .describe(
          'What bf16 or powersgd leaves out of a shard’s gradient is added to its next one. A killed worker then costs ' +
            'the time since the last checkpoint.',
        ),
    })
    .prefault({}),
  onNonFinite: z
    .enum(['stop', 'skip-phase'])
    .default('stop')
    .describe('What a NaN or infinite gradient does: stop at the last good phase, or leave this phase’s update out.'),
  compile: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe(
      'auto: libtensorflow on the CPU replays each computation as one graph, which must give the bits of its first run op by op. off: op by op.',
    ),
  backend: z
    .strictObject({
      require: z
        .enum(['any', 'cuda', 'tensorflow', 'wasm', 'cpu'])
        .default('any')
        .describe('Only workers with this backend take part. The bits depend on the backend.'),
      intraOpThreads: positiveInt.max(256).default(1).describe('Threads inside one op. Convolution bits depend on it.'),
    })
    .prefault({}),
});

/** What a person may write: defaults left out. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
type ParsedRunConfig = z.output<typeof runConfigSchema>;

/** A resolved config: every default filled in. */
export type RunConfig = Readonly<
  Omit<ParsedRunConfig, 'workers'> & { workers: { readonly min: number; readonly max: number }; shards: number }
>;
export type LayerConfig = RunConfig['generator']['layers'][number];
export type OptimizerConfig = RunConfig['optimizer']['generator'];
export type NetworkName = 'generator' | 'discriminator';
