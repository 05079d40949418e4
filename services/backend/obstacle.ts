/** What keeps a native backend from being tried at all. Reads files only: nothing is loaded. */

import { visibleGpus } from './gpus.ts';
import { defaultSite, type Site } from './site.ts';
import { readStamp } from './stamp.ts';

export interface Obstacle {
  /** One sentence. */
  readonly why: string;
  /** One sentence: the one command that gets it, where there is one. */
  readonly remedy: string;
}

export function nativeObstacle(site: Site = defaultSite()): Obstacle | undefined {
  if (readStamp(site.packageFolder)) return undefined;
  return { why: 'The native library is not installed.', remedy: 'Run `ganglion backend install`.' };
}

export function cudaObstacle(site: Site = defaultSite()): Obstacle | undefined {
  const stamp = readStamp(site.packageFolder);
  const gpus = visibleGpus(site.env);
  if (gpus.length === 0)
    return {
      why: 'There is no NVIDIA GPU that this process can see.',
      remedy: 'Use a machine with one and its driver.',
    };
  if (stamp?.gpu) return undefined;
  const found = stamp ? 'The installed library is a CPU build.' : 'The native library is not installed.';
  return { why: found, remedy: 'Run `ganglion backend install --gpu`.' };
}
