/** What counts as a sick run, as a run config names it: a threshold to raise an alarm at, another to clear it at. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();

const off = z.enum(['off']);

/** How many reports (or pictures) in a row it takes: one alone is noise. */
function patience(unit: string, raiseAfter: number, clearAfter: number) {
  return {
    raiseAfter: positiveInt
      .max(10_000)
      .default(raiseAfter)
      .describe(`Raised after so many ${unit} on end beyond raise.`),
    clearAfter: positiveInt
      .max(10_000)
      .default(clearAfter)
      .describe(`Cleared after so many ${unit} on end within clear.`),
  };
}

/** An alarm is raised beyond `raise`, cleared within `clear`, and stays as it is between them. */
function thresholds(raise: number, clear: number, of: string) {
  return {
    raise: z.number().nonnegative().default(raise).describe(of),
    clear: z.number().nonnegative().default(clear).describe('Where it is over.'),
  };
}

const discriminatorSaturation = z
  .union([
    off,
    z.strictObject({
      ...thresholds(
        0.005,
        0.015,
        'D’s loss as a share of that of a D which cannot tell real from fake: below is saturated.',
      ),
      ...patience('reports', 20, 10),
    }),
  ])
  .prefault({})
  .describe('D tells real from fake with hardly a loss: G learns little from it.');

const generatorGradient = z
  .union([
    off,
    z.strictObject({
      ...thresholds(0.005, 0.02, 'Norm of G’s gradient as a share of the most that it was in this run: below is gone.'),
      ...patience('reports', 10, 10),
    }),
  ])
  .prefault({})
  .describe('G’s gradient vanishes.');

const lossDivergence = z
  .union([
    off,
    z.strictObject({
      ...thresholds(50, 20, 'A network’s loss as a multiple of what it is where D cannot tell: above is divergence.'),
      ...patience('reports', 5, 10),
    }),
  ])
  .prefault({})
  .describe('The loss of D or G grows without bound.');

const modeCollapse = z
  .union([
    off,
    z.strictObject({
      diversity: z
        .strictObject(thresholds(0.25, 0.35, 'Mean distance of two pictures as a share of that of two real samples.'))
        .prefault({}),
      coverage: z
        .strictObject(thresholds(0.05, 0.1, 'Share of real samples with a picture nearer than their 5th neighbour.'))
        .prefault({}),
      fromSamples: z
        .number()
        .int()
        .nonnegative()
        .default(60_000)
        .describe('Judged once so many real samples were used: a G that has just begun draws one thing.'),
      ...patience('snapshots', 2, 2),
    }),
  ])
  .prefault({})
  .describe('G draws few things again and again; judged on pictures, 16 and more in a snapshot.');

const emaGap = z
  .union([
    off,
    z.strictObject({
      ...thresholds(0.5, 0.4, '‖average − weights‖ / ‖weights‖ of G: above is too far.'),
      ...patience('reports', 10, 10),
    }),
  ])
  .prefault({})
  .describe('G’s moving average is not where its weights are.');

const nonFinite = z
  .union([off, z.strictObject({ clearAfter: patience('reports', 1, 10).clearAfter })])
  .prefault({})
  .describe('A gradient, or a reported loss, is NaN or infinite. Raised at once.');

export const alarmsSchema = z
  .union([
    off,
    z.strictObject({ discriminatorSaturation, generatorGradient, lossDivergence, modeCollapse, emaGap, nonFinite }),
  ])
  .prefault({})
  .describe('Alarms of a sick run; each, or all of them, may be off. They change no bit of it.');
