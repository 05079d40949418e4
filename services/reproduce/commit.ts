/** Which code a result is from. */
import { execFileSync } from 'node:child_process';
import { packageRoot } from '../config/packageRoot.ts';

/** The commit, with a + where the tree has changes; `unknown` outside of a checkout. */
export function commitOfTree(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: packageRoot(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changes = git('status', '--porcelain', '--', 'services', 'proto', 'package-lock.json');
    return `${git('rev-parse', '--short=12', 'HEAD').trim()}${changes === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
