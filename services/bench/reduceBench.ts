/**
 * The all-reduce alone: worker processes sum gradients, directly with each other or through a coordinator. The coordinator
 * is the product's, so are the roads and the adding; only nobody computes a gradient.
 */
import { toYaml } from '../config/resolve.ts';
import type { Road } from '../control/messages.ts';
import { withCluster, workersArrive } from './cluster.ts';
import { answerOf, endOfAny } from './leftovers.ts';
import { median } from './median.ts';
import { benchConfig } from './networks.ts';
import type { ReduceAnswer } from './reducePeer.ts';
import { WARM_UP_ROUNDS } from './warmUp.ts';

export interface ReduceBench {
  readonly road: Road;
  /** bf16: the rounding of what a worker gives is part of the time. */
  readonly wireFormat: 'fp32' | 'bf16';
  readonly workers: number;
  /** Of the gradient that each worker gives and gets. */
  readonly bytes: number;
  readonly rounds: number;
  readonly medianMs: number;
  readonly minMs: number;
  /** Gradient bytes a second (1 GB = 10⁹ bytes), at the median and in the fastest round. */
  readonly medianGigabytesPerSecond: number;
  readonly maxGigabytesPerSecond: number;
}

/** @param values float32 values in the gradient. */
export async function benchReduce(
  values: number,
  rounds: number,
  { road, workers, wireFormat }: Pick<ReduceBench, 'road' | 'workers' | 'wireFormat'>,
): Promise<ReduceBench> {
  const answers = await withCluster(async (cluster) => {
    const { client, leftovers, address } = cluster;
    const peers = Array.from({ length: workers }, (_, i) =>
      leftovers.fork('reducePeer.js', [address, `peer-${i + 1}`, `${values}`, `${WARM_UP_ROUNDS + rounds}`]),
    );
    const answers = Promise.all(peers.map((peer) => answerOf<ReduceAnswer>(peer)));
    await workersArrive(cluster, peers);
    // Any config with so many workers would do: its networks are not computed.
    const config = benchConfig({ workers, road, wireFormat, backend: { require: 'any', intraOpThreads: 1 } });
    await client.createRun(toYaml(config), false);
    return Promise.race([answers, endOfAny(peers)]);
  });
  const bytes = values * 4;
  const roundMs = slowest(answers.map((answer) => answer.roundMs)).slice(WARM_UP_ROUNDS);
  const [medianMs, minMs] = [median(roundMs), Math.min(...roundMs)];
  return {
    road,
    workers,
    wireFormat,
    bytes,
    rounds,
    medianMs,
    minMs,
    medianGigabytesPerSecond: bytes / medianMs / 1e6,
    maxGigabytesPerSecond: bytes / minMs / 1e6,
  };
}

/** A round is over when the last worker has its sum. */
function slowest(roundsByWorker: readonly (readonly number[])[]): number[] {
  const [first = [], ...others] = roundsByWorker;
  return first.map((ms, round) => Math.max(ms, ...others.map((rounds) => rounds[round] ?? 0)));
}
