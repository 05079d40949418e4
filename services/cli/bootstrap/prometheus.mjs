/** The real Prometheus and promtool for the tests: on the PATH, or from Debian. */
import { fromDebian } from './debianPackage.mjs';
import { findProgram } from './programs.mjs';
import { say } from './step.mjs';

/** False, with a line that says how to get them, where they cannot be had. */
export async function provisionPrometheus() {
  const isThere = () => findProgram('prometheus') && findProgram('promtool');
  if (isThere() || ((await fromDebian('promtool', 'prometheus')) && isThere())) return true;
  say(
    'The tests need a real Prometheus: run `apt-get install -y prometheus`, or put prometheus and promtool on the PATH.',
  );
  return false;
}
