/**
 * Proves what figure 1 is drawn from, with a G and a D that are known: p_g = p_data at distance 0 and D = D* at gap 0, the map
 * from z to x, and which four moments are shown.
 */
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../services/random/normal.ts';
import { figure1Stages } from '../../services/sampling/figure1Stages.ts';
import type { Gan } from '../../services/sampling/gan.ts';
import { lineStage, lineView } from '../../services/sampling/line.ts';
import { mnistRun } from './runs.ts';

const SQRT3 = Math.sqrt(3);
const config = mnistRun({
  latent: { size: 2, distribution: 'uniform' },
  data: { dataset: 'mixture', means: [0], deviations: 1, normalize: 'none' },
  generator: { layers: [{ type: 'dense', units: 1 }] },
});

/** Normal by the quantiles of a uniform number. */
const normal = (count: number, mean: number) =>
  Float32Array.from({ length: count }, (_, i) => mean + normalQuantile((i + 0.5) / count));

/** G(z) = mean + quantile of z's first value; D has these logits. */
function gan(mean: number, logit: (x: number) => number): Gan {
  return {
    config,
    shape: [1],
    generatorWeights: 'live',
    sample: ({ count }) => normal(count, mean),
    fromLatents: (z) =>
      Float32Array.from({ length: z.length / 2 }, (_, i) => {
        expect(z[2 * i + 1]).toBe(0);
        const share = ((z[2 * i] ?? 0) + SQRT3) / (2 * SQRT3);
        return mean + normalQuantile(Math.min(0.999, Math.max(0.001, share)));
      }),
    latents: () => new Float32Array(0),
    logits: (samples) => samples.map(logit),
    dispose: () => undefined,
  };
}

const view = lineView(config, normal(20_000, 0));
const request = { seed: 0, count: 20_000 };

describe('a stage', () => {
  it('where G has found the data and D says ½ is the end of the game', () => {
    const { distance, gap, discriminator } = lineStage(
      gan(0, () => 0),
      view,
      request,
    );
    expect(distance).toBeLessThan(0.01);
    expect(gap).toBeLessThan(0.01);
    expect([...new Set(discriminator)]).toEqual([0.5]);
  });

  it('where G is one deviation away has the distance of two such normals, and no gap where D is D*', () => {
    // log p_data/p_g of normals at 0 and 1.
    const { distance, gap } = lineStage(
      gan(1, (x) => 0.5 - x),
      view,
      request,
    );
    // Total variation 2Φ(½) − 1.
    expect(distance).toBeCloseTo(0.3829, 2);
    expect(gap).toBeLessThan(0.015);
    expect(
      lineStage(
        gan(1, (x) => x - 0.5),
        view,
        request,
      ).gap,
    ).toBeGreaterThan(0.2);
  });

  it('where all fakes are outside of the picture is at distance 1', () => {
    expect(
      lineStage(
        gan(50, () => 0),
        view,
        request,
      ).distance,
    ).toBeCloseTo(1, 2);
  });

  it('has arrows over the domain of z, in order', () => {
    const { arrows } = lineStage(
      gan(0, () => 0),
      view,
      request,
    );
    expect(arrows[0]?.z).toBeCloseTo(-SQRT3, 6);
    expect(arrows.at(-1)?.z).toBeCloseTo(SQRT3, 6);
    const x = arrows.map((arrow) => arrow.x);
    expect(x).toEqual([...x].sort((a, b) => a - b));
    const middle = arrows[(arrows.length - 1) / 2];
    expect(middle?.z).toBeCloseTo(0, 6);
    expect(middle?.x).toBeCloseTo(0, 6);
  });
});

describe('the four moments', () => {
  const moments = (...all: readonly (readonly [distance: number, gap: number | undefined])[]) =>
    all.map(([distance, gap], i) => ({ phase: i * 100, distance, gap }));

  it('are the first, the first that is near, the one after it with D nearest to D*, and the last', () => {
    const run = moments([0.9, 0.4], [0.6, 0.01], [0.44, 0.3], [0.4, 0.2], [0.3, 0.05], [0.35, 0.1], [0.2, 0.01]);
    expect(figure1Stages(run)).toEqual([0, 2, 4, 6]);
  });

  it('are four also where nothing comes near, and where D is no probability', () => {
    expect(figure1Stages(moments([0.5, 0.1], [0.49, 0.1], [0.48, 0.1], [0.47, 0.1]))).toEqual([0, 1, 2, 3]);
    const run = moments([0.9, undefined], [0.2, undefined], [0.8, undefined], [0.3, undefined], [0.1, undefined]);
    expect(figure1Stages(run)).toEqual([0, 1, 3, 4]);
  });

  it('of fewer than four checkpoints are refused with what to do', () => {
    expect(() => figure1Stages(moments([0.9, 0.1], [0.1, 0.1]))).toThrow(/checkpoints of 2: 0, 100/);
  });
});
