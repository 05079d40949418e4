/** A nats-server of our own, as a child process: for the quickstart and for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../config/packageRoot.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { guard } from '../process/guard.ts';

export interface OwnNatsServer {
  /** nats://127.0.0.1:PORT */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it; resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface OwnNatsOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** JetStream's folder; without one there is no JetStream. */
  readonly storeDir?: string;
  /** What a client must say. */
  readonly token?: string;
}

const START_MS_MAX = 10_000;
const LOOK_AGAIN_MS = 10;

/**
 * Undefined where there is no nats-server. Throws `port-in-use` or `unreachable`. The server ends with this process,
 * however that ends; it is in a session of its own, so that Ctrl-C in a terminal does not end it before the last flush.
 */
export async function startNatsServer(options: OwnNatsOptions = {}): Promise<OwnNatsServer | undefined> {
  const program = findNatsServer(process.env.PATH);
  if (!program) return undefined;
  // The server writes there which port it has: no other program can take a free port between a look and its use.
  const portsFolder = await mkdtemp(join(tmpdir(), 'ganglion-nats-'));
  try {
    const child = spawn(program, natsArguments(options, portsFolder), { stdio: 'ignore', detached: true });
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      await gone;
    };
    const releaseGuard = guard(child);
    void gone.then(releaseGuard);
    try {
      const port = await untilItAccepts(child, portsFolder, options.port);
      return { url: `nats://127.0.0.1:${port}`, port, pid: child.pid ?? 0, stop };
    } catch (error) {
      await stop('SIGKILL');
      throw error;
    }
  } finally {
    await rm(portsFolder, { recursive: true, force: true });
  }
}

/** On the PATH; Debian keeps it in /usr/sbin, which a user's PATH may lack. */
export function findNatsServer(path = ''): string | undefined {
  return [...path.split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nats-server'))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not ours to run: both mean "look further".
  }
}

function natsArguments({ port, storeDir, token }: OwnNatsOptions, portsFolder: string): string[] {
  const config = join(packageRoot(), 'deploy', 'local', 'nats-server.conf');
  const base = ['-c', config, '-a', '127.0.0.1', '-p', String(port ?? -1), '--ports_file_dir', portsFolder];
  const store = storeDir === undefined ? [] : ['-js', '-sd', storeDir];
  return [...base, ...store, ...(token === undefined ? [] : ['--auth', token])];
}

const portsSchema = z.object({ nats: z.array(z.string()).min(1) });

async function untilItAccepts(child: ChildProcess, portsFolder: string, asked: number | undefined): Promise<number> {
  const deadline = Date.now() + START_MS_MAX;
  const file = join(portsFolder, `nats-server_${child.pid}.ports`);
  while (Date.now() < deadline && child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const port = await readPort(file);
    if (port !== undefined && (await accepts(port))) return port;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  if (asked !== undefined && (await accepts(asked))) {
    throw new GanglionError({
      code: 'port-in-use',
      message: `nats-server cannot listen on port ${asked} of 127.0.0.1: another program does.`,
      remedy: 'Stop the other program, or choose another port.',
    });
  }
  throw new GanglionError({
    code: 'unreachable',
    message: 'nats-server was started and does not accept connections.',
    remedy: 'Run `nats-server -c deploy/local/nats-server.conf` to see why, or name another one with --nats URL.',
  });
}

/** Undefined as long as the server has not written it whole. */
async function readPort(file: string): Promise<number | undefined> {
  try {
    const { nats } = portsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return Number(new URL(nats[0] ?? '').port);
  } catch {
    return undefined;
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = dial(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // Refused: nobody listens there.
  } finally {
    socket.destroy();
  }
}
