/** Proves that the yardstick is a fair one: it trains both networks, and keeps no tensor. */
import { expect, it } from 'vitest';
import { bareLoop } from '../../services/bench/bareLoop.ts';
import { must } from '../../services/errors/invariant.ts';
import type { Tf } from '../../services/gan/kernels.ts';
import { testBackends } from '../gan/backends.ts';

/** So wide that some unit of each layer is never dead, whatever the weights that it starts from. */
const SIZES = { generator: [3, 32, 5], discriminator: [5, 32, 1] } as const;
/** Weight and bias of two layers in each of two networks. */
const VARIABLES = 8;

/** Every variable's values, by name. */
function variables(tf: Tf): Map<string, number[]> {
  const { registeredVariables } = tf.engine().state;
  return new Map(Object.entries(registeredVariables).map(([name, variable]) => [name, [...variable.dataSync()]]));
}

it.each(testBackends())('one iteration moves every parameter of both networks on $kind', async ({ start }) => {
  const tf = await start();
  const empty = tf.memory().numTensors;
  const loop = bareLoop(tf, SIZES.generator, SIZES.discriminator, 16);
  const before = variables(tf);
  const tensors = tf.memory().numTensors;
  expect(before.size).toBe(VARIABLES);
  for (let i = 0; i < 5; i++) loop.iterate();
  expect(tf.memory().numTensors).toBe(tensors);
  for (const [name, values] of variables(tf)) {
    expect(values.every(Number.isFinite), name).toBe(true);
    expect(values, name).not.toEqual(must(before.get(name), name));
  }
  loop.dispose();
  expect(tf.memory().numTensors).toBe(empty);
});
