/**
 * Proves that the pages of docs/ can be followed: every block that is marked `sh` is run as it stands, page by page, in a folder
 * of its own, with `npx ganglion` for the program of this checkout and ports of its own.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { freePort } from './freePort.ts';

const folder = join(packageRoot(), 'docs');
const PAGES = readdirSync(folder).filter((file) => file.endsWith('.md'));
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const blocksOf = (file: string) => [...textOf(file).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);

/** `npx ganglion …` and `npm run …` as they are in a checkout; a coordinator listens where the others look for it. */
const PROGRAMS = {
  npx: '[ "$1" = ganglion ] || exit 9; shift; if [ "$1" = coordinator ]; then set -- "$@" --port "$PORT" --http-port 0 --page-port 0; fi; exec "$NODE" "$PROGRAM" "$@"',
  npm: '[ "$3" = reproduce ] || exit 9; shift 4; exec "$NODE" "$(dirname "$PROGRAM")/../reproduce/main.js" "$@"',
};

describe('pages', () => {
  it.each(PAGES.filter((file) => blocksOf(file).length > 0))('%s can be followed', async (file) => {
    const home = mkdtempSync(join(tmpdir(), 'ganglion-pages-'));
    const bin = join(home, '.bin');
    mkdirSync(bin);
    for (const [name, text] of Object.entries(PROGRAMS)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    const port = await freePort();
    // What a page leaves in the background ends with it.
    const script = [
      'set -euo pipefail',
      "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT",
      ...blocksOf(file),
    ].join('\n');
    try {
      const { code, output } = await bash(script, home, {
        PATH: `${bin}:${process.env.PATH}`,
        NODE: process.execPath,
        PROGRAM: join(packageRoot(), 'dist', 'services', 'cli', 'main.js'),
        PORT: String(port),
        GANGLION_COORDINATOR: `127.0.0.1:${port}`,
      });
      expect(code, output).toBe(0);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

function bash(script: string, cwd: string, env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    // Not as an argument: a page may look for processes by their command line.
    const file = join(cwd, '.page.sh');
    writeFileSync(file, script);
    const child = execFile('bash', [file], { cwd, env: { ...process.env, ...env } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${out}\n${err}` });
    });
    child.stdin?.end();
  });
}
