/**
 * Proves that a config refuses a layer of D together with a penalty exactly where the layer's gradient has no gradient: for every
 * type of layer there is, tried on the device.
 */
import { describe, expect, it } from 'vitest';
import type { LayerConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { obstacleToPenalty } from '../../services/config/twiceDifferentiable.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout } from '../../services/gan/layout.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someRows, tinyConfig } from './configs.ts';

type LayerConfigInput = RunConfigInput['discriminator']['layers'][number];

/** What the schema asks for beside the type. */
const LAYERS: Readonly<Record<LayerConfig['type'], object>> = {
  dense: { units: 3, activation: 'tanh' },
  maxout: { units: 3, pieces: 2 },
  conv: { filters: 2, kernel: 2, activation: 'sigmoid' },
  'conv-transpose': { filters: 2, kernel: 2, activation: 'leaky-relu' },
  'maxout-conv': { filters: 2, kernel: 2, pieces: 2 },
  upsample: {},
  pool: {},
  'class-embedding': { classes: 3, size: 2 },
  'class-projection': { classes: 3 },
  reshape: { shape: [6] },
  'minibatch-std': { groupSize: 2 },
  dropout: { keep: 0.8 },
  'batch-norm': {},
};

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    it.each(Object.entries(LAYERS))('%s', async (type, rest) => {
      await tf.setBackend(backend.kind);
      const layer = { type, ...rest } as LayerConfig;
      const below: LayerConfigInput[] = /conv|pool|upsample|std/.test(type)
        ? [{ type: 'reshape', shape: [2, 3, 1] }]
        : [];
      const above: LayerConfigInput[] = type === 'class-projection' ? [] : [{ type: 'dense', units: 1 }];
      const config = tinyConfig({
        data: { dataset: 'mnist', labels: 'classes' in layer },
        discriminator: { layers: [...below, layer, ...above] },
        objective: { penalty: { r1: 1 } },
      });
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      replica.load(initialState(config, SAMPLE_SIZE));
      const plan = planPhase(config, DATASET_SIZE, 0);
      const flat = new Float32Array(gradientLayout(config, SAMPLE_SIZE, plan.updates).length);
      const differentiate = () =>
        replica.gradient({ plan, shard: 0, samples: someRows(config, plan.sampleCount) }, flat);
      if (obstacleToPenalty(layer) === undefined) expect(differentiate).not.toThrow();
      else expect(differentiate).toThrow('layer whose samples are apart');
      replica.dispose();
    });
  });
}
