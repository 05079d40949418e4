/** Proves that the gap of G's average is what its formula says, on every backend, and that asking for it changes nothing. */
import { describe, expect, it } from 'vitest';
import { initialState } from '../../services/gan/initialState.ts';
import { replicaLayout } from '../../services/gan/layout.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someSamples, tinyConfig } from './configs.ts';

const AVERAGED = tinyConfig({ ema: { halfLifeSamples: 30 }, schedule: { type: 'simultaneous' } });

/** In float64, from the state itself. */
function expectedGap(state: Float32Array): number {
  const layout = replicaLayout(AVERAGED, SAMPLE_SIZE);
  const valuesOf = (name: string) => {
    const spec = layout.find((one) => one.name === name);
    return spec === undefined ? undefined : state.subarray(spec.offset, spec.offset + spec.length);
  };
  let away = 0;
  let length = 0;
  for (const { name } of layout) {
    const average = valuesOf(`${name}/ema`);
    if (!name.startsWith('generator.') || average === undefined) continue;
    const weights = valuesOf(name) ?? new Float32Array();
    for (const [index, weight] of weights.entries()) {
      away += ((average[index] ?? 0) - weight) ** 2;
      length += weight ** 2;
    }
  }
  return Math.sqrt(away / length);
}

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();
    const begin = async (config = AVERAGED) => {
      await tf.setBackend(backend.kind);
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      replica.load(initialState(config, SAMPLE_SIZE));
      return replica;
    };
    const train = (replica: Awaited<ReturnType<typeof begin>>, ask: boolean) => {
      for (let phase = 0; phase < 5; phase++) {
        const plan = planPhase(AVERAGED, DATASET_SIZE, phase);
        replica.step({ plan, shard: 0, samples: someSamples(plan.sampleCount, phase) }, false);
        if (ask) replica.averageGap();
      }
    };

    it('is 0 at first and what the state says later; no tensor stays', async () => {
      const replica = await begin();
      expect(replica.averageGap()).toBe(0);
      train(replica, false);
      const tensors = replica.tensorCount();
      const gap = replica.averageGap();
      expect(gap).toBeGreaterThan(1e-3);
      expect(gap).toBeCloseTo(expectedGap(replica.save()), 5);
      expect(replica.tensorCount()).toBe(tensors);
      replica.dispose();
    });

    it('changes no bit', async () => {
      const [asked, left] = [await begin(), await begin()];
      train(asked, true);
      train(left, false);
      expect(asked.save()).toEqual(left.save());
      for (const replica of [asked, left]) replica.dispose();
    });

    it('is not there without an average', async () => {
      const replica = await begin(tinyConfig());
      expect(replica.averageGap()).toBeUndefined();
      replica.dispose();
    });
  });
}
