/** PyTorch's gloo at the same sum in the same sitting, where a Python with torch is given: `--peer-python PATH`. */
import { median } from './median.ts';
import { roundsOfPython } from './peerPython.ts';
import { WARM_UP_ROUNDS } from './warmUp.ts';

export interface GlooBench {
  readonly workers: number;
  readonly bytes: number;
  readonly medianMs: number;
  readonly minMs: number;
}

/** Two processes and a store on a free port of loopback; prints the ms of each round, slowest rank. */
const SCRIPT = `
import json, sys, time, torch, torch.distributed as dist, torch.multiprocessing as mp
def work(rank, world, values, rounds, path, queue):
    torch.set_num_threads(1)
    dist.init_process_group('gloo', init_method='file://' + path, rank=rank, world_size=world)
    x = torch.ones(values)
    ms = []
    for _ in range(rounds):
        x.fill_(1.0)
        dist.barrier()
        start = time.perf_counter()
        dist.all_reduce(x)
        ms.append((time.perf_counter() - start) * 1e3)
        assert x[0].item() == world and x[-1].item() == world
    queue.put(ms)
    dist.barrier()
if __name__ == '__main__':
    world, values, rounds, path = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    queue = mp.get_context('spawn').SimpleQueue()
    mp.spawn(work, (world, values, rounds, path, queue), nprocs=world)
    both = [queue.get() for _ in range(world)]
    print(json.dumps([max(r) for r in zip(*both)]))
`;

/** Throws `invalid-argument` where this Python cannot. */
export async function benchGloo(python: string, values: number, rounds: number, workers: number): Promise<GlooBench> {
  const args = [workers, values, WARM_UP_ROUNDS + rounds];
  const roundMs = (await roundsOfPython(python, 'gloo', SCRIPT, args)).slice(WARM_UP_ROUNDS);
  return { workers, bytes: values * 4, medianMs: median(roundMs), minMs: Math.min(...roundMs) };
}
