/** What D and G minimise, and how samples are shown to D, as a run config names it. */
import { z } from 'zod';
import { scheduled } from './scheduledSchema.ts';

const positiveInt = z.number().int().positive();
const ratio = z.number().min(0).max(1);

/** Never 0, but where a schedule ends. */
const strength = scheduled(z.number().positive(), z.number().min(0));
const weight = strength.default(10).describe('λ, the penalty’s weight.');
const norm = z.number().min(0).default(1).describe('Where ‖∇D‖ is drawn to.');

const penalty = z
  .strictObject({
    r1: strength.optional().describe('γ of γ/2 · ‖∇D(x)‖² on real samples (Mescheder et al. 2018).'),
    r2: strength.optional().describe('The same on fakes.'),
    gp: z
      .strictObject({ weight, norm })
      .optional()
      .describe('λ(‖∇D(x̂)‖ − norm)² at a random point between a real sample and a fake (Gulrajani et al. 2017).'),
    dragan: z
      .strictObject({
        weight,
        norm,
        noise: z
          .number()
          .positive()
          .default(0.1)
          .describe('Deviation of the normal noise, in the scale of the samples.'),
      })
      .optional()
      .describe('λ(‖∇D(x + noise)‖ − norm)² around real samples (Kodali et al. 2017).'),
    interval: positiveInt
      .max(1000)
      .default(1)
      .describe('Lazy: every so many updates of D, that much stronger (Karras et al. 2020).'),
  })
  .optional()
  .describe(
    'What keeps D smooth: by the gradient of its output by what it sees. D must be without batch-norm. Default: none.',
  );

const augment = z
  .strictObject({
    shape: z
      .array(positiveInt)
      .length(3)
      .optional()
      .describe('Height, width, channels of a sample. Default: those of the reshape that D begins with.'),
    brightness: ratio.default(0.25).describe('Up to that much is added or taken away, in the scale of the samples.'),
    saturation: ratio
      .default(1)
      .describe(
        'Colours are stretched about a pixel’s grey by 1 ± up to that much. Nothing where there is one channel.',
      ),
    contrast: ratio.default(0.5).describe('Values are stretched about the image’s mean by 1 ± up to that much.'),
    translation: ratio.default(0.125).describe('Shifted by up to that part of its sides; 0 moves in.'),
    cutout: ratio.default(0.5).describe('A rectangle of that part of its sides becomes 0.'),
  })
  .optional()
  .describe(
    'Differentiable augmentation (Zhao et al. 2020) of all that D sees, reals and fakes; G learns through it. The defaults are the paper’s, brightness for samples in 0 … 1 (0.5 is the same in −1 … 1); 0 turns one off. Default: none.',
  );

export const objectiveSchema = z
  .strictObject({
    loss: z
      .enum(['log', 'least-squares', 'hinge', 'wasserstein', 'relativistic'])
      .default('log')
      .describe(
        'log: Goodfellow et al. 2014; least-squares: Mao et al. 2017; hinge: Lim and Ye 2017; wasserstein: Arjovsky et al. 2017 (wants penalty.gp); relativistic: each real against the fake of its index (Jolicoeur-Martineau 2019; with r1 and r2: Huang et al. 2024).',
      ),
    generator: z
      .enum(['non-saturating', 'minimax'])
      .default('non-saturating')
      .describe('What G follows where the loss is log: −log D(G(z)), or log(1 − D(G(z))).'),
    discriminatorScale: z.number().positive().default(1).describe('Factor on D’s loss; the authors’ code has ½.'),
    labelSmoothing: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe(
        's: D’s target for a real sample is 1 − s (one-sided, Salimans et al. 2016). For log and least-squares.',
      ),
    instanceNoise: z
      .strictObject({
        std: scheduled(z.number().min(0)).describe(
          'Its deviation, in the scale of the samples. A schedule counts updates of D (of G where G alone is updated).',
        ),
      })
      .optional()
      .describe('Normal noise on all that D sees, reals and fakes (Sønderby et al. 2017). Default: none.'),
    augment,
    penalty,
  })
  .prefault({});
