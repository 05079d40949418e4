/**
 * Proves the order CUDA → libtensorflow → WASM → plain JavaScript, that a required backend is never replaced by
 * another, that each computes in a worker_threads thread whose main thread never loaded it, and that none prints a word.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { vectorUnit } from '../../services/backend/deviceClass.ts';
import { cudaObstacle, nativeObstacle } from '../../services/backend/obstacle.ts';
import { prepareBackendEnvironment, selectBackend } from '../../services/backend/select.ts';
import { defaultSite } from '../../services/backend/site.ts';
import { packageRoot } from '../../services/config/packageRoot.ts';

const installRemedy = 'Run `ganglion backend install`.';

describe('selectBackend', () => {
  it('prefers libtensorflow where there is no GPU, and says why not CUDA', async () => {
    const backend = await selectBackend({ require: 'any', intraOpThreads: 1 });
    expect(backend.kind).toBe('tensorflow');
    expect(backend.version).toBe('2.21.0');
    expect(backend.deviceClass).toMatch(/^tensorflow\/2\.21\.0\/x64-(avx512|avx2|avx)$/);
    expect(backend.whyNot.map(({ kind }) => kind)).toEqual(['cuda']);
    expect(backend.tf.getBackend()).toBe('tensorflow');
  });

  it.each(['tensorflow', 'wasm', 'cpu'] as const)(
    'gives %s where it is required, and nothing else',
    async (require) => {
      const { kind, tf, whyNot, deviceClass } = await selectBackend({ require, intraOpThreads: 1 });
      expect([kind, tf.getBackend(), whyNot]).toEqual([require, require, []]);
      expect(deviceClass.startsWith(`${require}/`)).toBe(true);
      expect([...tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync())]).toEqual([3, 3, 3, 3]);
    },
  );

  it('refuses CUDA without a GPU, with a remedy', async () => {
    await expect(selectBackend({ require: 'cuda', intraOpThreads: 1 })).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('no NVIDIA GPU'),
      remedy: expect.stringContaining('driver'),
    });
  });

  it('sets the thread count before the library loads', () => {
    prepareBackendEnvironment(3);
    expect(process.env.TF_NUM_INTRAOP_THREADS).toBe('3');
    expect(process.env.TF_NUM_INTEROP_THREADS).toBe('-1');
    prepareBackendEnvironment(1);
  });
});

describe('obstacles', () => {
  const empty = { ...defaultSite(), packageFolder: '/nowhere' };

  it('names the install where the library is missing', () => {
    expect(nativeObstacle(empty)?.remedy).toBe(installRemedy);
    expect(nativeObstacle()).toBeUndefined();
  });

  it('does not offer CUDA to a process whose GPUs are hidden', () => {
    expect(cudaObstacle({ ...empty, env: { CUDA_VISIBLE_DEVICES: '-1' } })?.why).toContain('no NVIDIA GPU');
  });

  it('classes a CPU by the widest vector unit that the library has kernels for', () => {
    expect(vectorUnit(new Set(['avx', 'avx2', 'avx512f']))).toBe('avx2');
    expect(vectorUnit(new Set(['avx', 'avx2', 'avx512f', 'avx512bw', 'avx512vl', 'avx512dq']))).toBe('avx512');
    expect(vectorUnit(new Set(['asimd']))).toBe('asimd');
    expect(vectorUnit(new Set())).toBe('generic');
  });
});

describe('in a thread', () => {
  const select = join(packageRoot(), 'dist', 'services', 'backend', 'select.js');
  let selectUrl = '';
  beforeAll(() => {
    selectUrl = JSON.stringify(`file://${select}`);
  });

  it.each([
    ['tensorflow', 'tensorflow'],
    ['wasm', 'wasm'],
    ['cpu', 'cpu'],
  ])('%s computes, silently', (require, kind) => {
    const thread = `import(${selectUrl}).then(async ({ selectBackend }) => {
      const { kind, tf } = await selectBackend({ require: '${require}', intraOpThreads: 1 });
      const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync();
      require('node:worker_threads').parentPort.postMessage(kind + ' ' + product.join());
    });`;
    const main = `import(${selectUrl}).then(({ prepareBackendEnvironment }) => {
      prepareBackendEnvironment(1);
      const thread = new (require('node:worker_threads').Worker)(${JSON.stringify(thread)}, { eval: true });
      thread.on('message', (text) => process.stdout.write(text));
    });`;
    const child = spawnSync(process.execPath, ['-e', main], { encoding: 'utf8' });
    expect(child.stderr).toBe('');
    expect(child.stdout).toBe(`${kind} 3,3,3,3`);
    expect(child.status).toBe(0);
  });
});
