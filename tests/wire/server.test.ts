/**
 * Proves that the coordinator's port tells of its health and its services, that nothing that anybody writes to it keeps
 * it from answering others, and that what is too large or cannot be listened on is refused with a sentence.
 */
import { createServer, connect as dial, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../../services/wire/server.ts';
import { runView } from '../cli/views.ts';
import { PREFACE, PROTOCOL_ERROR, resetCall } from '../fuzz/http2.ts';
import { type Listening, listen, until } from './listen.ts';
import { ask, askHealth, askReflection } from './strangers.ts';

const answering = () => listen({ listRuns: () => [runView()], createRun: async () => runView() });

async function expectAnswer({ client }: Listening): Promise<void> {
  expect(await client.listRuns()).toHaveLength(1);
}

/** A socket to the port that writes what it is given and keeps what it gets. */
function rawSocket(port: number, bytes: Uint8Array | string): { socket: Socket; got: () => Buffer } {
  const pieces: Buffer[] = [];
  const socket = dial(port, '127.0.0.1', () => void socket.write(bytes));
  socket.on('data', (piece) => pieces.push(piece)).on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return { socket, got: () => Buffer.concat(pieces) };
}

describe('health', () => {
  it.each(['', 'ganglion.v1.RunService'])("of '%s' is SERVING", async (service) => {
    const { address } = await answering();
    expect(await askHealth(address, service)).toEqual({ status: 'SERVING' });
  });

  it('of what is not served is not known', async () => {
    const { address } = await answering();
    await expect(askHealth(address, 'ganglion.v2.RunService')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('reflection', () => {
  it('lists every service, so that grpcurl works without our files', async () => {
    const { address } = await answering();
    const names = ['RunService', 'FleetService', 'WorkerService', 'TransferService', 'CollectiveService'];
    expect(await askReflection(address, { listServices: '' })).toMatchObject({
      listServicesResponse: {
        service: expect.arrayContaining(names.map((name) => ({ name: `ganglion.v1.${name}` }))),
      },
    });
  });

  it('gives the file that a service is in', async () => {
    const { address } = await answering();
    const answer = await askReflection(address, { fileContainingSymbol: 'ganglion.v1.RunService' });
    expect(answer).toMatchObject({ fileDescriptorResponse: { fileDescriptorProto: expect.anything() } });
  });
});

describe('whatever is written to the port', () => {
  it.each([
    ['bytes that are nothing', Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 73) % 256))],
    ['an HTTP/1 request', 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex')],
    ['the preface of HTTP/2, then bytes that are nothing', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'x'.repeat(100)}`],
    ['the preface of HTTP/2, then nothing', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['nothing at all', ''],
  ])('%s: the others are answered', async (_, bytes) => {
    const at = await answering();
    const sockets = [1, 2, 3].map(() => rawSocket(at.port, bytes));
    await sleep(50);
    await expectAnswer(at);
    for (const { socket } of sockets) socket.destroy();
    await expectAnswer(at);
  });

  it.each(['/ganglion.v1.RunService/ListRuns', '/ganglion.v1.RunService/Nothing'])(
    'calls of %s that are reset at once: the others are answered',
    async (path) => {
      const at = await answering();
      const resets = Array.from({ length: 20 }, (_, index) => resetCall(path, 2 * index + 1));
      const { socket } = rawSocket(at.port, Buffer.concat([PREFACE, ...resets, PROTOCOL_ERROR]));
      await sleep(100);
      socket.destroy();
      await expectAnswer(at);
    },
  );

  it('by a hundred connections that stay half open', async () => {
    const at = await answering();
    const sockets = Array.from({ length: 100 }, () => rawSocket(at.port, ''));
    await until(() => sockets.every(({ socket }) => socket.readyState === 'open'));
    for (const { socket } of sockets) socket.end();
    await expectAnswer(at);
  });

  it('a message that is no protobuf, and a call that does not exist', async () => {
    const at = await answering();
    const nonsense = Uint8Array.of(0xff, 0xff, 0xff);
    for (const path of ['RunService/CreateRun', 'RunService/WatchRun', 'WorkerService/Control', 'RunService/Nothing']) {
      await expect(ask(at.address, `/ganglion.v1.${path}`, nonsense)).rejects.toThrow();
    }
    await expectAnswer(at);
  });
});

describe('a message above 4 MiB', () => {
  it('is refused before it is sent, with a sentence', async () => {
    const at = await answering();
    await expect(at.client.createRun('x'.repeat(5 * 1024 * 1024), false)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/larger than|larger message|too large|4194304/i),
    });
    await expectAnswer(at);
  });

  it('is refused by the server where a client sends it all the same', async () => {
    const at = await answering();
    const asked = ask(at.address, '/ganglion.v1.RunService/CreateRun', new Uint8Array(5 * 1024 * 1024));
    await expect(asked).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    await expectAnswer(at);
  });

  it('is not one of just below', async () => {
    const { client } = await answering();
    await expect(client.createRun('x'.repeat(4 * 1024 * 1024 - 100), false)).resolves.toBeDefined();
  });
});

describe('a port', () => {
  it('that is in use is refused with its number and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    await expect(serve({} as never, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: `Port ${port} on 127.0.0.1 is already in use.`,
      remedy: expect.stringContaining('--port'),
    });
  });

  it('of another machine is refused as an address that is not ours', async () => {
    await expect(serve({} as never, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('192.0.2.1'),
      remedy: expect.stringContaining('--host'),
    });
  });

  it('is free again after the server was closed', async () => {
    const first = await serve({} as never, { host: '127.0.0.1', port: 0 });
    const port = Number(first.address.split(':')[1]);
    await first.close();
    const second = await serve({} as never, { host: '127.0.0.1', port });
    expect(second.address).toBe(first.address);
    await second.close();
  });
});
