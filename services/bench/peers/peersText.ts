/** The peers' part of the report: a block for each game, and how much of each peer's time our replica takes. */
import { block, type Line, ms } from '../textBlock.ts';
import type { PeerName } from './games.ts';
import type { PeerGame, PeerTimes } from './peerGame.ts';
import type { PeersBench } from './peersBench.ts';

const NAMES: Readonly<Record<PeerName, string>> = {
  ganglion: 'replica',
  torch: 'PyTorch, eager',
  'torch-compile': 'PyTorch, torch.compile',
  tensorflow: 'TensorFlow, tf.function',
};

/** Median to fastest, where nothing else ran; threads that wait for a core that is taken bring it to 10 and more. */
const CALM_RATIO_MAX = 1.5;

export function peersText({ threads, games }: PeersBench): string {
  return games.map((game) => gameText(threads, game)).join('\n');
}

function gameText(threads: number, game: PeerGame): string {
  const { title, ratioMax, iterations, peers } = game;
  const own = peers.find((peer): peer is PeerTimes => peer.name === 'ganglion' && 'medianMs' in peer);
  const line = (peer: PeerGame['peers'][number]): Line =>
    'failure' in peer
      ? [NAMES[peer.name], '', `not measured: ${peer.failure}`]
      : [
          NAMES[peer.name],
          ms(peer.medianMs),
          `fastest ${ms(peer.minMs)}, ${peer.version}${besideOwn(peer, own, ratioMax[peer.name])}`,
        ];
  return block(
    `one worker beside its peers, ${threads} thread${threads === 1 ? '' : 's'} each: ms an iteration, median of ${iterations}, in turns\n` +
      title,
    peers.map(line),
  );
}

function besideOwn(peer: PeerTimes, own: PeerTimes | undefined, most: number | undefined): string {
  if (own === undefined || peer.name === 'ganglion') return '';
  const ratio = own.medianMs / peer.medianMs;
  const verdict = most === undefined ? '' : ` (aim ≤ ${most}: ${judged(ratio <= most, [own, peer])})`;
  return `: the replica takes ${ratio.toFixed(2)} × that${verdict}`;
}

function judged(isMet: boolean, times: readonly PeerTimes[]): string {
  if (times.some(({ medianMs, minMs }) => medianMs > CALM_RATIO_MAX * minMs)) return 'not judged, the machine was busy';
  return isMet ? 'met' : 'MISSED';
}
