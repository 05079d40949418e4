/** The real nats-server for the tests: on the PATH, from Debian, or built by Go from a pinned version. */
import { dirname, join } from 'node:path';
import { fromDebian } from './debianPackage.mjs';
import { cacheFolder, findProgram, isExecutable } from './programs.mjs';
import { say, step } from './step.mjs';

/** Builds with Go 1.26. */
const NATS_VERSION = 'v2.15.2';

/** The folder that holds nats-server, or undefined, with a line that says how to get one. */
export async function provisionNatsServer() {
  const found = findProgram('nats-server');
  if (found) return dirname(found);
  const kept = join(cacheFolder, `nats-server-${NATS_VERSION}`);
  if (isExecutable(join(kept, 'nats-server'))) return kept;

  const program = await fromDebian('nats-server', 'nats-server');
  if (program) return dirname(program);
  const go = findProgram('go') ?? findProgram('go', '/usr/local/go/bin');
  if (go) {
    const env = { ...process.env, GOBIN: kept };
    const module = `github.com/nats-io/nats-server/v2@${NATS_VERSION}`;
    if (await step(`build nats-server ${NATS_VERSION}`, go, ['install', module], { env })) return kept;
  }
  say('The tests need a real nats-server: run `apt-get install -y nats-server`, or put one on the PATH.');
  return undefined;
}
