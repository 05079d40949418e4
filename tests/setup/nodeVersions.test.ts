/** Proves that the built program and every backend work, without a warning, on the other Node versions that we name. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const dist = join(packageRoot(), 'dist', 'services');
const runtimes = pathToFileURL(join(packageRoot(), 'services', 'cli', 'bootstrap', 'nodeRuntimes.mjs')).href;

describe.each(['22', '24'])('Node %s', (major) => {
  let node = '';
  beforeAll(async () => {
    // Found in the cache where `npm test` put it; a bare `vitest` brings it likewise.
    const { provisionNodeRuntimes } = (await import(runtimes)) as {
      provisionNodeRuntimes(): Promise<Record<string, string> | undefined>;
    };
    node = (await provisionNodeRuntimes())?.[`GANGLION_NODE_${major}`] ?? '';
    expect(node, 'the runtime could not be had: see the line above').not.toBe('');
  });

  it.each(['tensorflow', 'wasm', 'cpu'])('computes on %s', (kind) => {
    const script = `import(${JSON.stringify(`file://${join(dist, 'backend', 'select.js')}`)}).then(async (room) => {
      const { tf } = await room.selectBackend({ require: '${kind}', intraOpThreads: 1 });
      const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync();
      process.stdout.write(process.versions.node.split('.')[0] + ' ' + tf.getBackend() + ' ' + product.join());
    });`;
    const child = spawnSync(node, ['--throw-deprecation', '-e', script], { encoding: 'utf8' });
    expect([child.stderr, child.stdout]).toEqual(['', `${major} ${kind} 3,3,3,3`]);
  });

  it('runs the program', () => {
    const child = spawnSync(node, ['--throw-deprecation', join(dist, 'cli', 'main.js'), 'doctor', '-o', 'json'], {
      encoding: 'utf8',
    });
    expect([child.status, child.stderr]).toEqual([0, '']);
    expect(JSON.parse(child.stdout)).toMatchObject({
      node: expect.stringMatching(`^v${major}\\.`),
      chosen: 'tensorflow',
    });
  });
});
