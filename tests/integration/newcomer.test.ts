/**
 * Proves that a stranger can follow the README: a clone in an empty HOME, its first two blocks as they stand, and what they say
 * comes about: pictures after the first, a run that completes on a cluster by hand after the second.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { blocksRunBy } from '../docs/shellBlocks.ts';
import { freePort } from './freePort.ts';

/** Installs everything, as a first time does, and trains for a minute; twice. */
const FOLLOWED_MS_MAX = 15 * 60_000;

const [first = '', second = ''] = blocksRunBy('tests/integration/newcomer.test.ts').map(({ text }) => text);

let home = '';
let clone = '';
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ganglion-newcomer-'));
  clone = join(home, 'ganglion');
  const bin = join(home, 'bin');
  mkdirSync(bin);
  const port = await freePort();
  // The second block's cluster is on ports of its own; and these tests are not run within themselves.
  const shims = {
    npx: `[ "$2" != coordinator ] || set -- "$@" --port ${port} --http-port 0 --page-port 0; exec "$REAL/npx" "$@"`,
    npm: '[ "$1" != test ] || exit 0; exec "$REAL/npm" "$@"',
  };
  for (const [name, text] of Object.entries(shims))
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const real = (await followed('dirname "$(command -v npm)"', packageRoot(), process.env)).output.trim();
  env = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(GANGLION|VITEST|XDG|NODE_ENV|npm_)/.test(name)),
    ),
    ...{ HOME: home, PATH: `${bin}:${process.env.PATH}`, REAL: real, GANGLION_COORDINATOR: `127.0.0.1:${port}` },
  };
  const cloned = await followed(`git clone --quiet --depth 1 "file://${packageRoot()}" ganglion`, home, env);
  expect(cloned.code, cloned.output).toBe(0);
});
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

it('the first block leaves pictures in runs/', { timeout: FOLLOWED_MS_MAX }, async () => {
  const { code, output } = await followed(first, clone, env);
  expect(code, output).toBe(0);
  const run = join(clone, 'runs', 'mnist-quick-1');
  const pictures = readdirSync(run).filter((file) => file.startsWith('fakes_') && file.endsWith('.png'));
  expect(pictures.length).toBeGreaterThan(2);
  for (const picture of pictures) expect(statSync(join(run, picture)).size).toBeGreaterThan(1_000);
});

it('the second block is a cluster whose run completes', { timeout: FOLLOWED_MS_MAX }, async () => {
  const { code, output } = await followed(second, clone, env);
  expect(code, output).toBe(0);
  expect(output).toMatch(/^State +completed/m);
});

/** A shell that does what is written, and takes along at its end what it left in the background. */
async function followed(block: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const script = `set -e; trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n${block}`;
  const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code: code ?? 1, output };
}
