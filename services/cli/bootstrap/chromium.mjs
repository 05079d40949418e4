/** A real browser for the tests: Debian's Chromium, or one on the PATH. */
import { findProgram } from './programs.mjs';
import { say, step } from './step.mjs';

/** True where one is there; else a line says how to get it. */
export async function provisionChromium() {
  if (findProgram('chromium')) return true;
  if (process.getuid?.() === 0 && findProgram('apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    // `npm test` has brought nats-server by then, and with it Debian's package lists.
    const args = ['install', '-y', '--no-install-recommends', 'chromium'];
    if (await step('install Chromium', 'apt-get', args, { env, quietFailure: true })) return true;
  }
  say('The tests need a real browser: run `apt-get install -y chromium`, or put `chromium` on the PATH.');
  return false;
}
