#!/usr/bin/env node
import { exitWritten } from '../process/exitWritten.ts';
/** The one binary: services and client commands. */
import { processConsole } from './console.ts';
import { errorText } from './errorText.ts';
import { exitCodeOf } from './exitCode.ts';
import { run } from './program.ts';

// A reader that goes away (`ganglion runs list | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

async function main(): Promise<number> {
  try {
    return await run(process.argv.slice(2), processConsole());
  } catch (error) {
    // Only the environment can be wrong here: `run` does not throw.
    process.stderr.write(errorText(error, 'info'));
    return exitCodeOf(error);
  }
}

await exitWritten(await main());
