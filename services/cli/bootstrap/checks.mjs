/** The gates of `npm run check`, in order. CI runs the same ones. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say, step } from './step.mjs';

/** True where every gate passed; the first that fails ends it. `tests` runs the tests with coverage, or is undefined. */
export async function check(root, tests) {
  const bin = (...path) => join(root, 'node_modules', ...path);
  const node = (title, ...args) => step(title, process.execPath, args, { cwd: root });
  return (
    (await node('format and lint', bin('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--colors=off', '.')) &&
    (await protoTypesAreCurrent(root)) &&
    (await node('types', bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json')) &&
    (tests === undefined || (await tests())) &&
    (await node('unused code', bin('knip', 'bin', 'knip.js')))
  );
}

/** Regenerates the proto types beside and compares every file. */
async function protoTypesAreCurrent(root) {
  const fresh = mkdtempSync(join(tmpdir(), 'ganglion-proto-'));
  try {
    const generate = join(root, 'services', 'wire', 'generate.mjs');
    if (!(await step('regenerate the proto types', process.execPath, [generate, fresh], { cwd: root }))) return false;
    const different = differences(join(root, 'services', 'wire', 'generated'), fresh);
    if (different.length === 0) return true;
    say(`✗ committed proto types are stale: ${different.join(', ')}. Run \`npm run proto\` and commit.`);
    return false;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function differences(committed, fresh) {
  const names = new Set([...filesOf(committed), ...filesOf(fresh)]);
  return [...names].filter((name) => read(join(committed, name)) !== read(join(fresh, name))).sort();
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
