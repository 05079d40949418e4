/** What is in a data set: every sample of it is read, so a broken one is found. */
import { createHash } from 'node:crypto';
import { bytesPerSample, type SampleSource } from './source.ts';

export interface DataSummary {
  readonly name: string;
  readonly samples: number;
  readonly shape: readonly number[];
  readonly type: SampleSource['type'];
  readonly classes: number;
  /** Of the values as they lie on disk: bytes, or floats. */
  readonly values: { readonly min: number; readonly max: number; readonly mean: number; readonly deviation: number };
  /** Samples in the smallest and in the largest class; undefined without labels. */
  readonly perClass?: { readonly min: number; readonly max: number };
  /** Hex: of all samples in their order, each followed by its label (uint16, little-endian) where there are labels. */
  readonly sha256: string;
}

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
