import { Command } from 'commander';
import { DEFAULT_HTTP_PORT, DEFAULT_PAGE_PORT, DEFAULT_PORT } from '../../config/environment.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { must } from '../../errors/invariant.ts';
import type { Console } from '../console.ts';
import type { Listens } from '../documents.ts';
import { examples } from '../examples.ts';
import { EXIT } from '../exitCode.ts';
import { refuseExposure } from '../exposure.ts';
import { httpUrl } from '../httpUrl.ts';
import { integer } from '../integer.ts';
import { type NatsFlags, natsAccess, natsFlags } from '../natsFlags.ts';
import { formatOf, isForPeople, printOne } from '../output.ts';
import { listenForSignals } from '../signals.ts';

interface Flags extends NatsFlags {
  host: string;
  port: number;
  httpHost: string;
  httpPort: number;
  pageHost: string;
  pagePort: number;
  dataDir: string;
  nats?: string;
  mlflow?: string;
  failureDetection?: number;
  tokensFile?: string;
  tlsDir?: string;
  insecure?: boolean;
  allowChaos?: boolean;
}

const PORTS = { min: 0, max: 65_535 };

export function coordinatorCommand(console: Console): Command {
  const { environment } = console;
  const coordinator = new Command('coordinator')
    .description('run a coordinator: it holds runs, shards minibatches, keeps checkpoints')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'gRPC port; 0 takes a free one', integer('--port', PORTS), DEFAULT_PORT)
    .option('--http-host <address>', 'address of /metrics, /healthz, /readyz and /samples', '127.0.0.1')
    .option('--http-port <port>', 'its port; 0 takes a free one', integer('--http-port', PORTS), DEFAULT_HTTP_PORT)
    .option('--page-host <address>', 'address of the live page', '127.0.0.1')
    .option('--page-port <port>', 'its port; 0 takes a free one', integer('--page-port', PORTS), DEFAULT_PAGE_PORT)
    .option('--data-dir <folder>', 'run folders and the journal', environment.dataDir)
    .option(
      '--failure-detection <seconds>',
      'how long a silence may last before somebody is taken for lost; all other time-outs follow (default: 5)',
      parseFailureDetection,
    )
    .option('--nats <url>', 'NATS server for progress; tls:// demands TLS', environment.natsUrl);
  return natsFlags(coordinator)
    .option(
      '--mlflow <uri>',
      'MLflow server that tracks runs, as http://HOST:PORT',
      httpUrl('--mlflow', 'http://127.0.0.1:5000'),
      environment.mlflowUri,
    )
    .option('--allow-chaos', 'take faults from `ganglion chaos`: for tests and staging clusters')
    .option('--tokens-file <file>', 'bearer tokens that are let in: "role token" a line')
    .option('--insecure', 'listen beyond loopback without TLS')
    .addHelpText(
      'after',
      examples(
        'ganglion coordinator',
        'ganglion coordinator --data-dir /srv/runs --nats nats://127.0.0.1:4222',
        'ganglion coordinator --host 0.0.0.0 --tls-dir tls/coordinator',
        'ganglion coordinator --host 0.0.0.0 --insecure   # a network that you trust',
      ),
    )
    .action(async (_flags: Flags, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      refuseExposure({ flag: '--host', host: flags.host, risk: 'anyone there could launch runs' }, flags);
      refuseExposure(
        { flag: '--http-host', host: flags.httpHost, risk: 'anyone there could see metrics and samples' },
        flags,
      );
      const risk = 'anyone there could read runs and take their weights';
      refuseExposure({ flag: '--page-host', host: flags.pageHost, risk }, flags);
      const interruption = listenForSignals();
      try {
        const { openAccess } = await import('../../coordinator/access.ts');
        const { startCoordinator } = await import('../../coordinator/main.ts');
        const { createLog } = await import('../../telemetry/log.ts');
        const { armFailpoints } = await import('../../failpoint/failpoint.ts');
        armFailpoints(console.environment.failpoints);
        const readable = console.stderr.isTTY === true;
        const { host, port, httpHost, httpPort, dataDir, nats: natsUrl, failureDetection: failureDetectionMs } = flags;
        const log = createLog({ name: 'coordinator', level: environment.logLevel, readable });
        const detection = failureDetectionMs === undefined ? {} : { failureDetectionMs };
        const page = { host: flags.pageHost, port: flags.pagePort };
        const place = { host, port, httpHost, httpPort, page, dataDir };
        const access = await openAccess(flags, (why) => log.warn(why));
        const coordinator = await startCoordinator({
          ...place,
          natsUrl,
          natsAccess: await natsAccess(flags),
          mlflowUri: flags.mlflow,
          log,
          access,
          allowChaos: flags.allowChaos === true,
          superseded: () => process.exit(EXIT.error),
          ...detection,
        });
        const { address, httpAddress, pageAddress } = coordinator;
        const listens: Listens = { address, httpAddress, pageAddress: must(pageAddress, 'page address') };
        const format = formatOf(command);
        if (isForPeople(format)) console.stdout.write(`${Object.values(listens).join(' ')}\n`);
        else printOne(console, format, listens, [], address);
        await interruption.asked;
        await coordinator.close();
      } finally {
        interruption.release();
      }
    });
}

/** Seconds to milliseconds. A worker's threads are late by tens of milliseconds on a busy machine. */
function parseFailureDetection(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.5 && seconds <= 600) return seconds * 1_000;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--failure-detection: found '${text}'; seconds from 0.5 to 600 are allowed.`,
    remedy: 'Write --failure-detection 5, say.',
  });
}
