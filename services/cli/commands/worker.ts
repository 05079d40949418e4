import { hostname } from 'node:os';
import { Command, Option } from 'commander';
import type { RunConfig } from '../../config/runConfig.ts';
import type { Console } from '../console.ts';
import { integer } from '../integer.ts';
import { untilSignal } from '../signals.ts';

interface Flags {
  id: string;
  backend: RunConfig['backend']['require'];
  threads: number;
}

export function workerCommand(console: Console): Command {
  return new Command('worker')
    .description('run a worker: it computes gradients on this machine’s device (the coordinator by --coordinator)')
    .option('--id <name>', 'unique name of the worker', `${hostname()}-${process.pid}`)
    .addOption(
      new Option('--backend <kind>', 'what to compute on; any takes the best there is')
        .choices(['any', 'cuda', 'tensorflow', 'wasm', 'cpu'])
        .default('any'),
    )
    .option('--threads <count>', 'threads inside one op: must equal a run’s backend.intraOpThreads', integer('--threads', { min: 1, max: 256 }), 1)
    .action(async (flags: Flags, command: Command) => {
      const { startWorker } = await import('../../worker/main.ts');
      const { createLog } = await import('../../telemetry/log.ts');
      const { coordinator } = command.optsWithGlobals<{ coordinator: string }>();
      const { logLevel } = console.environment;
      const log = createLog({ name: 'worker', level: logLevel, readable: console.stderr.isTTY === true });
      const { id: workerId, backend, threads: intraOpThreads } = flags;
      const worker = await startWorker({ coordinator, workerId, backend, intraOpThreads, log });
      const signal = await Promise.race([worker.finished, untilSignal()]);
      if (signal) await worker.drain(`the process got ${signal}.`);
      // The addon's own threads would keep the process alive.
      process.exit(0);
    });
}
