/** Proves the way of a sample into the networks and back: every byte survives float32, and strange values become bytes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { normalise, toBytes } from '../../services/gan/normalisation.ts';
import { testBackends } from './backends.ts';

const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe.each(testBackends())('on $kind', async ({ kind, start }) => {
  const tf = await start();
  beforeEach(() => tf.setBackend(kind));

  it.each(['unit', 'symmetric', 'none'] as const)('%s: brings every byte back', (normalisation) => {
    const values = tf.tidy(() =>
      normalise(tf, tf.tensor2d(Float32Array.from(BYTES), [2, 128]), normalisation).dataSync(),
    );
    expect(toBytes(values as Float32Array, 128, normalisation)).toEqual(BYTES);
  });

  it('gcn: each sample has a mean of 0 and a norm of 55; one of a single colour is 0', () => {
    const raw = Float32Array.of(10, 250, 30, 44, 7, 7, 7, 7);
    const values = tf.tidy(() => normalise(tf, tf.tensor2d(raw, [2, 4]), 'gcn').dataSync()) as Float32Array;
    const [first, second] = [values.subarray(0, 4), values.subarray(4)];
    expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 3);
    expect(Math.hypot(...first)).toBeCloseTo(55, 3);
    // By hand: 10 − 83.5, …, divided by its norm and multiplied by 55.
    const centred = [-73.5, 166.5, -53.5, -39.5];
    for (const [i, value] of centred.entries()) expect(first[i]).toBeCloseTo((value * 55) / Math.hypot(...centred), 3);
    expect([...second]).toEqual([0, 0, 0, 0]);
    expect(toBytes(values, 4, 'gcn')[1]).toBe(255);
  });
});

describe('toBytes', () => {
  it('rounds and clamps', () => {
    const strange = Float32Array.of(-3, 0.4 / 255, 0.6 / 255, 7, Number.NaN);
    expect([...toBytes(strange, 5, 'unit')]).toEqual([0, 0, 1, 255, 0]);
  });
});
