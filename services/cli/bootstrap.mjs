/**
 * What `npm run quickstart | test | test:cluster | bench | reproduce | check` start in a bare clone. Plain Node ≥ 20 without a dependency: it
 * brings the packages, the build and the native backend, then hands over to the program.
 */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from './bootstrap/checks.mjs';
import { provisionChromium } from './bootstrap/chromium.mjs';
import { provisionManifestTools } from './bootstrap/manifestTools.mjs';
import { provisionNatsServer } from './bootstrap/natsServer.mjs';
import { provisionNodeRuntimes } from './bootstrap/nodeRuntimes.mjs';
import { packagesAreCurrent, stampPackages } from './bootstrap/packages.mjs';
import { missingForNativeBackend } from './bootstrap/programs.mjs';
import { provisionPrometheus } from './bootstrap/prometheus.mjs';
import { provisionPythonTools } from './bootstrap/pythonTools.mjs';
import { say, show, step } from './bootstrap/step.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = join(root, 'dist', 'services', 'cli', 'main.js');
const node = process.execPath;

const COMMANDS = { quickstart, bench, reproduce, test, 'test:cluster': testCluster, check: checkAll };

async function main([name, ...args]) {
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (!command) {
    say(`usage: node services/cli/bootstrap.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`);
    return 2;
  }
  return command(args);
}

async function quickstart(args) {
  if (!(await packagesAndBuild())) return 1;
  await nativeBackend();
  return show(node, [program, 'quickstart', ...args]);
}

async function bench(args) {
  if (!(await packagesAndBuild())) return 1;
  await nativeBackend();
  return show(node, ['--expose-gc', join(root, 'dist', 'services', 'bench', 'main.js'), ...args]);
}

async function reproduce(args) {
  if (!(await packagesAndBuild())) return 1;
  await nativeBackend();
  return show(node, [join(root, 'dist', 'services', 'reproduce', 'main.js'), ...args]);
}

async function test(args) {
  if (!(await packagesAndBuild())) return 1;
  const env = await testEnvironment();
  return env ? show(node, [vitest(), 'run', ...args], { cwd: root, env }) : 1;
}

/** On the cluster that KUBECONFIG names: see tests/cluster/clusterEnvironment.ts. */
async function testCluster(args) {
  if (!(await packagesAndBuild()) || !(await nativeBackend())) return 1;
  const config = join(root, 'tests', 'cluster', 'vitest.config.ts');
  return show(node, [vitest(), 'run', '--config', config, '--root', root, ...args], { cwd: root });
}

/** `--no-tests` leaves out the tests, and all that only they need. */
async function checkAll(args) {
  const wantsTests = !args.includes('--no-tests');
  if (!(await packagesAndBuild())) return 1;
  if (!wantsTests) return (await check(root, undefined)) ? 0 : 1;
  const env = await testEnvironment();
  if (!env) return 1;
  const tests = async () => (await show(node, [vitest(), 'run', '--coverage'], { cwd: root, env })) === 0;
  return (await check(root, tests)) ? 0 : 1;
}

async function packagesAndBuild() {
  if (!packagesAreCurrent(root)) {
    if (!(await step('install packages', 'npm', ['ci'], { cwd: root }))) return false;
    stampPackages(root);
  }
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return (
    (await step('build', node, [compiler, '-p', 'tsconfig.build.json'], { cwd: root })) &&
    step('build the live page', node, [compiler, '-p', 'tsconfig.browser.json'], { cwd: root })
  );
}

/** True where the native backend is installed. Without it everything goes on with WASM, which one line says. */
async function nativeBackend() {
  const stamp = join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu', 'deps', 'ganglion.json');
  const missing = existsSync(stamp) ? [] : missingForNativeBackend();
  if (missing.length > 0) {
    say(
      `No native backend: run \`apt-get install -y ${missing.join(' ')}\`, then this command again. WASM is used meanwhile.`,
    );
    return false;
  }
  if (await step('native backend', node, [program, 'backend', 'install'])) return true;
  say('No native backend (see above): WASM is used.');
  return false;
}

/** Everything the tests need that is not a package, as their environment; undefined where a part cannot be had. */
async function testEnvironment() {
  if (!(await nativeBackend())) {
    say('The tests run on the native backend as well, so they cannot go on without it.');
    return undefined;
  }
  const natsFolder = await provisionNatsServer();
  const runtimes = natsFolder && (await provisionPrometheus()) && (await provisionNodeRuntimes());
  if (!runtimes || !(await provisionPythonTools()) || !(await provisionChromium())) return undefined;
  if (!(await provisionManifestTools())) return undefined;
  return { ...process.env, ...runtimes, PATH: `${natsFolder}${delimiter}${process.env.PATH ?? ''}` };
}

function vitest() {
  return join(root, 'node_modules', 'vitest', 'vitest.mjs');
}

process.exitCode = await main(process.argv.slice(2));
