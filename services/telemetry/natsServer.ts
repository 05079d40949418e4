/** A nats-server of our own, as a child process: for the quickstart and for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as dial, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { GanglionError } from '../errors/ganglionError.ts';

export interface OwnNatsServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it; resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const START_MS_MAX = 10_000;
const DIAL_AGAIN_MS = 25;

/** Undefined where no nats-server is on the PATH. `extra`: further arguments, such as `-js`. */
export async function startNatsServer(options: { port?: number; extra?: string[] } = {}): Promise<OwnNatsServer | undefined> {
  const binary = onPath('nats-server');
  if (!binary) return undefined;
  const port = options.port ?? (await freePort());
  const child = spawn(binary, ['-a', '127.0.0.1', '-p', String(port), ...(options.extra ?? [])], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  await accepts(port, child);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    async stop(signal = 'SIGTERM') {
      process.off('exit', kill);
      child.kill(signal);
      await gone;
    },
  };
}

export function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline && child.exitCode === null) {
    const socket = dial(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, DIAL_AGAIN_MS));
  }
  child.kill('SIGKILL');
  throw new GanglionError({
    code: 'unreachable',
    message: `nats-server did not accept connections on port ${port}.`,
    remedy: 'Start one by hand and name it with --nats URL.',
  });
}
