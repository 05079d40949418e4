/** Why each better backend would not be chosen on this machine, found without loading a library into this process. */
import { describeError } from '../errors/ganglionError.ts';
import { type AddonFacts, probeAddon } from './addonProbe.ts';
import { cudaObstacle, nativeObstacle, type Obstacle } from './obstacle.ts';
import { platformObstacle } from './platform.ts';
import type { WhyNot } from './select.ts';
import { nativeFiles, type Site } from './site.ts';

/** Where each program that an install needs lies, or null. */
export interface InstallPrograms {
  readonly python3: string | null;
  /** Its version, or null. */
  readonly pip: string | null;
  readonly compiler: string | null;
}

/** Best first; empty where CUDA works. */
export async function betterKinds(site: Site, programs: InstallPrograms): Promise<readonly WhyNot[]> {
  const facts = nativeObstacle(site) ? undefined : await tryNative(site);
  const cuda =
    cudaObstacle(site) ??
    brokenOr(facts, (native) =>
      native.gpu
        ? undefined
        : { why: 'The CUDA build found no GPU that it can use.', remedy: 'Check the NVIDIA driver (525 or later).' },
    );
  if (cuda === undefined) return [];
  const native = nativeObstacle(site) ? notInstalled(site, programs) : brokenOr(facts, () => undefined);
  return [{ kind: 'cuda' as const, ...cuda }, ...(native ? [{ kind: 'tensorflow' as const, ...native }] : [])];
}

function brokenOr(
  facts: AddonFacts | Obstacle | undefined,
  judge: (facts: AddonFacts) => Obstacle | undefined,
): Obstacle | undefined {
  if (facts === undefined) return undefined;
  return 'why' in facts ? facts : judge(facts);
}

async function tryNative(site: Site): Promise<AddonFacts | Obstacle> {
  try {
    return await probeAddon(nativeFiles(site.packageFolder).addon, site.env);
  } catch (error) {
    return { why: describeError(error), remedy: 'Run `ganglion backend install` again, or use WASM.' };
  }
}

/** What must be there before `backend install` can work, as one command. */
function notInstalled(site: Site, { python3, pip, compiler }: InstallPrograms): Obstacle {
  const platform = platformObstacle(site);
  if (platform) return { why: platform, remedy: 'Run `ganglion backend install --from PATH` with a library for it.' };
  const packages = [...(python3 && pip ? [] : ['python3-pip']), ...(compiler ? [] : ['g++'])];
  const why = 'The native library is not installed.';
  if (packages.length === 0) return { why, remedy: 'Run `ganglion backend install`.' };
  return { why, remedy: `Run \`apt-get install -y ${packages.join(' ')} && ganglion backend install\`.` };
}
