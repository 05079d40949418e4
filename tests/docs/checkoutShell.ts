/** A shell in which `npx ganglion …` is the program of this checkout, in a folder of its own, on ports of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { freePort } from '../integration/freePort.ts';

/** What the pages call; a coordinator listens where the others look for it. */
const PROGRAMS = {
  npx: '[ "$1" = ganglion ] || exit 9; shift; exec ganglion "$@"',
  ganglion:
    'if [ "$1" = coordinator ]; then shift; set -- coordinator --port "$PORT" --http-port 0 --page-port 0 "$@"; fi; exec "$NODE" "$PROGRAM" "$@"',
  npm: '[ "$3" = reproduce ] || exit 9; shift 4; exec "$NODE" "$(dirname "$PROGRAM")/../reproduce/main.js" "$@"',
};

interface Ended {
  readonly code: number;
  /** stdout and stderr, as they came. */
  readonly output: string;
}

export class CheckoutShell {
  readonly home = mkdtempSync(join(tmpdir(), 'ganglion-pages-'));
  readonly port: number;
  readonly #env: NodeJS.ProcessEnv;

  static async open(env: NodeJS.ProcessEnv = {}): Promise<CheckoutShell> {
    return new CheckoutShell(await freePort(), env);
  }

  private constructor(port: number, env: NodeJS.ProcessEnv) {
    this.port = port;
    const bin = join(this.home, '.bin');
    mkdirSync(bin);
    for (const [name, text] of Object.entries(PROGRAMS)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    this.#env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      NODE: process.execPath,
      PROGRAM: join(packageRoot(), 'dist', 'services', 'cli', 'main.js'),
      PORT: String(port),
      GANGLION_COORDINATOR: `127.0.0.1:${port}`,
      ...env,
    };
  }

  /** Follows a script to its end, and takes along what it leaves in the background. */
  run(script: string, cwd = this.home): Promise<Ended> {
    // Not as an argument: a page may look for processes by their command line.
    const file = join(this.home, '.page.sh');
    const end = "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT";
    writeFileSync(file, `exec 2>&1\nset -euo pipefail\n${end}\n${script}`);
    return new Promise((resolve) => {
      const child = execFile('bash', [file], { cwd, env: this.#env }, (error, output) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output });
      });
      child.stdin?.end();
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
