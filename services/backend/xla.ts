/** What XLA needs beside libtensorflow: on a GPU NVIDIA's libdevice and ptxas, and to be told where they lie. Reads files only. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendKind } from './select.ts';
import { defaultSite, nativeFiles, type Site } from './site.ts';
import { readStamp } from './stamp.ts';

const TOOLS = [join('nvvm', 'libdevice', 'libdevice.10.bc'), join('bin', 'ptxas')];
/** Where XLA looks by itself. */
const SYSTEM_CUDA = '/usr/local/cuda';

/** Why XLA cannot compile on a backend; undefined where it can. */
export function xlaObstacle(kind: BackendKind, site: Site): string | undefined {
  if (kind === 'wasm' || kind === 'cpu') return 'it is a part of libtensorflow';
  if (kind === 'tensorflow' || hasTools(ownCuda(site)) || hasTools(SYSTEM_CUDA)) return undefined;
  return `${TOOLS.join(' and ')} are neither in ${ownCuda(site)} nor in ${SYSTEM_CUDA}; \`ganglion backend install --gpu\` brings them`;
}

/** XLA_FLAGS for this install, with what a person set; undefined where there is nothing to say. */
export function xlaFlags(given: string | undefined, site: Site = defaultSite()): string | undefined {
  // What begins otherwise names a file of flags.
  if (readStamp(site.packageFolder)?.gpu !== true || given?.startsWith('-') === false) return given;
  const cuda = ownCuda(site);
  const wanted = {
    // Else each worker would choose the kernels that were the quickest in its own trial, and their bits.
    '--xla_gpu_deterministic_ops': 'true',
    ...(hasTools(cuda) ? { '--xla_gpu_cuda_data_dir': `"${cuda}"` } : {}),
  };
  const missing = Object.entries(wanted).filter(([flag]) => given?.includes(flag) !== true);
  return [...(given === undefined ? [] : [given]), ...missing.map(([flag, value]) => `${flag}=${value}`)].join(' ');
}

/** The wheel nvidia-cuda-nvcc, as `backend install --gpu` unpacks it. */
function ownCuda(site: Site): string {
  return join(nativeFiles(site.packageFolder).deps, 'nvidia', 'cuda_nvcc');
}

function hasTools(cuda: string): boolean {
  return TOOLS.every((file) => existsSync(join(cuda, file)));
}
