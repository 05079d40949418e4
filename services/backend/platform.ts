/** Which machines a pinned wheel is for. */
import { GanglionError } from '../errors/ganglionError.ts';
import type { Site } from './site.ts';

/** Why no pinned library can run on this machine, or undefined. */
export function platformObstacle({ platform, arch, wheels }: Site): string | undefined {
  if (wheels.cpu.length === 0)
    return `A pinned library is there for Linux on x86-64 and arm64; this is ${platform} on ${arch}.`;
  if (platform === process.platform && !usesGlibc())
    return 'The pinned library needs glibc; this system has another C library (musl?).';
  return undefined;
}

/** Throws `backend` where there is no pinned wheel for this machine. */
export function requirePlatform(site: Site, gpu: boolean): void {
  const obstacle = platformObstacle(site);
  if (obstacle !== undefined) {
    throw new GanglionError({
      code: 'backend',
      message: obstacle,
      remedy: 'Ganglion uses WASM here. To try a native library, name one with `ganglion backend install --from PATH`.',
    });
  }
  if (!gpu || site.wheels.gpu.length > 0) return;
  throw new GanglionError({
    code: 'backend',
    message: `The pinned CUDA library is for Linux on x86-64; this is ${site.platform} on ${site.arch}.`,
    remedy: 'Run `ganglion backend install` without --gpu, or name a CUDA build with --from PATH.',
  });
}

function usesGlibc(): boolean {
  const report = process.report.getReport();
  const header = typeof report === 'object' && 'header' in report ? report.header : undefined;
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
}
