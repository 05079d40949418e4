import { hostname } from 'node:os';
import { Command, Option } from 'commander';
import { BACKENDS } from '../../config/environment.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import type { BadgeFlags } from '../badge.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { refuseExposure } from '../exposure.ts';
import { integer } from '../integer.ts';
import { listenForSignals } from '../signals.ts';

interface Flags {
  id: string;
  backend: RunConfig['backend']['require'];
  threads: number;
  peerHost: string;
  cores: string;
  allowChaos?: boolean;
  insecure?: boolean;
  httpHost: string;
  httpPort?: number;
}

const CORES = 'auto: a share of this machine for each worker of the run on it; off; or which, as in 0-3,8';

export function workerCommand(console: Console): Command {
  const { backend, logLevel } = console.environment;
  const threads = 'threads inside one op: must equal a run’s backend.intraOpThreads';
  return new Command('worker')
    .description('run a worker: it computes gradients on this machine’s device (the coordinator by --coordinator)')
    .addOption(
      new Option('--id <name>', 'unique name of the worker').default(
        `${hostname()}-${process.pid}`,
        'this machine’s name and the process’s id',
      ),
    )
    .addOption(
      new Option('--backend <kind>', 'what to compute on; any takes the best there is')
        .choices(BACKENDS)
        .default(backend),
    )
    .option('--threads <count>', threads, integer('--threads', { min: 1, max: 256 }), 1)
    .option('--cores <cores>', CORES, 'auto')
    .option('--allow-chaos', 'obey faults from `ganglion chaos`: for tests and staging clusters')
    .option('--insecure', 'listen for other workers beyond loopback without TLS')
    .option('--peer-host <address>', 'address of this machine on which other workers reach this one', '127.0.0.1')
    .option('--http-host <address>', 'address of /healthz and /readyz', '127.0.0.1')
    .option(
      '--http-port <port>',
      'their port, for the probes of a cluster; 0 takes a free one (default: none)',
      integer('--http-port', { min: 0, max: 65_535 }),
    )
    .addHelpText(
      'after',
      examples(
        'ganglion worker',
        'ganglion worker --coordinator 10.0.0.5:7600 --tls-dir tls/worker --backend cuda --id gpu-0',
      ),
    )
    .action(async (flags: Flags, command: Command) => {
      const { tlsDir, tokenFile, coordinator } = command.optsWithGlobals<BadgeFlags & { coordinator: string }>();
      const exposed = { flag: '--peer-host', host: flags.peerHost, risk: 'gradients would travel in the clear' };
      refuseExposure(exposed, { ...flags, tlsDir });
      const interruption = listenForSignals();
      try {
        const { startWorker } = await import('../../worker/main.ts');
        const { createLog } = await import('../../telemetry/log.ts');
        const { armFailpoints } = await import('../../failpoint/failpoint.ts');
        const { allowedCores } = await import('../../cores/pinning.ts');
        const { openBadge } = await import('../badge.ts');
        const { parseCoresFlag } = await import('../coresFlag.ts');
        armFailpoints(console.environment.failpoints);
        const log = createLog({ name: 'worker', level: logLevel, readable: console.stderr.isTTY === true });
        const badge = await openBadge({ tlsDir, tokenFile }, (why) => log.warn(why));
        const { id: workerId, threads: intraOpThreads, allowChaos = false, backend, peerHost } = flags;
        const http = flags.httpPort === undefined ? undefined : { host: flags.httpHost, port: flags.httpPort };
        const cores = parseCoresFlag(flags.cores, allowedCores());
        const told = { coordinator, badge, workerId, backend, intraOpThreads, peerHost, http, cores, allowChaos, log };
        const worker = await startWorker(told);
        const signal = await Promise.race([worker.finished, interruption.asked]);
        if (signal) await worker.drain(`the process got ${signal}.`);
      } finally {
        interruption.release();
      }
    });
}
