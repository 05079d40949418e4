/** Gets a pinned wheel: out of the cache where a verified one lies there, else through pip. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { findProgram, lastLine, runCommand } from './command.ts';
import { diskFull, saysDiskFull } from './diskSpace.ts';
import { sha256OfFile } from './fileHash.ts';
import { withLock } from './lock.ts';
import type { Site } from './site.ts';
import type { Wheel } from './wheels.ts';

/** 600 MB at 0.5 MB/s are 20 minutes. */
const DOWNLOAD_MS_MAX = 20 * 60_000;

/**
 * The verified wheel's path. Throws `backend` (no python3, no pip), `unreachable`, `disk` or `corrupt` (wrong hash).
 * The wheel stays in the cache after the install: `npm ci` removes node_modules, and the backend with it.
 */
export async function fetchWheel(
  wheel: Wheel,
  site: Site,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  mkdirSync(site.cacheFolder, { recursive: true });
  // Checkouts share the cache: the second waits, then finds what the first brought.
  const lock = join(site.cacheFolder, '.ganglion-cache.lock');
  return withLock(lock, log, () => fetchAlone(wheel, site, log, signal), signal);
}

async function fetchAlone(
  wheel: Wheel,
  site: Site,
  log: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  // Downloads that were killed. The lock is held, so they are nobody's.
  for (const name of readdirSync(site.cacheFolder)) {
    if (/^\.partial-\d+$/.test(name)) rmSync(join(site.cacheFolder, name), { recursive: true });
  }
  const kept = join(site.cacheFolder, wheel.file);
  if (existsSync(kept)) {
    if ((await sha256OfFile(kept)) === wheel.sha256) {
      log(`${wheel.file} is in the cache`);
      return kept;
    }
    log(`${kept} is damaged: it is fetched again`);
    rmSync(kept);
  }
  const python = await requirePip(site);
  const partial = join(site.cacheFolder, `.partial-${process.pid}`);
  mkdirSync(partial);
  try {
    log(`downloading ${wheel.file}`);
    await pipDownload(python, wheel, partial, site, signal);
    const sha256 = await sha256OfFile(join(partial, wheel.file));
    if (sha256 !== wheel.sha256) {
      throw new GanglionError({
        code: 'corrupt',
        message: `${wheel.file} has SHA-256 ${sha256}; the pinned one is ${wheel.sha256}.`,
        remedy: 'Nothing was installed. Try again; if it stays so, do not trust the package index you use.',
      });
    }
    renameSync(join(partial, wheel.file), kept);
    return kept;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function requirePip(site: Site): Promise<string> {
  const python = findProgram('python3', site.env);
  if (!python) {
    throw new GanglionError({
      code: 'backend',
      message: 'There is no python3 on the PATH; its pip fetches the TensorFlow library.',
      remedy: 'Run `apt-get install -y python3-pip`, or name a wheel with `ganglion backend install --from WHEEL`.',
    });
  }
  const pip = await runCommand(python, ['-m', 'pip', '--version'], { env: site.env, timeoutMs: 60_000 });
  if (pip.code !== 0) {
    throw new GanglionError({
      code: 'backend',
      message: `${python} has no pip (${lastLine(pip.stderr) || 'it did not answer'}).`,
      remedy: 'Run `apt-get install -y python3-pip`, or name a wheel with `ganglion backend install --from WHEEL`.',
    });
  }
  return python;
}

/** The platform is spelled out because the wheel's Python need not be the machine's: only its C library is used. */
async function pipDownload(
  python: string,
  wheel: Wheel,
  folder: string,
  site: Site,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = [
    ...['-m', 'pip', '--disable-pip-version-check', '--no-input', '--no-cache-dir'],
    ...['--retries', '2', '--timeout', '20'],
    ...['download', '--no-deps', '--only-binary=:all:', '--progress-bar', 'off', '--quiet'],
    ...['--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312', '--abi', 'none'],
    ...platformsOf(wheel.file).flatMap((platform) => ['--platform', platform]),
    ...['-d', folder, `${wheel.project}==${wheel.version}`],
  ];
  const pip = await runCommand(python, args, { env: site.env, timeoutMs: DOWNLOAD_MS_MAX, signal });
  if (pip.code === 0 && existsSync(join(folder, wheel.file))) return;
  const said = pip.code === 0 ? `it brought something else than ${wheel.file}` : errorLine(pip.stderr || pip.stdout);
  if (saysDiskFull(said)) throw diskFull(`the download in ${site.cacheFolder} or pip’s temporary files`);
  throw new GanglionError({
    code: 'unreachable',
    message: `pip could not download ${wheel.project}==${wheel.version}: ${said || 'it ran out of time'}.`,
    remedy: `Check the network and try again, or fetch ${wheel.file} elsewhere and name it with \`ganglion backend install --from WHEEL\`.`,
  });
}

/** A wheel's name ends in its platforms, joined by dots. */
function platformsOf(file: string): readonly string[] {
  return (
    file
      .replace(/\.whl$/, '')
      .split('-')
      .at(-1) ?? ''
  ).split('.');
}

function errorLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.startsWith('ERROR:'));
  return lastLine(lines.join('\n') || text)
    .replace(/^ERROR:\s*/, '')
    .replace(/\.$/, '');
}
