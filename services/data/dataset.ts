/** A training set: samples of bytes, read by index. */
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant, must } from '../errors/invariant.ts';
import { openMnist } from './mnist.ts';

export interface TrainingSet {
  readonly name: string;
  /** Samples used. */
  readonly size: number;
  /** Bytes of one sample. */
  readonly sampleBytes: number;
  readonly shape: { readonly width: number; readonly height: number; readonly channels: 1 | 3 };
  /** Copies sample `index` to `into[offset …]`. */
  read(index: number, into: Uint8Array, offset: number): void;
  /** Mean of each value over the samples used, in [0, 1]. */
  marginals(): Float64Array;
}

/** Opens what the config names. Throws `dataset` for a missing or broken file, or a range beyond the data. */
export function openTrainingSet(data: RunConfig['data']): TrainingSet {
  const { dimensions, values } = openMnist(data.path);
  const [available, height, width] = dimensions.map((size) => must(size, 'dimension'));
  const total = must(available, 'sample count');
  const size = data.count ?? total - data.first;
  if (size <= 0 || data.first + size > total) {
    const asked = data.count === undefined ? 'the samples' : `${data.count} samples`;
    throw new GanglionError({
      code: 'dataset',
      message: `data: ${asked} from ${data.first} on were asked for; ${data.dataset} has ${total}.`,
      remedy: `Choose data.first and data.count with first + count ≤ ${total}.`,
    });
  }
  const shape = { width: must(width, 'width'), height: must(height, 'height'), channels: 1 as const };
  const sampleBytes = shape.width * shape.height;
  const used = values.subarray(data.first * sampleBytes, (data.first + size) * sampleBytes);
  return {
    name: data.dataset,
    size,
    sampleBytes,
    shape,
    read(index, into, offset) {
      invariant(Number.isInteger(index) && index >= 0 && index < size, `sample ${index} is one of ${size}`);
      into.set(used.subarray(index * sampleBytes, (index + 1) * sampleBytes), offset);
    },
    marginals: () => meanOfEach(used, size, sampleBytes),
  };
}

function meanOfEach(values: Uint8Array, size: number, sampleBytes: number): Float64Array {
  const sums = new Float64Array(sampleBytes);
  for (let sample = 0; sample < size; sample++) {
    const begin = sample * sampleBytes;
    for (let i = 0; i < sampleBytes; i++) sums[i] = (sums[i] as number) + (values[begin + i] as number);
  }
  return sums.map((sum) => sum / size / 255);
}
