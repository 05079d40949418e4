/** A disk that is full without a disk of its own: the kernel refuses to let this process's files grow (RLIMIT_FSIZE). */
import { execFileSync } from 'node:child_process';

/** Of util-linux, which every Debian has. */
const LIMITER = 'prlimit';

function setLimit(bytes: number | 'unlimited'): void {
  // The soft limit only: it can be raised again without being root.
  execFileSync(LIMITER, [`--pid=${process.pid}`, `--fsize=${bytes}:`]);
}

/** Does `work` while a write beyond `bytes` of any file fails, as it does on a full disk. */
export async function withFileSizeLimit<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
  // Unhandled, the signal that goes with the error would end the process.
  const ignore = () => {};
  process.on('SIGXFSZ', ignore);
  setLimit(bytes);
  try {
    return await work();
  } finally {
    setLimit('unlimited');
    process.off('SIGXFSZ', ignore);
  }
}
