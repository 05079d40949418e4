/**
 * The run config: everything that decides the bits of a run. Parsed once, at the edge; frozen; then passed.
 * Field names and their documentation are the schema that `ganglion config schema` prints.
 */
import { z } from 'zod';
import { alarmsSchema } from './alarmsSchema.ts';
import { dataSchema } from './dataSchema.ts';
import { evaluationSchema } from './evaluationSchema.ts';
import { layerSchema } from './layerSchema.ts';
import { objectiveSchema } from './objectiveSchema.ts';
import { optimizerSchema } from './optimizerSchema.ts';
import { scheduled } from './scheduledSchema.ts';

const positiveInt = z.number().int().positive();

const workerCount = positiveInt.max(1024);

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
  data: dataSchema.describe('What G learns to draw. The coordinator reads it and sends the workers their samples.'),
  latent: z
    .strictObject({
      size: positiveInt.max(65_536).default(100),
      distribution: z
        .enum(['uniform', 'normal'])
        .default('uniform')
        .describe('uniform(−√3, √3) or normal(0, 1): both have unit variance.'),
    })
    .prefault({})
    .describe('z, what G draws from.'),
  generator: z
    .strictObject({
      layers: z.array(layerSchema).min(1).max(64),
      outputBias: z
        .enum(['zero', 'marginals'])
        .default('zero')
        .describe("`marginals`: the logit of each pixel's mean over the data, for a sigmoid output."),
    })
    .describe('G, from z to a sample.'),
  discriminator: z
    .strictObject({
      layers: z.array(layerSchema).min(1).max(64).describe('Ends in one linear unit: the logit of D(x).'),
      packing: positiveInt
        .max(64)
        .default(1)
        .describe(
          'Samples that D sees at once, all real or all fake (PacGAN, Lin et al. 2018): its input has so many times the values, or the channels. ' +
            'What does not fill a pack in each shard at the end of the data is left out of that epoch.',
        ),
    })
    .describe('D, from a sample to a logit.'),
  objective: objectiveSchema.describe('What D and G minimise.'),
  schedule: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('alternating'),
        discriminatorSteps: positiveInt.max(1000).default(1).describe('k of Algorithm 1: D phases per G phase.'),
      }),
      z.strictObject({ type: z.literal('simultaneous') }),
    ])
    .default({ type: 'alternating', discriminatorSteps: 1 })
    .describe('What a phase updates: one network (Algorithm 1), or both from one point.'),
  optimizer: z
    .strictObject({ generator: optimizerSchema, discriminator: optimizerSchema })
    .describe('One for each network.'),
  ema: z
    .strictObject({
      halfLifeSamples: scheduled(z.number().positive(), z.number().min(0)).describe(
        'A weight’s share in the average halves while G is updated with so many samples.',
      ),
    })
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
    .prefault({})
    .describe('The whole state on disk, to resume from.'),
  snapshots: z
    .strictObject({
      everyPhases: positiveInt.default(1000),
      rows: positiveInt.max(64).default(8),
      columns: positiveInt.max(64).default(8),
    })
    .prefault({})
    .describe('Pictures of samples, always from the same latents.'),
  reports: z
    .strictObject({
      everyPhases: positiveInt.default(10).describe('Losses, norms and timings are reported every so many phases.'),
      hashEveryPhases: positiveInt.default(500).describe('Replicas compare the SHA-256 of their weights so often.'),
    })
    .prefault({})
    .describe('What workers tell, and how often.'),
  tensorboard: z
    .boolean()
    .optional()
    .describe(
      'Writes an event file for TensorBoard into the run folder: some 0.5 kB a report, fewer and fewer of them. Default: true.',
    ),
  alarms: alarmsSchema,
  evaluation: evaluationSchema,
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
    .prefault({})
    .describe('How gradients travel between workers.'),
  onNonFinite: z
    .enum(['stop', 'skip-phase'])
    .default('stop')
    .describe('What a NaN or infinite gradient does: stop at the last good phase, or leave this phase’s update out.'),
  compile: z
    .enum(['auto', 'off', 'xla'])
    .default('auto')
    .describe(
      'auto: libtensorflow replays each computation as one graph, which must give the bits of its first runs op by op. off: op by op. ' +
        'xla: XLA computes the gradients, to bits of its own, and only workers with libtensorflow take part.',
    ),
  backend: z
    .strictObject({
      require: z
        .enum(['any', 'cuda', 'tensorflow', 'wasm', 'cpu'])
        .default('any')
        .describe('Only workers with this backend take part. The bits depend on the backend.'),
      intraOpThreads: positiveInt.max(256).default(1).describe('Threads inside one op. Convolution bits depend on it.'),
    })
    .prefault({})
    .describe('What workers must compute on.'),
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
