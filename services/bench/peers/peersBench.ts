/** One worker beside PyTorch and TensorFlow, on one game after the other. */
import type { RunConfig } from '../../config/runConfig.ts';
import { games } from './games.ts';
import { benchGame, type PeerGame } from './peerGame.ts';

export interface PeersBench {
  /** Inside one op, for each of them. */
  readonly threads: number;
  readonly games: readonly PeerGame[];
}

/** @param note is told what is measured now. */
export async function benchPeers(
  python: string,
  require: RunConfig['backend']['require'],
  threads: number,
  note: (text: string) => void,
): Promise<PeersBench> {
  const measured: PeerGame[] = [];
  for (const game of games({ require, intraOpThreads: threads })) {
    note(`one worker beside its peers: ${game.title}`);
    measured.push(await benchGame(python, game));
  }
  return { threads, games: measured };
}
