/** Proves that our nats-server starts on a port of its own, is ready when we say so, and never outlives us. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connect } from 'nats';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { findNatsServer, startNatsServer } from '../../services/telemetry/natsServer.ts';
import { realNatsServer } from './realNats.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** False for a zombie too: it is dead, and init has not looked yet. */
function lives(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startNatsServer', () => {
  it('takes a free port, is ready, has our limits and no JetStream, and stops', async () => {
    const [one, two] = await Promise.all([realNatsServer(), realNatsServer()]);
    expect(one.port).not.toBe(two.port);
    expect(one.url).toBe(`nats://127.0.0.1:${one.port}`);
    const client = await connect({ servers: one.url });
    expect(client.info).toMatchObject({ server_name: 'ganglion-local', max_payload: 1_048_576 });
    expect(client.info?.jetstream).not.toBe(true);
    await client.close();
    await one.stop();
    expect(lives(one.pid)).toBe(false);
    await one.stop();
  });

  it('takes the port that it is told, a store for JetStream, and a token', async () => {
    const { port, stop } = await realNatsServer();
    await stop();
    const server = await realNatsServer({ port, storeDir: temporaryFolder(), token: 'secret' });
    expect(server.port).toBe(port);
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow('Authorization');
    const client = await connect({ servers: server.url, token: 'secret' });
    expect(client.info?.jetstream).toBe(true);
    await client.close();
  });

  it('names a port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    await expect(startNatsServer({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`${port}`),
    });
  });

  it('ends with its parent, however that ends', async () => {
    // A process of its own on the built program, so that SIGKILL leaves it no time to clean up.
    const module = pathToFileURL(join(packageRoot(), 'dist', 'services', 'telemetry', 'natsServer.js')).href;
    const script = `import { startNatsServer } from ${JSON.stringify(module)};
      const { pid } = await startNatsServer();
      console.log(pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout.setEncoding('utf8'), 'data');
    const pid = Number(line);
    expect(lives(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(lives(pid)).toBe(false), { timeout: 3_000 });
  });

  it('says what to do where the program does not start', async () => {
    const folder = temporaryFolder();
    const program = join(folder, 'nats-server');
    writeFileSync(program, '#!/bin/sh\nexit 1\n');
    chmodSync(program, 0o755);
    vi.stubEnv('PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(startNatsServer()).rejects.toMatchObject({
      code: 'unreachable',
      remedy: expect.stringContaining('nats-server -c'),
    });
    chmodSync(program, 0o644);
    writeFileSync(program, '');
    expect(findNatsServer(folder)).not.toBe(program);
  });
});
