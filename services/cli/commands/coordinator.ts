import { Command } from 'commander';
import { DEFAULT_HTTP_PORT, DEFAULT_PORT } from '../../config/environment.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Console } from '../console.ts';
import { integer } from '../integer.ts';
import { untilSignal } from '../signals.ts';

interface Flags {
  host: string;
  port: number;
  httpHost: string;
  httpPort: number;
  dataDir: string;
  nats?: string;
  insecure?: boolean;
}

const PORTS = { min: 0, max: 65_535 };

export function coordinatorCommand(console: Console): Command {
  const { environment } = console;
  return new Command('coordinator')
    .description('run a coordinator: it holds runs, shards minibatches, keeps checkpoints')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'gRPC port; 0 takes a free one', integer('--port', PORTS), DEFAULT_PORT)
    .option('--http-host <address>', 'address of /metrics, /healthz and /readyz', '127.0.0.1')
    .option('--http-port <port>', 'its port; 0 takes a free one', integer('--http-port', PORTS), DEFAULT_HTTP_PORT)
    .option('--data-dir <folder>', 'run folders and the journal', environment.dataDir)
    .option('--nats <url>', 'NATS server for progress', environment.natsUrl)
    .option('--insecure', 'listen beyond loopback without TLS')
    .action(async (flags: Flags) => {
      if (!isLoopback(flags.host) && !flags.insecure) throw exposed(flags.host);
      const { startCoordinator } = await import('../../coordinator/main.ts');
      const { createLog } = await import('../../telemetry/log.ts');
      const log = createLog({ name: 'coordinator', level: environment.logLevel, readable: console.stderr.isTTY === true });
      const coordinator = await startCoordinator({
        host: flags.host,
        port: flags.port,
        httpHost: flags.httpHost,
        httpPort: flags.httpPort,
        dataDir: flags.dataDir,
        natsUrl: flags.nats,
        log,
      });
      console.stdout.write(`${coordinator.address} ${coordinator.httpAddress}\n`);
      await untilSignal();
      await coordinator.close();
    });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function exposed(host: string): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: `--host ${host} would listen beyond this machine without TLS: anyone there could launch runs.`,
    remedy: 'Leave --host at 127.0.0.1, or say --insecure on a network that you trust.',
  });
}
