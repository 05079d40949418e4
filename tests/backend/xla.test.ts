/** Proves what XLA is told of a CUDA install and what is said where its tools are missing; and that the real library takes those flags. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installBackend } from '../../services/backend/install.ts';
import { nativeFiles } from '../../services/backend/site.ts';
import { readStamp, writeStamp } from '../../services/backend/stamp.ts';
import { xlaFlags, xlaObstacle } from '../../services/backend/xla.ts';
import { xlaFunction } from '../../services/compile/xlaFunction.ts';
import { must } from '../../services/errors/invariant.ts';
import { startTensorflow } from '../compile/tensorflow.ts';
import { makeFakeSite } from './fakeSite.ts';

const fake = makeFakeSite();
afterAll(() => fake.remove());
const { packageFolder } = fake.site;
const cuda = join(nativeFiles(packageFolder).deps, 'nvidia', 'cuda_nvcc');

async function install({ gpu, tools }: { gpu: boolean; tools: boolean }): Promise<void> {
  await installBackend({ gpu: false, from: undefined, log: () => {} }, fake.site);
  writeStamp(packageFolder, { ...must(readStamp(packageFolder), 'stamp'), gpu });
  rmSync(cuda, { recursive: true, force: true });
  for (const file of tools ? ['nvvm/libdevice/libdevice.10.bc', 'bin/ptxas'] : []) {
    mkdirSync(dirname(join(cuda, file)), { recursive: true });
    writeFileSync(join(cuda, file), '');
  }
}

describe('an install', () => {
  it('for the CPU needs nothing, and tells XLA nothing', async () => {
    await install({ gpu: false, tools: false });
    expect(xlaObstacle('tensorflow', fake.site)).toBeUndefined();
    expect(xlaObstacle('wasm', fake.site)).toBe('it is a part of libtensorflow');
    expect(xlaFlags(undefined, fake.site)).toBeUndefined();
    expect(xlaFlags('--xla_dump_to=/d', fake.site)).toBe('--xla_dump_to=/d');
  });

  it('for CUDA without its tools is told of, with what brings them', async () => {
    await install({ gpu: true, tools: false });
    expect(xlaObstacle('cuda', fake.site)).toBe(
      `nvvm/libdevice/libdevice.10.bc and bin/ptxas are neither in ${cuda} nor in /usr/local/cuda; \`ganglion backend install --gpu\` brings them`,
    );
    expect(xlaFlags(undefined, fake.site)).toBe('--xla_gpu_deterministic_ops=true');
  });

  it('for CUDA names their folder and asks for the same kernels everywhere, unless a person did; the library takes it', async () => {
    await install({ gpu: true, tools: true });
    expect(xlaObstacle('cuda', fake.site)).toBeUndefined();
    expect(xlaFlags('--xla_gpu_cuda_data_dir=/mine', fake.site)).toBe(
      '--xla_gpu_cuda_data_dir=/mine --xla_gpu_deterministic_ops=true',
    );
    expect(xlaFlags('flags.txt', fake.site)).toBe('flags.txt');
    const flags = must(xlaFlags(undefined, fake.site), 'flags');
    expect(flags).toBe(`--xla_gpu_deterministic_ops=true --xla_gpu_cuda_data_dir="${cuda}"`);
    // XLA reads them when it first compiles, and ends the process where it does not know one.
    process.env.XLA_FLAGS = flags;
    const { tf, seam } = await startTensorflow();
    const negated = xlaFunction(seam, 'negation', ({ x }) => [tf.neg(must(x, 'x'))]);
    tf.tidy(() => {
      const [y] = negated.call({ x: tf.tensor1d([1, 2]) });
      expect([...must(y, 'y').dataSync()]).toEqual([-1, -2]);
    });
    negated.dispose();
  });
});
