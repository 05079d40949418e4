/** What our replica and its peers are measured on: sizes, optimizers and kinds of network, so that nothing is tuned to one. */
import type { RunConfig } from '../../config/runConfig.ts';
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

export function games(backend: RunConfig['backend']): Game[] {
  const optimizers = Object.keys(LEARNING_RATES) as OptimizerType[];
  const dense = SHAPES.flatMap((shape) => optimizers.map((optimizer) => denseGame(backend, shape, optimizer)));
  const config = presetConfig(IMAGE_PRESET, backend);
  const image = { title: `preset ${IMAGE_PRESET}, batch ${config.batchSize}, Adam`, config, ratioMax: IMAGE_RATIO_MAX };
  return [...dense, image];
}

export function denseGame(backend: RunConfig['backend'], shape: Shape, optimizer: OptimizerType): Game {
  return {
    title: `${networksText(shape)}, batch ${shape.batchSize}, ${OPTIMIZERS[optimizer]}`,
    config: benchConfig({ workers: 1, backend, shape, optimizer }),
    ratioMax: DENSE_RATIO_MAX,
  };
}
