/** Compiles the addon of @tensorflow/tfjs-node-gpu, and ours around it, against the unpacked library: no node-gyp. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { findProgram, runCommand } from './command.ts';
import { diskFull, saysDiskFull } from './diskSpace.ts';
import { nativeFiles, type Site } from './site.ts';

/** It takes 6 s on one quiet core; a loaded small machine may need minutes. */
const COMPILE_MS_MAX = 10 * 60_000;
const FLAGS = ['-O2', '-std=c++17', '-fPIC', '-shared', '-w', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'];
const RUN_PATH = '-Wl,-rpath,$ORIGIN/../../deps/lib';

/** $CXX, else g++, else clang++. Throws `backend` where none is there. */
export function requireCompiler(env: NodeJS.ProcessEnv): string {
  const compiler = findCompiler(env);
  if (compiler) return compiler;
  throw new GanglionError({
    code: 'backend',
    message: env.CXX
      ? `$CXX names ${env.CXX}, which is not a program on the PATH.`
      : 'There is no C++ compiler (g++ or clang++) on the PATH; the addon is compiled on this machine.',
    remedy: 'Run `apt-get install -y g++`, or set CXX to a compiler.',
  });
}

export function findCompiler(env: NodeJS.ProcessEnv): string | undefined {
  if (env.CXX) return findProgram(env.CXX, env);
  return findProgram('g++', env) ?? findProgram('clang++', env);
}

/** Builds both addons from `folder`/deps into `folder`/lib/napi-v8. */
export async function buildAddons(
  compiler: string,
  folder: string,
  site: Site,
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = nativeFiles(folder);
  const compile = (args: readonly string[]) => runCompiler(compiler, args, site.env, signal);
  mkdirSync(files.addonFolder, { recursive: true });
  const libraries = [`-L${files.libraries}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', RUN_PATH];
  const headers = [`-I${site.nodeApiHeaders}`, `-I${files.headers}`, `-I${packageSources(site)}`];
  await Promise.all([
    compile([...FLAGS, ...headers, ...bindingSources(site), ...libraries, '-o', files.addon]),
    compile([...FLAGS, `-I${site.nodeApiHeaders}`, site.quietSource, '-o', files.quiet]),
  ]);
}

async function runCompiler(
  compiler: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = await runCommand(compiler, args, { env, timeoutMs: COMPILE_MS_MAX, signal });
  if (result.code === 0) return;
  if (saysDiskFull(result.stderr)) throw diskFull('the addon or the compiler’s temporary files');
  const lines = result.stderr.split('\n').filter((line) => line.trim() !== '');
  const said =
    lines.find((line) => /\berror\b|fatal|cannot/i.test(line)) ?? lines.at(-1) ?? `it ended by ${result.signal}`;
  throw new GanglionError({
    code: 'backend',
    message: `${compiler} could not build the addon: ${said.trim()}.`,
    remedy: 'Install a complete C++ 17 compiler (`apt-get install -y g++`), or name another one in CXX.',
  });
}

/** Ours includes the package's own entry, so that it is one addon with one function more. */
function bindingSources(site: Site): string[] {
  const folder = packageSources(site);
  const others = readdirSync(folder).filter((name) => name.endsWith('.cc') && name !== 'tfjs_binding.cc');
  return [site.bindingSource, ...others.sort().map((name) => join(folder, name))];
}

function packageSources(site: Site): string {
  return join(site.packageFolder, 'binding');
}

/** SHA-256 over everything of ours and of the package that the addons are made of: a change means a new build. */
export function addonSourceSha256(site: Site): string {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, RUN_PATH]));
  const folder = packageSources(site);
  const sources = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  for (const source of [...sources, site.bindingSource, site.quietSource]) hash.update(readFileSync(source));
  return hash.digest('hex');
}
