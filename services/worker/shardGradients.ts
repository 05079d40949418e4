/**
 * The gradients of this worker's shards in one phase. Usually each shard is computed by itself, so that what stands may leave
 * while others are computed. Where batch norm is synchronised, all shards go in step, from one exchange of sums to the next.
 */
import type { GradientExchange } from '../compression/gradientExchange.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import type { Assignment } from '../control/messages.ts';
import { rowFormat } from '../data/rowFormat.ts';
import { invariant, must } from '../errors/invariant.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { exchangedLengths, exchangesSums } from '../gan/exchangedSums.ts';
import { allFinite } from '../gan/finite.ts';
import { type GradientLayout, NETWORKS } from '../gan/layout.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { shardRange } from '../plan/shards.ts';
import type { Compute } from './compute/protocol.ts';
import type { PhaseTimer } from './phaseTimer.ts';

export interface GradientPorts {
  readonly compute: Pick<Compute, 'call'>;
  readonly exchange: Pick<GradientExchange, 'batchSums'>;
  readonly timer: PhaseTimer;
  doing(activity: 'compute' | 'exchange'): void;
  stopAsked(): boolean;
}

export interface GradientWork {
  readonly config: RunConfig;
  readonly assignment: Pick<Assignment, 'sampleSize'>;
  readonly plan: PhasePlan;
  /** Of all own shards, one after the other; undefined in a phase that reads none. */
  readonly rows: Uint8Array | undefined;
  /** Each own shard's flat gradient, to be filled. */
  readonly flats: ReadonlyMap<number, Float32Array>;
  readonly layout: GradientLayout;
}

export interface ShardGradients {
  readonly all: Promise<unknown>;
  computed(shard: number, network: NetworkName): Promise<void>;
  /** Own shards that brought the first NaN or infinity into a batch sum; undefined where those are finite. */
  readonly suspects?: readonly number[] | undefined;
}

/** Resolves once the road is free for the gradients, whether they stand or not. */
export async function shardGradients(work: GradientWork, ports: GradientPorts): Promise<ShardGradients> {
  const isInStep = NETWORKS.some((network) => exchangesSums(work.config, network));
  return isInStep ? inStep(work, ports) : eachByItself(work, ports);
}

function eachByItself(work: GradientWork, { compute, stopAsked }: GradientPorts): ShardGradients {
  const { plan, flats, layout } = work;
  const computing = new Map<string, Promise<void>>();
  const [firstShard] = flats.keys();
  for (const [shard, samples] of samplesByShard(work)) {
    const flat = must(flats.get(shard), 'gradient buffer');
    for (const network of plan.updates) {
      const done = compute.call('gradient', { plan, shard, network, samples, flat }).then(() => {
        // The flag travels with the last network's gradient, behind it.
        const isLast = shard === firstShard && network === plan.updates.at(-1);
        if (isLast && stopAsked()) flat[layout.stopOffset] = 1;
      });
      computing.set(`${shard} ${network}`, done);
    }
  }
  return {
    all: Promise.all(computing.values()),
    computed: (shard, network) => must(computing.get(`${shard} ${network}`), 'gradient'),
  };
}

async function inStep(work: GradientWork, ports: GradientPorts): Promise<ShardGradients> {
  const { config, assignment, plan, flats, layout } = work;
  const { compute, exchange, timer, doing, stopAsked } = ports;
  const samplesOf = samplesByShard(work);
  let suspects: readonly number[] | undefined;
  for (const network of plan.updates) {
    /** What each of these shards adds to the next sums; nothing of one that has computed all. */
    const advance = async (shards: Iterable<number>, sums?: Float32Array): Promise<Map<number, Float32Array>> => {
      doing('compute');
      const answers = [...shards].map(async (shard) => {
        const flat = must(flats.get(shard), 'gradient buffer');
        const given = sums ? { samples: undefined, sums } : { samples: samplesOf.get(shard) };
        const own = await compute.call('gradient', { plan, shard, network, flat, ...given });
        return own ? [[shard, own] as const] : [];
      });
      return new Map((await timer.time('compute', Promise.all(answers))).flat());
    };
    let own = await advance(flats.keys());
    for (const length of exchangedLengths(config, assignment.sampleSize, plan, network)) {
      // A shard without samples adds nothing.
      const vectors = new Map([...flats.keys()].map((shard) => [shard, own.get(shard) ?? new Float32Array(length)]));
      // Before the exchange uses them up.
      suspects ??= [...vectors].filter(([, values]) => !allFinite(values)).map(([shard]) => shard);
      const sums = new Float32Array(length);
      failpoint('worker.beforeExchange');
      doing('exchange');
      const bytes = await timer.time('exchange', exchange.batchSums(plan.phase, vectors, sums));
      timer.exchanged({ bytes, savedBytes: 0 });
      if (allFinite(sums)) suspects = undefined;
      own = await advance(own.keys(), sums);
    }
    invariant(own.size === 0, 'the last sums of a network end its passes');
  }
  const [first] = flats.values();
  if (first && stopAsked()) first[layout.stopOffset] = 1;
  const stands = Promise.resolve();
  return { all: stands, computed: () => stands, suspects };
}

/** Copies: a view would be sent to the thread with all that it is a view of. */
function samplesByShard({ config, assignment, plan, rows, flats }: GradientWork): Map<number, Uint8Array | undefined> {
  const { rowBytes } = rowFormat(config.data, assignment.sampleSize);
  let offset = 0;
  return new Map(
    [...flats.keys()].map((shard) => {
      const bytes = shardRange(plan.sampleCount, config.shards, shard).count * rowBytes;
      const samples = rows?.slice(offset, offset + bytes);
      offset += bytes;
      return [shard, samples];
    }),
  );
}
