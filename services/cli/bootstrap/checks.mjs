/** The gates of `npm run check`, in order. CI runs the same ones. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say, step } from './step.mjs';

/** True where every gate passed; the first that fails ends it. `tests` runs the tests with coverage, or is undefined. */
export async function check(root, tests) {
  const bin = (...path) => join(root, 'node_modules', ...path);
  const node = (title, ...args) => step(title, process.execPath, args, { cwd: root });
  return (
    (await node('format and lint', bin('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--colors=off', '.')) &&
    (await node('spelling', bin('cspell', 'bin.mjs'), '--no-progress', '--no-summary', '--no-color')) &&
    (await isCurrent(root, 'proto types', 'wire', 'generated')) &&
    (await isCurrent(root, 'SIMD kernels', 'simd', 'kernels.ts')) &&
    (await node('types', bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json')) &&
    (tests === undefined || (await tests())) &&
    (await node('unused code', bin('knip', 'bin', 'knip.js')))
  );
}

/** Generates what a room has committed once more, beside it, and compares every file. */
async function isCurrent(root, title, room, committed) {
  const fresh = mkdtempSync(join(tmpdir(), 'ganglion-generated-'));
  try {
    const generate = join(root, 'services', room, 'generate.mjs');
    const out = join(fresh, committed);
    if (!(await step(`regenerate the ${title}`, process.execPath, [generate, out], { cwd: root }))) return false;
    const different = differences(join(root, 'services', room, committed), out);
    if (different.length === 0) return true;
    say(
      `✗ committed ${title} are stale: ${different.map((name) => committed + name).join(', ')}. Run \`npm run generate\` and commit.`,
    );
    return false;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function differences(committed, fresh) {
  const names = new Set([...filesOf(committed), ...filesOf(fresh)]);
  return [...names].filter((name) => read(committed + name) !== read(fresh + name)).sort();
}

/** Paths below a folder, with their separator; of a file, the one that adds nothing. */
function filesOf(folder) {
  if (statSync(folder).isFile()) return [''];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length));
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
