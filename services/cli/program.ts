/** The command tree. Each command's code is loaded only when it runs, so that `--help` is quick. */
import { Command, CommanderError } from 'commander';
import { requireAddress } from '../config/address.ts';
import { DEFAULT_PORT } from '../config/environment.ts';
import { packageVersion } from '../config/packageRoot.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { readCommandLine } from './commandLine.ts';
import { backendCommand } from './commands/backend.ts';
import { chaosCommand } from './commands/chaos.ts';
import { checkpointsCommand } from './commands/checkpoints.ts';
import { classifierCommand } from './commands/classifier.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { contextCommand } from './commands/context.ts';
import { coordinatorCommand } from './commands/coordinator.ts';
import { dataCommand } from './commands/data.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { figure1Command } from './commands/figure1.ts';
import { interpolateCommand } from './commands/interpolate.ts';
import { launchCommand } from './commands/launch.ts';
import { neighboursCommand } from './commands/neighbours.ts';
import { quickstartCommand } from './commands/quickstart.ts';
import { reportCommand } from './commands/report.ts';
import { runsCommand } from './commands/runs.ts';
import { sampleCommand } from './commands/sample.ts';
import { simulateCommand } from './commands/simulate.ts';
import { tlsCommand } from './commands/tls.ts';
import { traceCommand } from './commands/trace.ts';
import { versionCommand } from './commands/version.ts';
import { workerCommand } from './commands/worker.ts';
import { workersCommand } from './commands/workers.ts';
import type { Console } from './console.ts';
import { refuseEmptyWord } from './emptyWord.ts';
import { errorText } from './errorText.ts';
import { exitCodeOf } from './exitCode.ts';
import { outputOption } from './output.ts';

/** They dial with a certificate of their own, or are dialled: a context is a person's. */
const SERVICES = ['quickstart', 'coordinator', 'worker'];

const EPILOGUE = `
Exit codes: 0 done, 1 error, 2 wrong usage or config, 3 the run failed or was cancelled,
            4 the coordinator cannot be reached, 5 it does not let you in, 130 interrupted.
Environment: GANGLION_COORDINATOR, GANGLION_CONTEXT, GANGLION_DATA_DIR, GANGLION_NATS_URL, GANGLION_MLFLOW_URI,
             GANGLION_BACKEND, GANGLION_TLS_DIR, GANGLION_TOKEN_FILE, GANGLION_LOG_LEVEL, NO_COLOR, CLICOLOR_FORCE,
             COLUMNS. Flags win over it, and both over a context.
Names of commands, runs and workers may be shortened where one alone is meant: \`ganglion ru g mnist\`.

Examples:
  ganglion quickstart                           train a small GAN on MNIST on this machine
  ganglion coordinator &                        start a coordinator on 127.0.0.1:7600
  ganglion worker &                             start a worker that registers there
  ganglion launch --preset mnist-paper --watch  launch a run and follow it`;

export function createProgram(console: Console): Command {
  const { coordinator, context, tlsDir, tokenFile } = console.environment;
  const program = new Command('ganglion')
    .description('Distributed training of generative adversarial networks: the same bits at any worker count.')
    .version(packageVersion())
    .option(
      '--coordinator <host:port>',
      'the coordinator to talk to',
      (text) => requireAddress('--coordinator', text),
      coordinator ?? `127.0.0.1:${DEFAULT_PORT}`,
    )
    .option('--context <name>', 'a coordinator of `ganglion context list`; not for services', context)
    .option('--tls-dir <folder>', 'tls.crt, tls.key and ca.crt: mutual TLS with it', tlsDir)
    .option('--token-file <file>', 'a bearer token that says who calls', tokenFile)
    .option('--timeout <seconds>', 'how long a call, or a --wait, may take', parseSeconds, 10)
    .addOption(outputOption())
    .addHelpText('after', EPILOGUE);
  for (const command of [
    quickstartCommand(console),
    launchCommand(console),
    runsCommand(console),
    workersCommand(console),
    checkpointsCommand(console),
    sampleCommand(console),
    interpolateCommand(console),
    neighboursCommand(console),
    figure1Command(console),
    reportCommand(console),
    traceCommand(console),
    exportCommand(console),
    configCommand(console),
    contextCommand(console),
    dataCommand(console),
    coordinatorCommand(console),
    workerCommand(console),
    tlsCommand(console),
    evaluateCommand(console),
    classifierCommand(console),
    backendCommand(console),
    doctorCommand(console),
    chaosCommand(console),
    simulateCommand(console),
    completionCommand(console),
    versionCommand(console),
  ]) {
    program.addCommand(command);
    if (SERVICES.includes(command.name())) command.hook('preAction', refuseContext);
  }
  program.addCommand(completeCommand(console), { hidden: true });
  applyToAll(program, (command) => {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => console.stdout.write(text),
      writeErr: (text) => console.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'ganglion: ')),
    });
    command.configureHelp({ showGlobalOptions: true });
    command.showSuggestionAfterError();
    command.showHelpAfterError(`  See \`${fullName(command)} --help\`.`);
  });
  return program;
}

/** Runs one command line (without node and script). Never throws: returns the exit code. */
export async function run(argv: readonly string[], console: Console): Promise<number> {
  try {
    const program = createProgram(console);
    refuseEmptyWord(argv);
    await program.parseAsync([...readCommandLine(program, argv).words], { from: 'user' });
    return console.exitCode;
  } catch (error) {
    // Commander has printed its own sentence already.
    if (!(error instanceof CommanderError)) console.stderr.write(errorText(error, console.environment.logLevel));
    return exitCodeOf(error);
  }
}

function applyToAll(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) applyToAll(child, change);
}

/** `ganglion runs list` */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function refuseContext(service: Command): void {
  if (service.getOptionValueSourceWithGlobals('context') !== 'cli') return;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--context: a context is for who asks a coordinator; \`ganglion ${service.name()}\` is a service.`,
    remedy: 'Name --coordinator and --tls-dir themselves.',
  });
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
