/** PyTorch DDP over gloo on the bench's networks, batch and optimizer, as a whole: `--peer-python PATH`. */
import { median } from './median.ts';
import { BATCH_SIZE, DISCRIMINATOR_UNITS, GENERATOR_UNITS, LEARNING_RATE } from './networks.ts';
import { roundsOfPython } from './peerPython.ts';

export interface DdpBench {
  readonly workers: number;
  readonly iterations: number;
  readonly medianMs: number;
  readonly minMs: number;
}

/**
 * D and G in turn; D sees real and fake as one batch; G's gradient goes through the bare D, so that DDP averages G's alone.
 * One thread a process, as a worker of ours has. Prints the ms of each iteration, slowest rank.
 */
const SCRIPT = `
import json, sys, time, torch, torch.distributed as dist, torch.multiprocessing as mp
from torch import nn
from torch.nn.functional import softplus
from torch.nn.parallel import DistributedDataParallel as DDP
def network(units, last):
    layers = []
    for i in range(len(units) - 1):
        layers.append(nn.Linear(units[i], units[i + 1]))
        layers.append(nn.ReLU() if i < len(units) - 2 else last)
    return nn.Sequential(*layers)
def work(rank, world, iterations, path, queue):
    torch.set_num_threads(1)
    dist.init_process_group('gloo', init_method='file://' + path, rank=rank, world_size=world)
    g_units, d_units = ${JSON.stringify(GENERATOR_UNITS)}, ${JSON.stringify(DISCRIMINATOR_UNITS)}
    g, d = network(g_units, nn.Sigmoid()), network(d_units, nn.Identity())
    ddp_g, ddp_d = DDP(g), DDP(d)
    g_sgd = torch.optim.SGD(g.parameters(), lr=${LEARNING_RATE})
    d_sgd = torch.optim.SGD(d.parameters(), lr=${LEARNING_RATE})
    batch = ${BATCH_SIZE} // world
    real = torch.rand(batch, d_units[0])
    ms = []
    for _ in range(iterations):
        dist.barrier()
        start = time.perf_counter()
        with torch.no_grad():
            fake = g(torch.randn(batch, g_units[0]))
        logits = ddp_d(torch.cat([real, fake]))
        loss = softplus(-logits[:batch]).mean() + softplus(logits[batch:]).mean()
        d_sgd.zero_grad()
        loss.backward()
        d_sgd.step()
        d.requires_grad_(False)
        loss = softplus(-d(ddp_g(torch.randn(batch, g_units[0])))).mean()
        g_sgd.zero_grad()
        loss.backward()
        g_sgd.step()
        d.requires_grad_(True)
        ms.append((time.perf_counter() - start) * 1e3)
    queue.put(ms)
    dist.barrier()
if __name__ == '__main__':
    world, iterations, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    queue = mp.get_context('spawn').SimpleQueue()
    mp.spawn(work, (world, iterations, path, queue), nprocs=world)
    all = [queue.get() for _ in range(world)]
    print(json.dumps([max(r) for r in zip(*all)]))
`;
const WARM_UP_ITERATIONS = 10;

/** Throws `invalid-argument` where this Python cannot. */
export async function benchDdp(python: string, iterations: number, workers: number): Promise<DdpBench> {
  const all = await roundsOfPython(python, 'DDP', SCRIPT, [workers, WARM_UP_ITERATIONS + iterations]);
  const iterationMs = all.slice(WARM_UP_ITERATIONS);
  return { workers, iterations, medianMs: median(iterationMs), minMs: Math.min(...iterationMs) };
}
