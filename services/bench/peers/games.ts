/** What our replica and its peers are measured on: sizes, optimizers and kinds of network, so that nothing is tuned to one. */
import type { LayerConfig, RunConfig } from '../../config/runConfig.ts';
import {
  benchConfig,
  LEARNING_RATES,
  networksText,
  type OptimizerType,
  presetConfig,
  SHAPE,
  type Shape,
} from '../networks.ts';

export type PeerName = 'ganglion' | 'torch' | 'torch-compile' | 'tensorflow';

export interface Game {
  /** Networks, batch and optimizer. */
  readonly title: string;
  /** One worker's. Our replica trains by it as it is; the peers' scripts build the same from it (`pythonCase.ts`). */
  readonly config: RunConfig;
  /** Of a peer's time, at most: what this project allows its own replica. */
  readonly ratioMax: Partial<Record<PeerName, number>>;
}

/** The paper's size, a smaller one, and one with a larger batch. */
const SHAPES: readonly Shape[] = [
  SHAPE,
  { generatorUnits: [100, 256, 256, 784], discriminatorUnits: [784, 256, 256, 1], batchSize: 50 },
  { generatorUnits: [100, 256, 512, 784], discriminatorUnits: [784, 512, 256, 1], batchSize: 256 },
];
const OPTIMIZERS: Readonly<Record<OptimizerType, string>> = { sgd: 'plain SGD', adam: 'Adam' };
const DENSE_RATIO_MAX = { torch: 0.95, tensorflow: 1.05 } as const;
const IMAGE_PRESET = 'mnist-dcgan';
/** More than for dense layers: PyTorch has batch norm as one kernel, ours is many. */
const IMAGE_RATIO_MAX = { torch: 1.1 } as const;
/** γ; the time does not depend on it. */
const R1 = 1;

export function games(backend: RunConfig['backend']): Game[] {
  const optimizers = Object.keys(LEARNING_RATES) as OptimizerType[];
  const dense = SHAPES.flatMap((shape) => optimizers.map((optimizer) => denseGame(backend, shape, optimizer)));
  return [...dense, imageGame(backend, false), imageGame(backend, true)];
}

/** A penalty on each sample alone allows D no batch norm: there it has none. */
function imageGame(backend: RunConfig['backend'], isPenalised: boolean): Game {
  const preset = presetConfig(IMAGE_PRESET, backend);
  const { discriminator, objective } = preset;
  const config = isPenalised
    ? {
        ...preset,
        discriminator: { ...discriminator, layers: withoutBatchNorm(discriminator.layers) },
        objective: { ...objective, penalty: { r1: R1, interval: 1 } },
      }
    : preset;
  const penalty = isPenalised ? `, R1 of ${R1} and no batch norm in D` : '';
  const title = `preset ${IMAGE_PRESET}, batch ${config.batchSize}, Adam${penalty}`;
  return { title, config, ratioMax: IMAGE_RATIO_MAX };
}

/** What a batch norm activates is activated by the layer below it. */
function withoutBatchNorm(layers: readonly LayerConfig[]): LayerConfig[] {
  return layers.flatMap((layer, index) => {
    const above = layers[index + 1];
    if (layer.type === 'batch-norm') return [];
    return [above?.type === 'batch-norm' ? ({ ...layer, activation: above.activation } as LayerConfig) : layer];
  });
}

export function denseGame(backend: RunConfig['backend'], shape: Shape, optimizer: OptimizerType): Game {
  return {
    title: `${networksText(shape)}, batch ${shape.batchSize}, ${OPTIMIZERS[optimizer]}`,
    config: benchConfig({ workers: 1, backend, shape, optimizer }),
    ratioMax: DENSE_RATIO_MAX,
  };
}
