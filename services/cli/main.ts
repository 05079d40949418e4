#!/usr/bin/env node
import { runProgram } from '../process/runProgram.ts';
/** The one binary: services and client commands. */
import { processConsole } from './console.ts';
import { errorText } from './errorText.ts';
import { exitCodeOf } from './exitCode.ts';
import { run } from './program.ts';

async function main(): Promise<number> {
  try {
    return await run(process.argv.slice(2), processConsole());
  } catch (error) {
    // Only the environment can be wrong here: `run` does not throw.
    process.stderr.write(errorText(error, 'info'));
    return exitCodeOf(error);
  }
}

await runProgram(main);
