/**
 * A run of two workers beside PyTorch DDP over gloo on two processes: `--peer-python PATH`. The same networks, batch and
 * optimizer; both are there all the time and compute in turns.
 */
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { withCluster } from './cluster.ts';
import { median } from './median.ts';
import { benchConfig } from './networks.ts';
import { PausedRun } from './pausedRun.ts';
import { cannotRun, startPython } from './peerPython.ts';
import { PeerFailure } from './peers/peerFailure.ts';
import { pythonCase } from './peers/pythonCase.ts';
import { SERVE_SCRIPT } from './peers/serveScript.ts';
import { TORCH_GAME_SCRIPT } from './peers/torchScript.ts';
import { type Contestant, takeTurns } from './peers/turns.ts';

export interface DdpBench {
  readonly workers: number;
  /** Of each; both are timed in blocks of `BLOCK_ITERATIONS`, since a run reports so often. */
  readonly iterations: number;
  readonly medianMs: number;
  readonly minMs: number;
  /** Our run, in the same turns. */
  readonly run: { readonly medianMs: number; readonly minMs: number };
}

/**
 * G's gradient goes through the bare D, so that DDP averages G's alone. One thread a process, as a worker of ours has.
 * The ms of an iteration are the slowest rank's.
 */
const SCRIPT = `${SERVE_SCRIPT}${TORCH_GAME_SCRIPT}
def work(rank, world, case, store, orders, answers):
    import torch
    import torch.distributed as dist
    from torch.nn.parallel import DistributedDataParallel as DDP
    torch.set_num_threads(1)
    dist.init_process_group('gloo', init_method='file://' + store, rank=rank, world_size=world)
    g, d = networks(torch, case)
    iterate = game(torch, case, case['batchSize'] // world, DDP(g), DDP(d), d, False)
    for count in iter(orders[rank].get, None):
        answers.put(measure(iterate, count, dist.barrier))
def prepare(case):
    import torch
    import torch.multiprocessing as mp
    context = mp.get_context('spawn')
    world = case['workers']
    orders, answers = [context.SimpleQueue() for _ in range(world)], context.SimpleQueue()
    ranks = mp.spawn(work, (world, case, sys.argv[2], orders, answers), nprocs=world, join=False)
    def answer():
        while answers.empty():
            ranks.join(0.1)
        return answers.get()
    def times(count):
        for order in orders:
            order.put(count)
        return [max(ms) for ms in zip(*[answer() for _ in orders])]
    return torch.__version__, times
if __name__ == '__main__':
    serve(prepare)
`;
const WORKERS = 2;
const BLOCK_ITERATIONS = 5;
const WARM_UP_ITERATIONS = 10;
/** Of blocks. */
const TURNS = { rounds: 8, iterations: 4 } as const;

/** Throws `invalid-argument` where this Python cannot. */
export async function benchDdp(python: string, backend: RunConfig['backend']): Promise<DdpBench> {
  return withCluster(async (cluster) => {
    const task = { ...pythonCase(benchConfig({ workers: WORKERS, backend })), workers: WORKERS };
    try {
      const peer = await startPython(cluster.leftovers, python, SCRIPT, task);
      await peer.times(WARM_UP_ITERATIONS);
      const run = await PausedRun.start(cluster, WORKERS, backend, BLOCK_ITERATIONS);
      const times = await takeTurns([inBlocks(peer), run], TURNS);
      const [ddpMs, runMs] = [must(times[0], 'times of DDP'), must(times[1], 'times of the run')];
      const iterations = TURNS.rounds * TURNS.iterations * BLOCK_ITERATIONS;
      return { workers: WORKERS, iterations, ...middleOf(ddpMs), run: middleOf(runMs) };
    } catch (error) {
      throw error instanceof PeerFailure ? cannotRun(python, 'DDP', error) : error;
    }
  });
}

/** The mean of each block is a time. */
function inBlocks(contestant: Contestant): Contestant {
  return {
    times: async (count) => {
      const times = await contestant.times(count * BLOCK_ITERATIONS);
      return Array.from({ length: count }, (_, block) => {
        const own = times.slice(block * BLOCK_ITERATIONS, (block + 1) * BLOCK_ITERATIONS);
        return own.reduce((sum, ms) => sum + ms, 0) / BLOCK_ITERATIONS;
      });
    },
  };
}

function middleOf(times: readonly number[]) {
  return { medianMs: median(times), minMs: Math.min(...times) };
}
