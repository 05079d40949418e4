/**
 * Proves the control stream over real gRPC: both sides hear each other in order, each hears once that the other is
 * gone, whoever went and however, and a worker that sends nonsense is refused and costs nobody else anything.
 */
import { credentials } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CoordinatorMessage, WorkerMessage } from '../../services/control/messages.ts';
import type { GanglionError } from '../../services/errors/ganglionError.ts';
import type { Role } from '../../services/security/role.ts';
import { openTlsFolder, type TlsFolder } from '../../services/security/tlsFolder.ts';
import { type CoordinatorLink, dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { ganglionV1 } from '../../services/wire/definition.ts';
import type { CoordinatorHandlers, Session } from '../../services/wire/handlers.ts';
import { DEVICE } from '../coordinator/core/runs.ts';
import { Certificates } from '../security/certificates.ts';
import { cableTo } from './cable.ts';
import { listen, until } from './listen.ts';

const HELLO: WorkerMessage = {
  ...{ type: 'hello', protocolVersion: 1, workerId: 'w1', hostname: 'box', pid: 7 },
  device: DEVICE,
  peer: { tcp: '10.0.0.7:40000', unix: '', machine: 'm' },
  held: undefined,
  evaluates: true,
};

/** What the coordinator's side hears of its sessions. */
class FakeSessions {
  readonly sessions: Session[] = [];
  readonly heard: WorkerMessage[] = [];
  closed = 0;

  readonly openSession: CoordinatorHandlers['openSession'] = (session) => {
    this.sessions.push(session);
    return {
      message: (message) => void this.heard.push(message),
      closed: () => {
        this.closed += 1;
      },
    };
  };
}

function dial(link: CoordinatorLink) {
  const got: CoordinatorMessage[] = [];
  const ends: (GanglionError | undefined)[] = [];
  const stream = link.openControl({ message: (message) => got.push(message), end: (why) => ends.push(why) });
  return { got, ends, stream };
}

interface Keys {
  readonly tls: TlsFolder;
}

async function connected(coordinator?: Keys, asWorker?: Keys) {
  const room = new FakeSessions();
  const { port, server } = await listen(room, 0, coordinator);
  const cable = await cableTo(port);
  const link = dialCoordinator(cable.address, asWorker);
  onTestFinished(() => link.close());
  const worker = dial(link);
  worker.stream.send(HELLO);
  await until(() => room.heard.length === 1);
  const [session] = room.sessions;
  if (!session) throw new Error('no session');
  return { cable, server, room, worker, session };
}

async function connectedByTls() {
  const certificates = await Certificates.make();
  onTestFinished(() => certificates.remove());
  const keys = async (name: string, role: Role | undefined): Promise<Keys> => {
    const tls = await openTlsFolder(await certificates.of(name, role), (why) => expect.fail(why));
    onTestFinished(() => tls.close());
    return { tls };
  };
  return connected(await keys('coordinator', undefined), await keys('worker', 'worker'));
}

describe('a control stream', () => {
  it('carries messages both ways, in order', async () => {
    const { room, worker, session } = await connected();
    expect(room.heard).toEqual([HELLO]);
    const beats = [1, 2, 3].map(
      (phase) => ({ type: 'heartbeat', runId: 'r', generation: 1, phase, activity: 'compute' }) as const,
    );
    for (const beat of beats) worker.stream.send(beat);
    await until(() => room.heard.length === 4);
    expect(room.heard.slice(1)).toEqual(beats);
    const orders: CoordinatorMessage[] = [
      { type: 'welcome', coordinatorId: 'c', heartbeatIntervalMs: 1_000, failureDetectionMs: 5_000 },
      { type: 'halt', runId: 'r', generation: 2, why: 'Worker b was lost.', graceful: false },
    ];
    for (const order of orders) session.send(order);
    await until(() => worker.got.length === 2);
    expect(worker.got).toEqual(orders);
  });

  it('carries a snapshot of three megabytes', async () => {
    const { room, worker } = await connected();
    const pixels = Buffer.alloc(3 * 1024 * 1024, 'pixel');
    worker.stream.send({ type: 'snapshot', runId: 'r', generation: 1, phase: 5, pixels });
    await until(() => room.heard.length === 2);
    const [, snapshot] = room.heard;
    expect(snapshot?.type === 'snapshot' && pixels.equals(snapshot.pixels)).toBe(true);
  });

  it('that the coordinator ends has ended by plan', async () => {
    const { room, worker, session } = await connected();
    session.end();
    await until(() => worker.ends.length === 1);
    expect(worker.ends).toEqual([undefined]);
    worker.stream.end();
    await until(() => room.closed === 1);
  });

  it('that the worker ends is heard once, and nothing is sent into it any more', async () => {
    const { room, worker, session } = await connected();
    worker.stream.end();
    await until(() => room.closed === 1);
    session.send({ type: 'release', runId: 'r', why: 'Done.' });
    await until(() => worker.ends.length === 1);
    expect([room.closed, worker.ends]).toEqual([1, [undefined]]);
  });

  it('of a worker that dies is heard once', async () => {
    const { room, cable } = await connected();
    cable.cut();
    await until(() => room.closed === 1);
  });

  it.each([
    ['in the clear', () => connected()],
    ['behind TLS', connectedByTls],
  ])('that the coordinator ends by shutting down has ended by plan, %s', async (_, connect) => {
    const { worker, server } = await connect();
    await server.close();
    await until(() => worker.ends.length > 0);
    expect(worker.ends).toEqual([undefined]);
  });

  it('whose coordinator dies ends as unreachable, with a remedy', async () => {
    const { worker, cable } = await connected();
    cable.cut();
    await until(() => worker.ends.length > 0);
    expect(worker.ends).toEqual([
      expect.objectContaining({ code: 'unreachable', message: expect.stringContaining(cable.address) }),
    ]);
    expect(worker.ends[0]?.remedy).toContain('ganglion coordinator');
    // The worker may not have noticed yet.
    expect(() => worker.stream.send(HELLO)).not.toThrow();
    expect(() => worker.stream.end()).not.toThrow();
  });

  it('to nobody ends as unreachable', async () => {
    const { server, link } = await listen({});
    await server.close();
    const { ends } = dial(link);
    await until(() => ends.length > 0);
    expect(ends).toEqual([expect.objectContaining({ code: 'unreachable' })]);
  });
});

describe('a worker that sends nonsense', () => {
  it.each([
    ['a hello without a device', { hello: { protocolVersion: 1, workerId: 'w1', peer: {} } }],
    ['a hello without an address', { hello: { protocolVersion: 1, workerId: 'w1', device: { backend: 'cpu' } } }],
    ['a report without timings', { phaseReport: { runId: 'r' } }],
  ])('%s: its session ends with a reason, others go on', async (_, nonsense) => {
    const { room, worker, session, cable } = await connected();
    const call = rawControl(cable.address);
    const reason = new Promise<{ details: string }>((resolve) => call.on('error', resolve));
    call.resume();
    call.write(nonsense);
    expect((await reason).details).toMatch(/device|peer address|timings/);
    expect(room.closed).toBe(1);
    expect(room.heard).toHaveLength(1);
    session.send({ type: 'release', runId: 'r', why: 'Done.' });
    await until(() => worker.got.length === 1);
  });

  it('of a kind that does not exist yet is not heard', async () => {
    const { room, cable } = await connected();
    const call = rawControl(cable.address);
    call.write({});
    call.write({ draining: { why: 'after it' } });
    await until(() => room.heard.length === 2);
    expect(room.heard[1]).toEqual({ type: 'draining', why: 'after it' });
  });
});

function rawControl(address: string) {
  const client = new ganglionV1.WorkerService(address, credentials.createInsecure());
  const call = client.control();
  call.on('error', () => undefined);
  onTestFinished(() => {
    call.cancel();
    client.close();
  });
  return call;
}
