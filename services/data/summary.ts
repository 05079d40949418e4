/** What is in a data set: every sample of it is read, so a broken one is found. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bytesPerSample, type SampleSource } from './source.ts';

const count = z.int().min(0);

export const dataSummarySchema = z.strictObject({
  name: z.string(),
  samples: count,
  shape: z.array(count).readonly(),
  type: z.enum(['uint8', 'float32'] satisfies SampleSource['type'][]),
  classes: count.describe('0 without labels.'),
  values: z
    .strictObject({ min: z.number(), max: z.number(), mean: z.number(), deviation: z.number() })
    .readonly()
    .describe('Of the values as they lie on disk: bytes, or floats.'),
  perClass: z
    .strictObject({ min: count, max: count })
    .readonly()
    .optional()
    .describe('Samples in the smallest and in the largest class; not there without labels.'),
  sha256: z
    .string()
    .describe(
      'Hex: of all samples in their order, each followed by its label (uint16, little-endian) where there are labels.',
    ),
});
export type DataSummary = Readonly<z.output<typeof dataSummarySchema>>;

export function summarize(source: SampleSource): DataSummary {
  const { name, size, shape, type, classes } = source;
  const row = new Uint8Array(bytesPerSample(source) + (classes > 0 ? 2 : 0));
  const view = new DataView(row.buffer);
  const bytes = row.subarray(0, bytesPerSample(source));
  const values = type === 'uint8' ? bytes : new Float32Array(bytes.length / 4);
  const perClass = new Float64Array(classes);
  const hash = createHash('sha256');
  const moments = new Moments();
  for (let index = 0; index < size; index++) {
    source.read(index, row, 0);
    if (classes > 0) {
      const label = source.label(index);
      view.setUint16(bytes.length, label, true);
      perClass[label] = (perClass[label] ?? 0) + 1;
    }
    hash.update(row);
    if (values instanceof Float32Array) {
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
    }
    moments.add(values);
  }
  const summary = { name, samples: size, shape, type, classes, values: moments.result(), sha256: hash.digest('hex') };
  if (classes === 0) return summary;
  return { ...summary, perClass: { min: Math.min(...perClass), max: Math.max(...perClass) } };
}

/** Sums relative to the first value, so that a large mean does not swallow a small deviation. */
class Moments {
  #origin: number | undefined;
  #count = 0;
  #sum = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(values: ArrayLike<number>): void {
    const origin = this.#origin ?? values[0] ?? 0;
    this.#origin = origin;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const distance = value - origin;
      this.#sum += distance;
      this.#squares += distance * distance;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
    }
    this.#count += values.length;
  }

  result(): DataSummary['values'] {
    const mean = this.#sum / this.#count;
    const deviation = Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
    return { min: this.#min, max: this.#max, mean: mean + (this.#origin ?? 0), deviation };
  }
}
