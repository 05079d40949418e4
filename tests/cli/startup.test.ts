/**
 * Proves why `ganglion --help` is quick: what the command tree imports before a command runs is small. A static import of
 * a room that computes, dials or serves would add its load time to every command line.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const STATIC_IMPORT = /^(?:import|export)\s(?!type\s)(?:[^'";]*\sfrom\s)?'([^']+)'/gm;

/** Files and packages that are loaded with a file, by its static imports; `import type` is gone at run time. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  const name = relative(packageRoot(), file);
  if (loaded.has(name)) return loaded;
  loaded.add(name);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
    if (specifier.startsWith('.')) loadedWith(join(dirname(file), specifier), loaded);
    else loaded.add(specifier);
  }
  return loaded;
}

describe('what the command tree loads', () => {
  const loaded = [...loadedWith(join(packageRoot(), 'services/cli/main.ts'))];

  it('is the tree itself', () => {
    expect(loaded).toContain('services/cli/program.ts');
    expect(loaded).toContain('services/cli/commands/runs.ts');
  });

  it('has no room but cli, config, errors and process, and one file of sentences', () => {
    const own = loaded.filter((name) => name.startsWith('services/') && name !== 'services/report/evaluationText.ts');
    const rooms = new Set(own.map((name) => name.split('/')[1]));
    expect([...rooms].sort()).toEqual(['cli', 'config', 'errors', 'process']);
  });

  it('has four packages', () => {
    const packages = loaded.filter((name) => !name.startsWith('services/') && !name.startsWith('node:'));
    expect(packages.sort()).toEqual(['cli-table3', 'commander', 'picocolors', 'yaml']);
  });
});
