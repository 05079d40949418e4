/** Which code a result is from. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';

const CODE = ['services', 'proto', 'package-lock.json'];
/** Node’s own bound is 1 MB, and generated code may differ by more. */
const DIFF_BYTES_MAX = 256 * 1024 * 1024;

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: packageRoot(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: DIFF_BYTES_MAX,
  });
}

/** The commit, with a + where the tree has changes; `unknown` outside of a checkout. */
export function commitOfTree(): string {
  return codeOfTree()?.replace(/\+.*/, '+') ?? 'unknown';
}

/** The same, where behind the + is a hash of the changes: two trees of one name compute the same. Undefined outside of a checkout. */
export function codeOfTree(): string | undefined {
  try {
    const commit = git('rev-parse', '--short=12', 'HEAD').trim();
    const changes = createHash('sha256').update(git('diff', 'HEAD', '--binary', '--', ...CODE));
    const added = git('ls-files', '--others', '--exclude-standard', '-z', '--', ...CODE)
      .split('\0')
      .filter(Boolean);
    for (const name of added) changes.update(name).update(readFileSync(join(packageRoot(), name)));
    const isClean = git('status', '--porcelain', '--', ...CODE) === '';
    return isClean ? commit : `${commit}+${changes.digest('hex').slice(0, 8)}`;
  } catch {
    return undefined;
  }
}
