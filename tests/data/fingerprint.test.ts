/** Proves that a fingerprint is the same for the same samples, and another where size, shape, order or a value differs. */
import { expect, it } from 'vitest';
import { openTrainingSet, type TrainingSet } from '../../services/data/dataset.ts';
import { fingerprintOf } from '../../services/data/fingerprint.ts';
import { rowFormat } from '../../services/data/rowFormat.ts';
import { runConfig } from '../coordinator/core/runs.ts';

const { data } = runConfig({});

/** Samples of one byte; every read is counted. */
function setOf(values: readonly number[], shape: readonly number[] = [1]): TrainingSet & { readonly reads: number[] } {
  const reads: number[] = [];
  return {
    ...{ name: 'bytes', size: values.length, shape: [...shape], sampleSize: 1, format: rowFormat(data, 1), reads },
    read(index, into, offset) {
      reads.push(index);
      into[offset] = values[index] ?? expect.fail(`there is no sample ${index}`);
    },
    marginals: () => new Float64Array(1),
  };
}

it('tells apart what differs, from few samples of many', () => {
  const values = Array.from({ length: 10_000 }, (_, index) => index % 251);
  const own = setOf(values);
  const found = fingerprintOf(own);
  expect(found).toMatch(/^[0-9a-f]{64}$/);
  expect([own.reads.length, own.reads[0], own.reads.at(-1)]).toEqual([16, 0, 9375]);
  expect(fingerprintOf(setOf(values))).toBe(found);
  const others = [values.slice(1), values.toReversed(), values.map((value) => value ^ 1)].map((all) => setOf(all));
  for (const other of [...others, setOf(values, [1, 1, 1])]) expect(fingerprintOf(other)).not.toBe(found);
  expect(fingerprintOf(setOf([7]))).not.toBe(fingerprintOf(setOf([8])));
});

it('is that of the data, whatever else the config says', () => {
  const { generator, discriminator } = runConfig({});
  const whole = () => fingerprintOf(openTrainingSet({ data, generator, discriminator }));
  expect(whole()).toBe(whole());
  const part = { ...data, count: 1000 } as typeof data;
  expect(fingerprintOf(openTrainingSet({ data: part, generator, discriminator }))).not.toBe(whole());
});
