/** Are the packages of package-lock.json in node_modules? The answer needs no package. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** npm removes node_modules as it begins, and our stamp with it, so a stamp means an `npm ci` that ended well. */
const stampOf = (root) => join(root, 'node_modules', '.ganglion-lock');

export function packagesAreCurrent(root) {
  if (!existsSync(join(root, 'node_modules'))) return false;
  const stamp = stampOf(root);
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8').trim() === lockSha256(root);
  // Someone ran npm by hand: it writes its own lock file last.
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

export function stampPackages(root) {
  writeFileSync(stampOf(root), `${lockSha256(root)}\n`);
}

function lockSha256(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}
