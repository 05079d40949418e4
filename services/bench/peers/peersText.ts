/** The peers' part of the report: a block for each game, and how much of each peer's time our replica takes. */
import { networksText } from '../networks.ts';
import { block, type Line, ms } from '../textBlock.ts';
import type { PeerGame, PeerName, PeerTimes } from './peerGame.ts';
import type { PeersBench } from './peersBench.ts';

const NAMES: Readonly<Record<PeerName, string>> = {
  ganglion: 'replica',
  torch: 'PyTorch, eager',
  'torch-compile': 'PyTorch, torch.compile',
  tensorflow: 'TensorFlow, tf.function',
};

/** Of a peer's time, at most: what this project allows its own replica. */
const RATIO_MAX: Partial<Record<PeerName, number>> = { torch: 0.95, tensorflow: 1.05 };

/** Median to fastest, where nothing else ran; threads that wait for a core that is taken bring it to 10 and more. */
const CALM_RATIO_MAX = 1.5;

export function peersText({ threads, games }: PeersBench): string {
  return games.map((game) => gameText(threads, game)).join('\n');
}

function gameText(threads: number, game: PeerGame): string {
  const { optimizer, batchSize, iterations, peers } = game;
  const own = peers.find((peer): peer is PeerTimes => peer.name === 'ganglion' && 'medianMs' in peer);
  const line = (peer: PeerGame['peers'][number]): Line =>
    'failure' in peer
      ? [NAMES[peer.name], '', `not measured: ${peer.failure}`]
      : [NAMES[peer.name], ms(peer.medianMs), `fastest ${ms(peer.minMs)}, ${peer.version}${besideOwn(peer, own)}`];
  const kind = optimizer === 'sgd' ? 'plain SGD' : 'Adam';
  return block(
    `one worker beside its peers, ${threads} thread${threads === 1 ? '' : 's'} each: ms an iteration, median of ${iterations}, in turns\n` +
      `${networksText(game)}, batch ${batchSize}, ${kind}`,
    peers.map(line),
  );
}

function besideOwn(peer: PeerTimes, own: PeerTimes | undefined): string {
  if (own === undefined || peer.name === 'ganglion') return '';
  const ratio = own.medianMs / peer.medianMs;
  const most = RATIO_MAX[peer.name];
  const verdict = most === undefined ? '' : ` (aim ≤ ${most}: ${judged(ratio <= most, [own, peer])})`;
  return `: the replica takes ${ratio.toFixed(2)} × that${verdict}`;
}

function judged(isMet: boolean, times: readonly PeerTimes[]): string {
  if (times.some(({ medianMs, minMs }) => medianMs > CALM_RATIO_MAX * minMs)) return 'not judged, the machine was busy';
  return isMet ? 'met' : 'MISSED';
}
