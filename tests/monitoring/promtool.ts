/** Prometheus' own tool. */
import { execFileSync } from 'node:child_process';

/** What it prints; throws with that where it is not content. */
export function promtool(...args: readonly string[]): string {
  try {
    return execFileSync('promtool', args, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error('No promtool found. Run: apt-get update && apt-get install -y prometheus');
    }
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`promtool ${args.join(' ')}\n${stdout}${stderr}`);
  }
}
