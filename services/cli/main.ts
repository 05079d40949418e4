#!/usr/bin/env node
/** The one binary: services and client commands. */
import { processConsole } from './console.ts';
import { run } from './program.ts';

// A reader that goes away (`ganglion runs list | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), processConsole());
