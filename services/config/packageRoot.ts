/** Where the package's own files (proto, presets, C++ sources) lie, seen from services/ as from dist/services/. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from '../errors/invariant.ts';

/** The folder of our package.json. dist/ has none, so the walk up ends at the real one. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    invariant(dirname(folder) !== folder, 'package.json lies above every source file');
    folder = dirname(folder);
  }
  return folder;
}

/** Ganglion's version. */
export function packageVersion(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
