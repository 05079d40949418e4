/** Chooses the backend that computes: CUDA → libtensorflow on the CPU → WASM → plain JavaScript. */
import { isMainThread } from 'node:worker_threads';
import type * as tfjs from '@tensorflow/tfjs';
import type { RunConfig } from '../config/runConfig.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';
import { deviceClassOf } from './deviceClass.ts';
import { loadNative } from './nativeBackend.ts';
import { cudaObstacle, nativeObstacle, type Obstacle } from './obstacle.ts';
import { loadPlain, loadWasm } from './portableBackends.ts';
import { xlaFlags } from './xla.ts';

export type BackendKind = 'cuda' | 'tensorflow' | 'wasm' | 'cpu';

export interface Backend {
  readonly kind: BackendKind;
  /** Ready: its backend is set and initialised. */
  readonly tf: typeof tfjs;
  /** Version of what computes: libtensorflow's, or tfjs's. */
  readonly version: string;
  /** Two workers with the same class and thread count give the same bits. */
  readonly deviceClass: string;
  readonly intraOpThreads: number;
  /** The better kinds that were tried, in order, and what would make them work. */
  readonly whyNot: readonly WhyNot[];
}

export interface WhyNot extends Obstacle {
  readonly kind: BackendKind;
}

export interface BackendWish {
  readonly require: RunConfig['backend']['require'];
  /** Threads inside one op, for libtensorflow; the others have one. */
  readonly intraOpThreads: number;
}

/** Best first. */
const ORDER: readonly BackendKind[] = ['cuda', 'tensorflow', 'wasm', 'cpu'];

/** Throws `backend` where the required kind is not there; `any` always ends with one, plain JavaScript at worst. */
export async function selectBackend({ require, intraOpThreads }: BackendWish): Promise<Backend> {
  if (isMainThread) prepareBackendEnvironment(intraOpThreads);
  invariant(
    process.env.TF_NUM_INTRAOP_THREADS === String(intraOpThreads),
    'the main thread calls prepareBackendEnvironment before it starts the thread that selects',
  );
  const whyNot: WhyNot[] = [];
  for (const kind of require === 'any' ? ORDER : [require]) {
    const tried = await tryKind(kind);
    if ('tf' in tried) {
      const { tf, version } = tried;
      return { kind, tf, version, deviceClass: deviceClassOf(kind, version), intraOpThreads, whyNot };
    }
    whyNot.push({ kind, ...tried });
  }
  const wanted = require === 'any' ? 'No backend' : `The required backend ${require}`;
  throw new GanglionError({
    code: 'backend',
    message: `${wanted} cannot be used: ${whyNot.map(({ why }) => why).join(' ')}`,
    remedy: whyNot.at(-1)?.remedy ?? '',
  });
}

/**
 * Sets what libtensorflow reads from the environment while it loads. The main thread calls this before it starts a
 * thread that computes: a thread's `process.env` is a copy, which native code never sees.
 */
export function prepareBackendEnvironment(intraOpThreads: number): void {
  const threads = String(intraOpThreads);
  process.env.TF_NUM_INTRAOP_THREADS = threads;
  process.env.OMP_NUM_THREADS = threads;
  // Ops run one after the other here: a second one at once would only take cores from the first. Below 0, a graph runs
  // them in the thread that calls it; in a thread beside it (1) they would find another core's caches: at 34 samples
  // a compiled step took longer than op by op.
  process.env.TF_NUM_INTEROP_THREADS = '-1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const flags = xlaFlags(process.env.XLA_FLAGS);
  if (flags !== undefined) process.env.XLA_FLAGS = flags;
}

type Loaded = { readonly tf: typeof tfjs; readonly version: string };

async function tryKind(kind: BackendKind): Promise<Loaded | Obstacle> {
  try {
    if (kind === 'wasm') return await loadWasm();
    if (kind === 'cpu') return await loadPlain();
    const obstacle = kind === 'cuda' ? cudaObstacle() : nativeObstacle();
    if (obstacle) return obstacle;
    const { gpu, ...native } = await loadNative();
    if (gpu === (kind === 'cuda')) return native;
    return gpu
      ? { why: 'The CUDA build computes on the GPU.', remedy: 'Set CUDA_VISIBLE_DEVICES=-1 to compute on the CPU.' }
      : { why: 'The CUDA build found no GPU that it can use.', remedy: 'Check the NVIDIA driver (525 or later).' };
  } catch (error) {
    return { why: `Loading it failed: ${describeError(error)}`, remedy: 'Run `ganglion doctor`.' };
  }
}
