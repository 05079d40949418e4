/** Values as TensorBoard's histogram: equal buckets between the least and the greatest. */

const BUCKETS = 30;

/** TensorFlow's HistogramProto. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** Right end of each bucket. */
  readonly bucketLimit: readonly number[];
  readonly bucket: readonly number[];
}

/** @param values at least one. */
export function histogramOf(values: readonly number[]): Histogram {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const width = (max - min) / BUCKETS;
  const bucket = new Array<number>(width > 0 ? BUCKETS : 1).fill(0);
  for (const value of values) {
    const place = width > 0 ? Math.min(BUCKETS - 1, Math.floor((value - min) / width)) : 0;
    bucket[place] = (bucket[place] ?? 0) + 1;
  }
  return {
    min,
    max,
    num: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    sumSquares: values.reduce((sum, value) => sum + value * value, 0),
    bucketLimit: bucket.map((_, index) => (index === bucket.length - 1 ? max : min + (index + 1) * width)),
    bucket,
  };
}
