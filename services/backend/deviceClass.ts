/** The name of everything that decides a product's last bit. Workers of one run must share it. */
import { readFileSync } from 'node:fs';
import { visibleGpus } from './gpus.ts';
import type { BackendKind } from './select.ts';

/**
 * libtensorflow's kernels are chosen by the CPU's vector unit, CUDA's by the GPU's model. WASM rounds alike on every
 * CPU. Plain JavaScript takes exp, log and tanh from V8, which may change them between versions.
 */
export function deviceClassOf(kind: BackendKind, version: string): string {
  if (kind === 'wasm') return `wasm/${version}`;
  if (kind === 'cpu') return `cpu/${version}/v8-${process.versions.v8.split('.').slice(0, 2).join('.')}`;
  if (kind === 'cuda') return `cuda/${version}/${(visibleGpus(process.env)[0] ?? 'unknown').replaceAll(' ', '-')}`;
  return `tensorflow/${version}/${process.arch}-${vectorUnit(cpuFlags())}`;
}

/** The widest unit that oneDNN has kernels for. Its "avx512" needs these four parts together (avx512_core). */
export function vectorUnit(flags: ReadonlySet<string>): string {
  if (['avx512f', 'avx512bw', 'avx512vl', 'avx512dq'].every((flag) => flags.has(flag))) return 'avx512';
  return ['avx2', 'avx', 'sse4_1', 'sve', 'asimd'].find((flag) => flags.has(flag)) ?? 'generic';
}

function cpuFlags(): ReadonlySet<string> {
  if (process.platform !== 'linux') return new Set();
  const info = readFileSync('/proc/cpuinfo', 'utf8');
  return new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1]?.split(/\s+/) ?? []);
}
