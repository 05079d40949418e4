/** The parts of the bench, one after the other: each has the machine for itself. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { mendKernels } from '../backend/mends.ts';
import { selectBackend } from '../backend/select.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { withCluster } from './cluster.ts';
import { benchControl } from './controlBench.ts';
import { benchDdp } from './ddpBench.ts';
import { benchEcho } from './echoBench.ts';
import { benchGloo } from './glooBench.ts';
import { benchMemory } from './memoryBench.ts';
import { benchMend } from './mendBench.ts';
import { benchNewcomer } from './newcomerBench.ts';
import type { BenchOptions } from './options.ts';
import { benchPage } from './pageBench.ts';
import { benchPeers } from './peers/peersBench.ts';
import { benchRecovery } from './recoveryBench.ts';
import { benchReduce, type ReduceBench } from './reduceBench.ts';
import { benchReplica } from './replicaBench.ts';
import type { BenchReport, Machine } from './report.ts';
import { benchRun, type RunsBench } from './runsBench.ts';
import { benchScaling } from './scaling/scalingBench.ts';

const ITERATIONS = 30;
/** 18 MB: about what D's and G's gradients have together (19.5 MB), and what earlier figures were taken at. */
const REDUCE_VALUES = 4_500_000;
const REDUCE_ROUNDS = 40;
const REDUCES = [
  { road: 'direct', workers: 2, wireFormat: 'fp32' },
  { road: 'direct', workers: 2, wireFormat: 'bf16' },
  { road: 'direct', workers: 3, wireFormat: 'fp32' },
  { road: 'direct', workers: 3, wireFormat: 'bf16' },
  { road: 'star', workers: 2, wireFormat: 'fp32' },
  { road: 'star', workers: 2, wireFormat: 'bf16' },
] as const;
const RUN_WORKERS = [1, 2] as const;
const RUN_TIME = { warmUpMs: 2_000, measureMs: 6_000 } as const;

/** @param note is told what is measured now. */
export async function bench(
  options: BenchOptions,
  require: RunConfig['backend']['require'],
  note: (text: string) => void,
): Promise<BenchReport> {
  const backend = { require, intraOpThreads: options.threads };
  const begin = (text: string) => {
    note(text);
    // Garbage of the part before is not this one's to collect. Only `node --expose-gc` has it.
    globalThis.gc?.();
  };
  const measurements: { [Part in BenchOptions['parts'][number]]: () => Promise<Partial<BenchReport>> } = {
    replica: async () => {
      begin(`one worker: ${ITERATIONS} iterations each of the bare loop and the replica`);
      return { replica: await measureReplica(backend) };
    },
    peers: async () => {
      const { peerPython, peerThreads } = options;
      return peerPython === undefined ? {} : { peers: await benchPeers(peerPython, require, peerThreads, begin) };
    },
    mend: async () => {
      begin('WASM: gradients of a dense layer, before and after the mend');
      return { mend: await benchMend() };
    },
    reduce: async () => {
      const reduce: ReduceBench[] = [];
      for (const which of REDUCES) {
        const { road, wireFormat, workers } = which;
        begin(`all-reduce: ${REDUCE_ROUNDS} rounds, ${road}, ${wireFormat}, ${workers} processes`);
        reduce.push(await benchReduce(REDUCE_VALUES, REDUCE_ROUNDS, which));
      }
      begin('the same bytes between two processes that only echo them');
      const echo = await benchEcho(4 * REDUCE_VALUES, REDUCE_ROUNDS);
      if (options.peerPython === undefined) return { reduce, echo };
      begin('all-reduce: PyTorch gloo, 2 processes');
      return { reduce, echo, gloo: await benchGloo(options.peerPython, REDUCE_VALUES, REDUCE_ROUNDS, 2) };
    },
    runs: async () => {
      const runs: RunsBench[] = [];
      for (const workers of RUN_WORKERS) {
        begin(
          `run with ${workers} worker${workers === 1 ? '' : 's'}: ${RUN_TIME.measureMs / 1000} s after the warm-up`,
        );
        runs.push(await benchRun(workers, backend, RUN_TIME));
      }
      if (options.peerPython === undefined) return { runs };
      begin('a run with 2 workers beside PyTorch DDP over gloo, in turns');
      return { runs, ddp: await benchDdp(options.peerPython, backend) };
    },
    recovery: async () => {
      begin('recovery: a worker and the coordinator are killed');
      return { recovery: await benchRecovery(backend) };
    },
    memory: async () => {
      begin(`memory: a run of ${options.memoryPhases} phases`);
      return { memory: await benchMemory(backend, options.memoryPhases) };
    },
    page: async () => {
      begin('the live page: a run of one worker, with and without viewers, in turns');
      return { page: await benchPage(backend) };
    },
    newcomer: async () => {
      begin('a newcomer: a clone, `npm run quickstart` in it, and the CLI');
      return { newcomer: await withCluster(({ address }) => benchNewcomer(address)) };
    },
    control: async () => {
      begin('the control plane: 16 to 1,024 workers that only talk');
      return { control: await benchControl() };
    },
    scaling: async () => ({ scaling: await benchScaling(backend, begin) }),
  };
  let report: BenchReport = { machine: thisMachine() };
  for (const part of options.parts) report = { ...report, ...(await measurements[part]()) };
  return report;
}

/** On WASM the bare loop gains from the mend as well: a kernel is mended for everyone who calls it. */
async function measureReplica(wish: RunConfig['backend']) {
  const backend = await selectBackend(wish);
  mendKernels(backend);
  const { kind, tf, version: backendVersion, intraOpThreads } = backend;
  return { device: { backend: kind, backendVersion, intraOpThreads }, ...benchReplica(tf, kind, ITERATIONS) };
}

function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
