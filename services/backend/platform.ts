/** Which machines the pinned wheel is for. */
import { GanglionError } from '../errors/ganglionError.ts';

/** Why the pinned library cannot run on this machine, or undefined. */
export function platformObstacle(platform: string, arch: string): string | undefined {
  if (platform !== 'linux' || arch !== 'x64')
    return `The pinned library is for Linux on x86-64; this is ${platform} on ${arch}.`;
  if (platform === process.platform && !usesGlibc())
    return 'The pinned library needs glibc; this system has another C library (musl?).';
  return undefined;
}

export function requirePlatform(platform: string, arch: string): void {
  const message = platformObstacle(platform, arch);
  if (message === undefined) return;
  throw new GanglionError({
    code: 'backend',
    message,
    remedy: 'Ganglion uses WASM here. To try a native library, name one with `ganglion backend install --from PATH`.',
  });
}

function usesGlibc(): boolean {
  const report = process.report.getReport();
  const header = typeof report === 'object' && 'header' in report ? report.header : undefined;
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
}
