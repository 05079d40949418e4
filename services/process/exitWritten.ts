/** Ends a program whose native addon has threads of its own, which would keep the process alive. */

/**
 * Exits once all that was written to stdout and stderr has left: a pipe whose reader is slow takes 64 KiB, and Node keeps the
 * rest for later, which `process.exit` alone would throw away.
 */
export async function exitWritten(exitCode: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  process.exit(exitCode);
}
