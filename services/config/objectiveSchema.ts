/** What D and G minimise, as a run config names it. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();

export const objectiveSchema = z
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
  .prefault({});
