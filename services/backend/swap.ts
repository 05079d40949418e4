/** The last step of an install: what was made and tried beside takes the place of what was there. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nativeFiles } from './site.ts';
import { type Stamp, writeStamp } from './stamp.ts';

/** Without its stamp the former install is gone; only the new stamp, last, makes the new files an install. */
export function swapIn(partial: string, packageFolder: string, stamp: Stamp): void {
  const from = nativeFiles(partial);
  const to = nativeFiles(packageFolder);
  const old = join(packageFolder, `.old-${process.pid}`);
  mkdirSync(old);
  rmSync(to.stamp, { force: true });
  if (existsSync(to.deps)) renameSync(to.deps, join(old, 'deps'));
  if (existsSync(to.addonFolder)) renameSync(to.addonFolder, join(old, 'addon'));
  mkdirSync(dirname(to.addonFolder), { recursive: true });
  renameSync(from.addonFolder, to.addonFolder);
  renameSync(from.deps, to.deps);
  writeStamp(packageFolder, stamp);
  rmSync(old, { recursive: true, force: true });
}

/** Leftovers of an install that was killed. The caller holds the lock, so they are nobody's. */
export function removeRemains(packageFolder: string): void {
  for (const name of readdirSync(packageFolder)) {
    if (/^\.(partial|old)-\d+$/.test(name)) rmSync(join(packageFolder, name), { recursive: true, force: true });
  }
}
