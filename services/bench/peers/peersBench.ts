/** One worker beside PyTorch and TensorFlow on several games: sizes and optimizers, so that nothing is tuned to one. */
import type { RunConfig } from '../../config/runConfig.ts';
import { LEARNING_RATES, type OptimizerType, SHAPE, type Shape } from '../networks.ts';
import { benchGame, type PeerGame } from './peerGame.ts';

export interface PeersBench {
  /** Inside one op, for each of them. */
  readonly threads: number;
  readonly games: readonly PeerGame[];
}

/** The paper's size, a smaller one, and one with a larger batch. */
const SHAPES: readonly Shape[] = [
  SHAPE,
  { generatorUnits: [100, 256, 256, 784], discriminatorUnits: [784, 256, 256, 1], batchSize: 50 },
  { generatorUnits: [100, 256, 512, 784], discriminatorUnits: [784, 512, 256, 1], batchSize: 256 },
];
const OPTIMIZERS = Object.keys(LEARNING_RATES) as OptimizerType[];

/** @param note is told what is measured now. */
export async function benchPeers(
  python: string,
  require: RunConfig['backend']['require'],
  threads: number,
  note: (text: string) => void,
): Promise<PeersBench> {
  const games: PeerGame[] = [];
  for (const shape of SHAPES) {
    for (const optimizer of OPTIMIZERS) {
      note(
        `one worker beside its peers: ${optimizer}, batch ${shape.batchSize}, widest ${Math.max(...shape.generatorUnits)}`,
      );
      games.push(await benchGame(python, { shape, optimizer, threads, require }));
    }
  }
  return { threads, games };
}
