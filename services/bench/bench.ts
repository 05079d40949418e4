/** The parts of the bench, one after the other: each has the machine for itself. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { mendKernels } from '../backend/mends.ts';
import { selectBackend } from '../backend/select.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { benchGloo, type GlooBench } from './glooBench.ts';
import { Leftovers } from './leftovers.ts';
import { benchMend } from './mendBench.ts';
import type { BenchOptions } from './options.ts';
import { benchRecovery } from './recoveryBench.ts';
import { benchReduce, type ReduceBench } from './reduceBench.ts';
import { benchReplica } from './replicaBench.ts';
import type { BenchReport, Machine } from './report.ts';
import { benchRun, type RunsBench } from './runsBench.ts';

const ITERATIONS = 30;
/** 18 MB: about what D's and G's gradients have together (19.5 MB), and what earlier figures were taken at. */
const REDUCE_VALUES = 4_500_000;
const REDUCE_ROUNDS = 40;
const REDUCES = [
  { road: 'direct', workers: 2 },
  { road: 'direct', workers: 3 },
  { road: 'star', workers: 2 },
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
    mend: async () => {
      begin('WASM: gradients of a dense layer, before and after the mend');
      return { mend: await benchMend() };
    },
    reduce: async () => {
      const reduce: ReduceBench[] = [];
      for (const which of REDUCES) {
        begin(`all-reduce: ${REDUCE_ROUNDS} rounds, ${which.road}, ${which.workers} processes`);
        reduce.push(await benchReduce(REDUCE_VALUES, REDUCE_ROUNDS, which));
      }
      return { reduce, ...(options.peerPython === undefined ? {} : { gloo: await measureGloo(options.peerPython) }) };
    },
    runs: async () => {
      const runs: RunsBench[] = [];
      for (const workers of RUN_WORKERS) {
        begin(
          `run with ${workers} worker${workers === 1 ? '' : 's'}: ${RUN_TIME.measureMs / 1000} s after the warm-up`,
        );
        runs.push(await benchRun(workers, backend, RUN_TIME));
      }
      return { runs };
    },
    recovery: async () => {
      begin('recovery: a worker and the coordinator are killed');
      return { recovery: await benchRecovery(backend) };
    },
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

async function measureGloo(python: string): Promise<GlooBench> {
  const leftovers = new Leftovers();
  try {
    const folder = leftovers.folder();
    const files = { scriptFile: join(folder, 'gloo.py'), storeFile: join(folder, 'store') };
    return await benchGloo(python, REDUCE_VALUES, REDUCE_ROUNDS, { workers: 2, ...files });
  } finally {
    await leftovers.clear();
  }
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
