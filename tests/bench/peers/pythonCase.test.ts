/** Proves that a peer is told of every layer's shapes and parameters, and that these are all that our gradient has. */
import { expect, it } from 'vitest';
import { presetConfig } from '../../../services/bench/networks.ts';
import { games } from '../../../services/bench/peers/games.ts';
import { pythonCase } from '../../../services/bench/peers/pythonCase.ts';
import { gradientLayout } from '../../../services/gan/layout.ts';
import { valuesIn } from '../../../services/gan/shapes.ts';

const config = presetConfig('mnist-dcgan', { require: 'any', intraOpThreads: 2 });

it('has the layers with their shapes, the optimizers, the batch and the threads', () => {
  const { generator, ...rest } = pythonCase(config);
  expect(generator[3]).toMatchObject({
    ...{ type: 'conv-transpose', kernel: 4, stride: 2, padding: 'same', activation: 'linear' },
    ...{ inputShape: [7, 7, 128], outputShape: [14, 14, 64], parameterShapes: [[4, 4, 64, 128], [64]] },
  });
  expect(generator[1]).toMatchObject({ type: 'reshape', outputShape: [7, 7, 128], parameterShapes: [] });
  expect(rest).toMatchObject({ batchSize: 64, threads: 2, optimizer: { generator: { type: 'adam', beta1: 0.5 } } });
});

it.each(['generator', 'discriminator'] as const)('leaves out no parameter of the %s', (network) => {
  const shapes = pythonCase(config)[network].flatMap(({ parameterShapes }) => parameterShapes);
  const count = shapes.reduce((sum, shape) => sum + valuesIn(shape), 0);
  expect(count).toBe(gradientLayout(config, 784, [network]).statisticsOffset);
});

it('tells the penalty’s strength, on the game whose D has no batch norm', () => {
  const found = games({ require: 'any', intraOpThreads: 1 }).map(({ title, config: { discriminator, ...own } }) => {
    const normalised = discriminator.layers.some(({ type }) => type === 'batch-norm');
    return { isImage: title.includes('dcgan'), r1: pythonCase({ ...own, discriminator }).r1, normalised };
  });
  expect(found.filter(({ isImage }) => isImage)).toEqual([
    { isImage: true, r1: 0, normalised: true },
    { isImage: true, r1: 1, normalised: false },
  ]);
  expect(found.filter(({ isImage }) => !isImage).every(({ r1 }) => r1 === 0)).toBe(true);
});

it('moves the activation of a batch norm that is left out to the layer below', () => {
  const [plain, penalised] = games({ require: 'any', intraOpThreads: 1 }).slice(-2);
  const activations = (game = plain) =>
    game?.config.discriminator.layers.flatMap((layer) => ('activation' in layer ? [layer.activation] : []));
  expect(activations()).toEqual(['leaky-relu', 'linear', 'leaky-relu', 'linear']);
  expect(activations(penalised)).toEqual(['leaky-relu', 'leaky-relu', 'linear']);
});
