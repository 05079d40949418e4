/** The command tree. Each command's code is loaded only when it runs, so that `--help` is quick. */
import { Command } from 'commander';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { backendCommand } from './commands/backend.ts';
import { checkpointsCommand } from './commands/checkpoints.ts';
import { configCommand } from './commands/config.ts';
import { coordinatorCommand } from './commands/coordinator.ts';
import { doctorCommand } from './commands/doctor.ts';
import { launchCommand } from './commands/launch.ts';
import { quickstartCommand } from './commands/quickstart.ts';
import { runsCommand } from './commands/runs.ts';
import { workerCommand } from './commands/worker.ts';
import { workersCommand } from './commands/workers.ts';
import type { Console } from './console.ts';
import { exitCodeOf } from './exitCode.ts';

const EPILOGUE = `
Exit codes: 0 done, 1 error, 2 wrong usage, 3 the run failed, 4 the coordinator cannot be reached.
Environment: GANGLION_COORDINATOR, GANGLION_DATA_DIR, GANGLION_NATS_URL, GANGLION_LOG_LEVEL, NO_COLOR. Flags win.

Examples:
  ganglion quickstart                          train a small GAN on MNIST on this machine
  ganglion coordinator &                       start a coordinator on 127.0.0.1:7600
  ganglion worker &                            start a worker that registers there
  ganglion launch --preset mnist-paper --watch launch a run and follow it`;

export function createProgram(console: Console): Command {
  const program = new Command('ganglion')
    .description('Distributed training of generative adversarial networks: the same bits at any worker count.')
    .option('--coordinator <host:port>', 'the coordinator to talk to', console.environment.coordinator)
    .option('--timeout <seconds>', 'how long a call may take', parseSeconds, 10)
    .showSuggestionAfterError()
    .addHelpText('after', EPILOGUE);
  for (const command of [
    quickstartCommand(console),
    launchCommand(console),
    runsCommand(console),
    workersCommand(console),
    checkpointsCommand(console),
    configCommand(console),
    coordinatorCommand(console),
    workerCommand(console),
    backendCommand(console),
    doctorCommand(console),
  ]) {
    program.addCommand(command);
  }
  applyToAll(program, (command) => {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => console.stdout.write(text),
      writeErr: (text) => console.stderr.write(text),
    });
    command.showSuggestionAfterError();
  });
  return program;
}

/** Runs one command line (without node and script). Never throws: returns the exit code. */
export async function run(argv: readonly string[], console: Console): Promise<number> {
  try {
    await createProgram(console).parseAsync([...argv], { from: 'user' });
    return console.exitCode;
  } catch (error) {
    const code = exitCodeOf(error);
    if (!isCommanderError(error)) console.stderr.write(`ganglion: ${printable(error, console)}\n`);
    return code;
  }
}

function printable(error: unknown, console: Console): string {
  if (error instanceof GanglionError) {
    const stack = console.environment.logLevel === 'debug' ? `\n${error.stack ?? ''}` : '';
    return `${error.message}\n  ${error.remedy}${stack}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : describeError(error);
}

/** Commander has printed its own sentence already. */
function isCommanderError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

function applyToAll(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) applyToAll(child, change);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--timeout: found '${text}'; a number of seconds above 0 is allowed.`,
    remedy: 'Write --timeout 30, say.',
  });
}
