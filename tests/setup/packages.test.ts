/**
 * Proves that what tfjs-node-gpu's install script would need, and which is never run, does not ship in versions with known
 * holes: the overrides of package.json hold in the lock file, and are needed for as long as the package asks for less.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const read = (name: string) => JSON.parse(readFileSync(join(packageRoot(), name), 'utf8'));

it('the overridden packages are in the lock file in their overridden versions alone', () => {
  const { overrides } = read('package.json') as { overrides: Record<string, string> };
  const { packages } = read('package-lock.json') as { packages: Record<string, { version: string }> };
  const locked = Object.keys(overrides).map((name) => {
    const places = Object.keys(packages).filter((place) => place.endsWith(`node_modules/${name}`));
    return [name, [...new Set(places.map((place) => packages[place]?.version))]];
  });
  expect(Object.fromEntries(locked)).toEqual(
    Object.fromEntries(Object.entries(overrides).map(([name, version]) => [name, [version]])),
  );
});
