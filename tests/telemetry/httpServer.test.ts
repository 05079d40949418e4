/** Proves what the HTTP port answers, whom it lets wait, and what it says when the port is taken. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { type HttpPages, serveHttp } from '../../services/telemetry/httpServer.ts';

const PAGES: HttpPages = {
  metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'ganglion_up 1\n' }),
  ready: () => ({ ready: true, why: 'ready' }),
  samples: async () => Buffer.from('png'),
};

async function start(pages: Partial<HttpPages> = {}) {
  const server = await serveHttp({ port: 0 }, { ...PAGES, ...pages });
  onTestFinished(() => server.close());
  return { ...server, get: (path: string, init?: RequestInit) => fetch(`http://${server.address}${path}`, init) };
}

/** Unlike `once`, this takes a reset for an end as well. */
function ended(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

/** What the server says to these bytes, until it ends the connection. */
async function say(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => undefined);
  socket.write(text);
  await ended(socket);
  return answer;
}

describe('serveHttp', () => {
  it('answers the three pages', async () => {
    const { get } = await start();
    const metrics = await get('/metrics?name=x');
    expect([metrics.status, await metrics.text()]).toEqual([200, 'ganglion_up 1\n']);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const health = await get('/healthz');
    expect([health.status, await health.text()]).toEqual([200, 'ok\n']);
    const ready = await get('/readyz');
    expect([ready.status, await ready.text()]).toEqual([200, 'ready\n']);
  });

  it('says 503 and why until it is ready', async () => {
    let readiness = { ready: false, why: 'The journal is read.' };
    const { get } = await start({ ready: () => readiness });
    const before = await get('/readyz');
    expect([before.status, await before.text()]).toEqual([503, 'The journal is read.\n']);
    readiness = { ready: true, why: 'ready' };
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/healthz')).status).toBe(200);
  });

  it.each(['/', '/samples/', '/samples/a/b.png', '/samples/..%2f.png', '/metrics/', '/metrics/../etc/passwd', '/%00'])(
    'lists its paths at %s',
    async (path) => {
      const { port } = await start();
      const answer = await say(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      expect(answer).toContain('There are /metrics, /healthz, /readyz and /samples/RUN.png.');
    },
  );

  it('answers HEAD without a body, and refuses what would write', async () => {
    const { get } = await start();
    const head = await get('/metrics', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '14', '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await get('/metrics', { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      await answer.text();
    }
  });

  it('answers with a picture; where there is none, with 404 and the sentence', async () => {
    const { get } = await start({
      samples: async (runId) => {
        if (runId === 'mnist-1') return Buffer.from([0x89, 0x50]);
        throw new GanglionError({ code: 'not-found', message: `There is no run '${runId}'.`, remedy: '' });
      },
    });
    const picture = await get('/samples/mnist-1.png');
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect([...new Uint8Array(await picture.arrayBuffer())]).toEqual([0x89, 0x50]);
    const missing = await get('/samples/other.png');
    expect([missing.status, await missing.text()]).toEqual([404, "There is no run 'other'.\n"]);
  });

  it('says 500 where a page fails, and goes on', async () => {
    const { get } = await start({ metrics: () => Promise.reject(new Error('no metrics today')) });
    const answer = await get('/metrics');
    expect([answer.status, await answer.text()]).toEqual([500, 'no metrics today\n']);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('refuses headers that are too long, and garbage', async () => {
    const { get, port } = await start();
    expect(await say(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    expect(await say(port, '\x16\x03\x01\x02\x00\x01')).toMatch(/^HTTP\/1\.1 400 /);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('reads no body that nobody asked for', async () => {
    const { port } = await start();
    const answer = await say(port, `POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nxxxx`);
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
  });

  it('closes at once, also with idle connections and a half-said request', async () => {
    const server = await serveHttp({ port: 0 }, PAGES);
    const idle = connect(server.port, '127.0.0.1');
    idle.on('error', () => undefined);
    await once(idle, 'connect');
    idle.write('GET /met');
    const closed = ended(idle);
    await server.close();
    await closed;
    await expect(fetch(`http://${server.address}/healthz`)).rejects.toThrow();
  });

  it('names a port that is in use, and what to do', async () => {
    const { port } = await start();
    await expect(serveHttp({ port }, PAGES)).rejects.toMatchObject({
      code: 'port-in-use',
      message: `Port ${port} on 127.0.0.1 is already in use.`,
      remedy: expect.stringContaining('--http-port'),
    });
  });

  it('names an address that is not of this machine', async () => {
    await expect(serveHttp({ host: '192.0.2.1', port: 0 }, PAGES)).rejects.toMatchObject({
      code: 'invalid-argument',
      remedy: expect.stringContaining('--http-host'),
    });
  });
});
