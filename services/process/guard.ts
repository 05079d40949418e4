/** Child processes that must not outlive this one. */
import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A shell that waits on a pipe from this process, and ends the child when the pipe breaks: so it ends even where this
 * process is killed. The returned function calls it off.
 */
export function guard(child: ChildProcess): () => void {
  if (child.pid === undefined) return () => undefined;
  const script = 'read -r _; kill -9 "$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'ganglion-guard', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const killChild = () => void child.kill('SIGKILL');
  // Without a shell, at least an orderly end of this process ends the child.
  process.once('exit', killChild);
  shell.on('error', () => undefined);
  // The guard alone is no reason for this process to stay.
  shell.unref();
  return () => {
    process.off('exit', killChild);
    shell.kill('SIGKILL');
    shell.stdin?.destroy();
  };
}
