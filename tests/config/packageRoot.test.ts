/** Proves that the package's own files are found by walking up to its package.json. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot, packageVersion } from '../../services/config/packageRoot.ts';

it('the package root holds our package.json, the presets and the protos', () => {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as Record<string, unknown>;
  expect(manifest.name).toBe('ganglion');
  expect(packageVersion()).toBe(manifest.version);
  for (const path of ['services/config/presets/mnist-quick.yaml', 'proto/ganglion/v1']) {
    expect(existsSync(join(packageRoot(), path))).toBe(true);
  }
});
