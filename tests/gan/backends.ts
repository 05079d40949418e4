/**
 * The backends that these tests run on: plain JS, WASM and libtensorflow. All three are part of the product, so a machine
 * that lacks one fails with the command that installs it.
 */
import { selectBackend } from '../../services/backend/select.ts';
import type { Tf } from '../../services/gan/kernels.ts';

export interface TestBackend {
  readonly kind: 'cpu' | 'wasm' | 'tensorflow';
  /** tfjs with this backend chosen. */
  readonly start: () => Promise<Tf>;
}

export function testBackends(): readonly TestBackend[] {
  // A GPU would compute other bits in other time: these tests are about the CPU.
  process.env.CUDA_VISIBLE_DEVICES = '-1';
  return (['cpu', 'wasm', 'tensorflow'] as const).map((kind) => ({
    kind,
    start: async () => (await selectBackend({ require: kind, intraOpThreads: 1 })).tf,
  }));
}
