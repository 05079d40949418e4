/** A TCP proxy in front of a worker's port: in a process of its own that can be killed, or one that damages bytes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

const PROXY = `
const net = require('node:net');
const [host, port] = process.argv[1].split(':');
const server = net.createServer((near) => {
  const far = net.connect(Number(port), host);
  near.pipe(far).pipe(near);
  for (const socket of [near, far]) socket.on('error', () => process.exit());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

/** Every connection through it ends with the process, as a worker's do. */
export async function proxyProcess(target: string): Promise<{ tcp: string; process: ChildProcess }> {
  const child = spawn(process.execPath, ['-e', PROXY, target], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { tcp: `127.0.0.1:${String(line).trim()}`, process: child };
}

/** `change` gets every piece that the worker behind it sends, and whether the connection shall go on. */
export async function damagingProxy(target: string, change: (piece: Buffer) => 'go on' | 'cut'): Promise<string> {
  const [host, port] = target.split(':');
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    near.pipe(far);
    far.on('data', (piece: Buffer) => {
      const then = change(piece);
      near.write(piece);
      if (then === 'go on') return;
      far.removeAllListeners('data');
      near.destroySoon();
    });
    far.on('close', () => near.destroySoon());
    near.on('close', () => far.destroy());
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
