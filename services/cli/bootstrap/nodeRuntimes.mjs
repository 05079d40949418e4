/** Other Node versions for the compatibility test, from npm's own packages of the runtime. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, isExecutable } from './programs.mjs';
import { say, step } from './step.mjs';

const VERSIONS = { GANGLION_NODE_22: '22.23.3', GANGLION_NODE_24: '24.21.0' };

/** Paths of the runtimes by the name of the variable that hands them to the tests, or undefined with a line why. */
export async function provisionNodeRuntimes() {
  const paths = {};
  for (const [variable, version] of Object.entries(VERSIONS)) {
    const path = await provision(version);
    if (!path) return undefined;
    paths[variable] = path;
  }
  return paths;
}

async function provision(version) {
  const runtime = `node-${process.platform}-${process.arch}`;
  const folder = join(cacheFolder, `node-${version}`);
  const binary = join('node_modules', runtime, 'bin', 'node');
  if (isExecutable(join(folder, binary))) return join(folder, binary);

  const partial = `${folder}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${runtime}@${version}`];
  const done = await step(`install Node ${version}`, 'npm', args, { cwd: partial, env: withoutNpm(process.env) });
  if (done && !existsSync(folder)) renameSync(partial, folder);
  rmSync(partial, { recursive: true, force: true });
  if (isExecutable(join(folder, binary))) return join(folder, binary);
  say(
    `The tests need Node ${version}: check the network, then run \`npm install ${runtime}@${version}\` to see why not.`,
  );
  return undefined;
}

/** `npm run` hands its own settings down, among them the folder of our package: this npm has another one. */
function withoutNpm(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_(config_local_prefix|package_|lifecycle_)/.test(name)),
  );
}
