/** The outermost lines of every program of ours: what it wrote arrives, and its exit code is what it says. */

/**
 * Exits once all that was written to stdout and stderr has left: a pipe whose reader is slow takes 64 KiB, and Node keeps the
 * rest for later, which `process.exit` alone would throw away. It exits by itself, since the threads of the native addon would
 * keep the process alive. A reader that goes away (`ganglion runs list | head -1`) is no error.
 *
 * @param main gives the exit code.
 */
export async function runProgram(main: () => Promise<number>): Promise<never> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const exitCode = await main();
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  process.exit(exitCode);
}
