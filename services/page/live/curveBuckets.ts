/**
 * Curves of any length in bounded memory. Reports are kept in buckets of equally many phases: mean, least and greatest. Where
 * there would be too many, two become one. So the buckets follow from the reports alone, and a cursor of an earlier process
 * means the same to this one.
 */
import type { Column, CurvesPart } from './frame.ts';

/** A chart is some 500 pixels wide. 15 curves of 512 buckets with 3 numbers each are 180 kB of JSON. */
export const BUCKETS_MAX = 512;

interface Bucket {
  readonly sum: number;
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

export class CurveBuckets {
  #width = 1;
  /** Of the newest report in each bucket. */
  #sequences: number[] = [];
  readonly #columns = new Map<string, (Bucket | undefined)[]>();

  /** Phases in a bucket. */
  get width(): number {
    return this.#width;
  }

  /** Reports come in ascending order of phases. What is not finite is left out. */
  add(sequence: number, phase: number, values: Readonly<Record<string, number | undefined>>): void {
    while (Math.floor(phase / this.#width) >= BUCKETS_MAX) this.#halve();
    const index = Math.floor(phase / this.#width);
    this.#sequences[index] = sequence;
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined || !Number.isFinite(value)) continue;
      const column = this.#columns.get(name) ?? [];
      this.#columns.set(name, column);
      column[index] = together(column[index], { sum: value, count: 1, low: value, high: value });
    }
  }

  /**
   * The buckets with a report after `sequence`, for somebody who knows the others in buckets of `width`; all where that is
   * another. Undefined where there is nothing new.
   */
  since(sequence: number, width: number): CurvesPart | undefined {
    const isSame = width === this.#width;
    const from = isSame ? this.#sequences.findIndex((newest) => newest > sequence) : 0;
    if (from < 0 || this.#sequences.length === 0) return undefined;
    const columns = [...this.#columns].map(([name, buckets]) => [name, this.#columnOf(buckets, from)] as const);
    return { width: this.#width, from, columns: Object.fromEntries(columns) };
  }

  #columnOf(buckets: readonly (Bucket | undefined)[], from: number): Column {
    const numbers = (of: (bucket: Bucket) => number) =>
      Array.from({ length: this.#sequences.length - from }, (_, i) => {
        const bucket = buckets[from + i];
        return bucket === undefined ? null : Number(of(bucket).toPrecision(5));
      });
    const mean = numbers(({ sum, count }) => sum / count);
    return this.#width === 1 ? { mean } : { mean, low: numbers(({ low }) => low), high: numbers(({ high }) => high) };
  }

  #halve(): void {
    this.#width *= 2;
    this.#sequences = inPairs(this.#sequences, (a, b) => Math.max(a ?? -1, b ?? -1));
    for (const [name, buckets] of this.#columns)
      this.#columns.set(
        name,
        inPairs(buckets, (a, b) => together(a, b)),
      );
  }
}

function inPairs<Value>(all: readonly Value[], join: (a: Value | undefined, b: Value | undefined) => Value): Value[] {
  return Array.from({ length: Math.ceil(all.length / 2) }, (_, i) => join(all[2 * i], all[2 * i + 1]));
}

function together(a: Bucket | undefined, b: Bucket): Bucket;
function together(a: Bucket | undefined, b: Bucket | undefined): Bucket | undefined;
function together(a: Bucket | undefined, b: Bucket | undefined): Bucket | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    sum: a.sum + b.sum,
    count: a.count + b.count,
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
  };
}
