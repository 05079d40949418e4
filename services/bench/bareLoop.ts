/**
 * The yardstick: D+G of the same networks as any tfjs user would write it, with tfjs's own gradients, and nothing of
 * ours. `iterate` is one iteration: one update of D and one of G by plain gradient descent on random data.
 */
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { INIT_RANGE, LEARNING_RATES } from './networks.ts';

export interface BareLoop {
  iterate(): void;
  dispose(): void;
}

/** @param generatorUnits widths from the latent to the sample; `discriminatorUnits` from the sample to the logit. */
export function bareLoop(
  tf: Tf,
  generatorUnits: readonly number[],
  discriminatorUnits: readonly number[],
  batchSize: number,
): BareLoop {
  const generator = parameters(tf, generatorUnits);
  const discriminator = parameters(tf, discriminatorUnits);
  const reals = tf.randomUniform([batchSize, must(discriminatorUnits[0], 'sample size')]);
  const generate = (z: Tensor) => tf.sigmoid(mlp(tf, z, generator));
  const latents = () => tf.randomUniform([batchSize, must(generatorUnits[0], 'latent size')], -1, 1);
  const descend = (weights: readonly Variable[], gradients: Record<string, Tensor>) => {
    for (const weight of weights)
      weight.assign(tf.sub(weight, tf.mul(must(gradients[weight.name], weight.name), LEARNING_RATES.sgd)));
  };
  const updateDiscriminator = () => {
    const fakes = generate(latents());
    const loss = () =>
      tf
        .mean(tf.softplus(tf.neg(mlp(tf, reals, discriminator))))
        .add(tf.mean(tf.softplus(mlp(tf, fakes, discriminator))))
        .asScalar();
    descend(discriminator, tf.variableGrads(loss, discriminator).grads);
  };
  const updateGenerator = () => {
    const z = latents();
    const loss = () => tf.mean(tf.softplus(tf.neg(mlp(tf, generate(z), discriminator)))).asScalar();
    descend(generator, tf.variableGrads(loss, generator).grads);
  };
  return {
    iterate: () => {
      tf.tidy(updateDiscriminator);
      tf.tidy(updateGenerator);
      // Waits for the device, as a timing must.
      must(generator.at(-1), 'bias').dataSync();
    },
    dispose: () => tf.dispose([...generator, ...discriminator, reals]),
  };
}

function parameters(tf: Tf, units: readonly number[]): Variable[] {
  // The tidy takes the initial values away; variables live on.
  return tf.tidy(() =>
    units.slice(1).flatMap((outputs, index) => {
      const inputs = must(units[index], 'width');
      const weight = tf.randomUniform([inputs, outputs], -INIT_RANGE, INIT_RANGE);
      return [tf.variable(weight), tf.variable(tf.zeros([outputs]))];
    }),
  );
}

function mlp(tf: Tf, input: Tensor, weights: readonly Variable[]): Tensor {
  let value = input;
  for (let index = 0; index < weights.length; index += 2) {
    const weight = must(weights[index], 'weight') as unknown as Tensor2D;
    value = tf.add(tf.matMul(value as Tensor2D, weight), must(weights[index + 1], 'bias'));
    if (index < weights.length - 2) value = tf.relu(value);
  }
  return value;
}
