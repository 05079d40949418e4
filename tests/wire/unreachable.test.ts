/**
 * Proves that a coordinator that is not there, does not answer or dies in the midst of a call is told as that, with the
 * address and what to do, within the time that was asked for.
 */
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from '../../services/telemetry/log.ts';
import { SpanRecorder } from '../../services/trace/recorder.ts';
import { nowMs } from '../../services/trace/span.ts';
import { connect } from '../../services/wire/client.ts';
import { dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { Duty } from '../../services/worker/duty.ts';
import { Session } from '../../services/worker/session.ts';
import { DEVICE } from '../coordinator/core/runs.ts';
import { collect, stateEvent } from '../telemetry/events.ts';
import { cableTo } from './cable.ts';
import { listen } from './listen.ts';

const WELCOME = { coordinatorId: 'c', heartbeatIntervalMs: 1_000, failureDetectionMs: 5_000 };
const PEER = { tcp: '10.0.0.7:40000', unix: '', machine: 'm' };
const HEAD = { runId: 'r', generation: 1, workerId: 'w' };
/** What a busy machine may add. */
const LATE_MS = 2_000;

/** A port that nobody listens on. */
async function closedPort(): Promise<string> {
  const { address, server } = await listen({});
  await server.close();
  return address;
}

/** A port that takes every connection and says nothing. */
async function silentPort(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const at = server.address();
  return `127.0.0.1:${typeof at === 'object' ? at?.port : at}`;
}

/** A worker's first words to a coordinator. */
function register(address: string, welcomeMs: number): Session {
  const link = dialCoordinator(address);
  const session = new Session({
    hello: { protocolVersion: 1, workerId: 'w', hostname: 'box', pid: 7, device: DEVICE, peer: PEER, held: undefined },
    link,
    duty: new Duty(() => expect.fail('there is no work')),
    trace: new SpanRecorder(nowMs),
    measuring: undefined,
    log: createLog({ name: 'worker', level: 'silent', readable: false }),
    welcomeMs,
    after(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    every: () => () => undefined,
    drain: () => undefined,
    fault: undefined,
  });
  onTestFinished(() => {
    session.close();
    link.close();
  });
  return session;
}

function person(address: string, timeoutMs: number) {
  const client = connect(address, { timeoutMs });
  onTestFinished(() => client.close());
  return client;
}

describe.each([
  ['that is not there', closedPort],
  ['that takes the connection and never answers', silentPort],
])('a coordinator %s', (_, place) => {
  const unreachable = (address: string) => ({
    code: 'unreachable',
    message: expect.stringMatching(`^No Ganglion coordinator answers at ${address} \\(`),
    remedy: expect.stringContaining('Start one with `ganglion coordinator`, or name the right address'),
  });

  it.each([200, 500])('is told as unreachable within %i ms', async (timeoutMs) => {
    const address = await place();
    const begin = performance.now();
    await expect(person(address, timeoutMs).listRuns()).rejects.toMatchObject(unreachable(address));
    expect(performance.now() - begin).toBeLessThan(timeoutMs + LATE_MS);
  });

  it('is told by a watch and a file, too', async () => {
    const address = await place();
    const client = person(address, 200);
    const begin = performance.now();
    await expect(collect(client.watchRun('r', 0))).rejects.toMatchObject(unreachable(address));
    await expect(collect(client.fetchArtifact('r', 'x'))).rejects.toMatchObject(unreachable(address));
    expect(performance.now() - begin).toBeLessThan(2 * (200 + LATE_MS));
  });
});

describe('a coordinator that answers', () => {
  it('late, within the time, is waited for', async () => {
    const { client } = await listen({ pauseRun: () => sleep(300).then(() => Promise.reject(new Error('late'))) });
    await expect(client.pauseRun('r')).rejects.toMatchObject({ code: 'refused' });
  });

  it('may take longer than that to tell the next event: a watch lasts as long as the run', async () => {
    const { address } = await listen({
      async *watchRun() {
        yield stateEvent(0);
        await sleep(500);
        yield stateEvent(1);
      },
    });
    expect(await collect(person(address, 200).watchRun('r', 0))).toHaveLength(2);
  });

  it('and dies during a watch or a download is told as unreachable', async () => {
    const { port } = await listen({
      async *watchRun() {
        yield stateEvent(0);
        await sleep(10_000, undefined, { ref: false });
      },
      downloadState: () => sleep(10_000, undefined, { ref: false }).then(() => Promise.reject(new Error('late'))),
    });
    const cable = await cableTo(port);
    const link = dialCoordinator(cable.address);
    onTestFinished(() => link.close());
    const calls = [
      collect(person(cable.address, 5_000).watchRun('r', 0)),
      collect(link.downloadState(HEAD, 0, new AbortController().signal)),
    ];
    setTimeout(() => cable.cut(), 100);
    await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: 'unreachable' })));
  });

  it('comes back, and the same client goes on', async () => {
    const { port } = await listen({ listRuns: () => [] });
    const first = await cableTo(port);
    const client = person(first.address, 5_000);
    await client.listRuns();
    first.cut();
    await expect(client.listRuns()).rejects.toMatchObject({ code: 'unreachable' });
    await first.mend();
    await until(() => client.listRuns());
  });
});

describe('a coordinator whose pod is replaced, so that a connection on its way to it arrives nowhere', () => {
  it('is reached by the next call of a person', async () => {
    const { port } = await listen({ listRuns: () => [] });
    const { address } = await cableTo(port, { swallowed: 1 });
    const client = person(address, 200);
    await expect(client.listRuns()).rejects.toMatchObject({ code: 'unreachable' });
    expect(await client.listRuns()).toEqual([]);
  });

  it('is reached by the next watch', async () => {
    const { port } = await listen({
      async *watchRun() {
        yield stateEvent(0);
      },
    });
    const { address } = await cableTo(port, { swallowed: 1 });
    const client = person(address, 200);
    await expect(collect(client.watchRun('r', 0))).rejects.toMatchObject({ code: 'unreachable' });
    expect(await collect(client.watchRun('r', 0))).toHaveLength(1);
  });

  it('is reached by the next dial of a worker, which waits for a welcome so long and no longer', async () => {
    const { port } = await listen({
      openSession: (session) => ({
        message: () => session.send({ type: 'welcome', ...WELCOME }),
        closed: () => undefined,
      }),
    });
    const { address } = await cableTo(port, { swallowed: 1 });
    const dials = [register(address, 100), register(address, 5_000)];
    await expect(dials[0]?.ended).resolves.toMatchObject({
      code: 'unreachable',
      message: `No Ganglion coordinator answers at ${address} (no welcome within 0.1 s).`,
    });
    await vi.waitFor(() => expect(dials[1]?.isRegistered).toBe(true));
    expect(dials[0]?.isRegistered).toBe(false);
  });
});

/** Dials again after 200 ms, then after longer: grpc-js backs off. */
async function until(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const answered = await ask().then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error('was never answered');
}

it('a coordinator that is started a second after the call is met all the same', async () => {
  const address = await closedPort();
  const answer = person(address, 10_000).listRuns();
  await sleep(1000);
  await listen({ listRuns: () => [] }, Number(address.split(':')[1]));
  expect(await answer).toEqual([]);
});
