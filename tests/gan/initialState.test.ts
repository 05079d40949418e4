/** Proves the first state: ranges, zeros, marginals, the average's copy, golden bits, and its independence of V. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { glorotRange, initialState } from '../../services/gan/initialState.ts';
import { stateLayout } from '../../services/gan/layout.ts';
import { SAMPLE_SIZE, SIGMOID_GENERATOR, tinyConfig } from './configs.ts';

function tensor(config: RunConfig, state: Float32Array, name: string): Float32Array {
  const { offset, length } = must(
    stateLayout(config, SAMPLE_SIZE).find((spec) => spec.name === name),
    name,
  );
  return state.slice(offset, offset + length);
}

describe('initialState', () => {
  it('is Glorot uniform with zero biases and slots by default', () => {
    const config = tinyConfig({
      generator: {
        layers: [
          { type: 'dense', units: 400 },
          { type: 'dense', units: SAMPLE_SIZE },
        ],
      },
      optimizer: { generator: { type: 'adam', learningRate: 1 }, discriminator: { type: 'adam', learningRate: 1 } },
    });
    const state = initialState(config, SAMPLE_SIZE);
    const weight = tensor(config, state, 'generator.0.weight');
    const range = glorotRange(3, 400);
    expect(range).toBeCloseTo(Math.sqrt(6 / 403), 12);
    const largest = Math.max(...weight.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(Math.fround(range));
    expect(largest).toBeGreaterThan(0.98 * range);
    expect(Math.abs(weight.reduce((sum, value) => sum + value, 0) / weight.length)).toBeLessThan(0.1 * range);
    for (const { name } of stateLayout(config, SAMPLE_SIZE)) {
      if (name.includes('bias') || name.includes('/'))
        expect(Math.max(...tensor(config, state, name).map(Math.abs))).toBe(0);
    }
  });

  it('takes initRange', () => {
    const config = tinyConfig({
      discriminator: {
        layers: [
          { type: 'maxout', units: 50, pieces: 4, initRange: 0.005 },
          { type: 'dense', units: 1 },
        ],
      },
    });
    const largest = Math.max(
      ...tensor(config, initialState(config, SAMPLE_SIZE), 'discriminator.0.weight').map(Math.abs),
    );
    expect(largest).toBeLessThanOrEqual(Math.fround(0.005));
    expect(largest).toBeGreaterThan(0.0049);
  });

  it('draws layers and networks of one shape apart', () => {
    const square = { type: 'dense', units: SAMPLE_SIZE } as const;
    const config = tinyConfig({
      latent: { size: SAMPLE_SIZE },
      generator: { layers: [square, square] },
      discriminator: { layers: [square, { type: 'dense', units: 1 }] },
    });
    const state = initialState(config, SAMPLE_SIZE);
    const names = ['generator.0.weight', 'generator.1.weight', 'discriminator.0.weight'];
    expect(new Set(names.map((name) => tensor(config, state, name).join())).size).toBe(3);
  });

  it("sets G's output bias to the clipped logits of the marginals", () => {
    const config = tinyConfig({ generator: { layers: SIGMOID_GENERATOR, outputBias: 'marginals' } });
    const state = initialState(config, SAMPLE_SIZE, Float64Array.of(0, 0.1, 0.5, 0.9, 1, 0.25));
    const bias = Array.from(tensor(config, state, 'generator.1.bias'));
    const limit = Math.log((1 - 1e-7) / 1e-7);
    const expected = [-limit, Math.log(1 / 9), 0, Math.log(9), limit, Math.log(1 / 3)];
    bias.forEach((value, i) => {
      expect(value).toBeCloseTo(must(expected[i], 'logit'), 5);
    });
    expect(() => initialState(config, SAMPLE_SIZE)).toThrow("the data's marginals is missing");
    expect(() => initialState(config, SAMPLE_SIZE, Float64Array.of(0.5))).toThrow('1 marginals for 6');
    expect(() => initialState(config, SAMPLE_SIZE, new Float64Array(6).fill(2))).toThrow('outside 0 … 1');
  });

  it('starts the average as a copy of G', () => {
    const config = tinyConfig({ ema: { halfLifeSamples: 5 } });
    const state = initialState(config, SAMPLE_SIZE);
    for (const name of ['generator.0.weight', 'generator.1.weight']) {
      expect(tensor(config, state, `${name}/ema`)).toEqual(tensor(config, state, name));
    }
  });

  it('depends on the seed and on nothing like workers or shards', () => {
    const state = initialState(tinyConfig(), SAMPLE_SIZE);
    expect(initialState(tinyConfig({ workers: 3 }, 7), SAMPLE_SIZE)).toEqual(state);
    expect(initialState(tinyConfig({ seed: 6 }), SAMPLE_SIZE)).not.toEqual(state);
    expect(createHash('sha256').update(new Uint8Array(state.buffer)).digest('hex').slice(0, 16)).toMatchInlineSnapshot(
      `"6be7903ef0f2f2b0"`,
    );
  });

  it('refuses networks that do not fit', () => {
    expect(() => initialState(tinyConfig(), 9)).toThrow('generator.layers.1 gives shape [n, 6]');
  });
});
