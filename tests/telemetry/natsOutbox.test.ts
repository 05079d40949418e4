/**
 * Proves the outbox against a NATS that does what the test says: offering never waits, nothing unconfirmed is forgotten,
 * the cursor outlives the coordinator, and what cannot be sent is counted and said.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { RunEventLog } from '../../services/telemetry/eventLog.ts';
import { CoordinatorMetrics } from '../../services/telemetry/metrics.ts';
import { NatsOutbox } from '../../services/telemetry/natsOutbox.ts';
import { RING_MAX } from '../../services/telemetry/outboxState.ts';
import { membershipEvent, phaseEvent, snapshotEvent, stateEvent } from './events.ts';
import { FakeNats } from './fakeNats.ts';
import { keptLog } from './keptLog.ts';
import { temporaryFolder } from './temporaryFolder.ts';

async function openLog(folder: string): Promise<RunEventLog> {
  const history = await RunEventLog.open(folder);
  onTestFinished(() => history.close());
  return history;
}

async function setUp(folder = temporaryFolder()) {
  const nats = new FakeNats();
  const metrics = new CoordinatorMetrics({ version: '0' });
  const { log, said } = keptLog();
  const outbox = new NatsOutbox({ servers: 'unused', log, metrics, openPort: nats.open });
  const history = await openLog(folder);
  const tell = async (...events: RunEvent[]) => {
    for (const event of events) {
      await history.append(event);
      outbox.offer(event);
    }
  };
  const metric = async (line: string) => {
    const found = (await metrics.text([])).split('\n').find((one) => one.startsWith(`${line} `));
    return Number(found?.split(' ')[1]);
  };
  return { nats, outbox, history, tell, said, metric, folder };
}

const FLUSH = { flushMs: 2_000 };
const cursorIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'nats-cursor.json'), 'utf8')).nextSequence;

describe('NatsOutbox', () => {
  it('sends every kind on its subject, in order, with the id of the message', async () => {
    const { nats, outbox, history, tell, folder } = await setUp();
    outbox.start();
    await outbox.addRun('run-1', history);
    nats.connect();
    const events = [stateEvent(0), membershipEvent(1), phaseEvent(2), snapshotEvent(3), phaseEvent(4), stateEvent(5)];
    await tell(...events);
    await outbox.close(FLUSH);
    expect(nats.received).toEqual(
      events.map((event) => ({
        subject: `ganglion.v1.runs.run-1.${event.kind}`,
        id: `run-1:${event.sequence}`,
        payload: JSON.stringify(event),
      })),
    );
    expect(cursorIn(folder)).toBe(6);
  });

  it('offers without waiting, and without a server: only numbers are kept of durable events', async () => {
    const { nats, outbox, history, tell, metric } = await setUp();
    outbox.start();
    await outbox.addRun('run-1', history);
    for (let i = 0; i < 40; i++) await tell(stateEvent(i));
    const begin = performance.now();
    for (let i = 40; i < 40 + RING_MAX + 9; i++) outbox.offer(phaseEvent(i));
    expect(performance.now() - begin).toBeLessThan(1_000);
    expect(outbox.status()).toEqual({ connected: false, waitingPhases: RING_MAX, droppedPhases: 9 });
    expect(await metric('ganglion_nats_dropped_events_total{kind="phase"}')).toBe(9);
    expect(await metric('ganglion_nats_outbox_depth')).toBe(RING_MAX);
    expect(await metric('ganglion_nats_connected')).toBe(0);

    nats.connect();
    await outbox.close(FLUSH);
    const oldestKept = 40 + 9;
    expect(nats.sequences()).toEqual([
      ...Array.from({ length: 40 }, (_, i) => i),
      ...Array.from({ length: RING_MAX }, (_, i) => oldestKept + i),
    ]);
    expect(await metric('ganglion_nats_outbox_depth')).toBe(0);
  });

  it('does not publish within offer: training does not pay for it', async () => {
    const { nats, outbox, history } = await setUp();
    outbox.start();
    await outbox.addRun('run-1', history);
    nats.connect();
    const publish = vi.spyOn(nats, 'publish');
    outbox.offer(phaseEvent(0));
    expect(publish).not.toHaveBeenCalled();
    await outbox.close(FLUSH);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it('sends again what a flush did not confirm, and moves the cursor only then', async () => {
    const { nats, outbox, history, tell, folder } = await setUp();
    outbox.start();
    await outbox.addRun('run-1', history);
    nats.flushes = 'unanswered';
    nats.connect();
    await tell(stateEvent(0), phaseEvent(1), stateEvent(2));
    await vi.waitFor(() => expect(nats.flushCount).toBe(1));
    expect(() => cursorIn(folder)).toThrow('ENOENT');
    nats.disconnect();
    nats.flushes = 'answered';
    nats.connect();
    await outbox.close(FLUSH);
    expect(nats.sequences()).toEqual([0, 1, 2]);
    expect(cursorIn(folder)).toBe(3);
  });

  it('tries again by itself where a flush fails on a connection that stays', async () => {
    const { nats, outbox, history, tell } = await setUp();
    outbox.start();
    await outbox.addRun('run-1', history);
    nats.flushes = 'refused';
    nats.connect();
    await tell(stateEvent(0));
    await vi.waitFor(() => expect(nats.flushCount).toBe(1));
    nats.flushes = 'answered';
    await vi.waitFor(() => expect(new Set(nats.sequences())).toEqual(new Set([0])), { timeout: 3_000 });
    await outbox.close(FLUSH);
  });

  it('goes on from the cursor after a restart of the coordinator', async () => {
    const first = await setUp();
    first.outbox.start();
    await first.outbox.addRun('run-1', first.history);
    first.nats.connect();
    await first.tell(stateEvent(0), stateEvent(1));
    await vi.waitFor(() => expect(first.nats.sequences()).toEqual([0, 1]));
    first.nats.disconnect();
    await first.tell(stateEvent(2), phaseEvent(3), snapshotEvent(4));
    await first.outbox.close(FLUSH);
    await first.history.close();

    const second = await setUp(first.folder);
    second.outbox.start();
    await second.outbox.addRun('run-1', second.history);
    second.nats.connect();
    await second.tell(stateEvent(5));
    await second.outbox.close(FLUSH);
    // The phase was in memory only; it is in metrics.jsonl.
    expect(second.nats.sequences()).toEqual([2, 4, 5]);
  });

  it.each([
    ['broken', '{"nextSeq', [0, 1, 2]],
    ['beyond the log, which was restored from an older copy', '{"nextSequence":70}', [2]],
  ])('is not misled by a cursor that is %s', async (_, text, sent) => {
    const folder = temporaryFolder();
    const old = await RunEventLog.open(folder);
    await old.append(stateEvent(0));
    await old.append(stateEvent(1));
    await old.close();
    writeFileSync(join(folder, 'nats-cursor.json'), text);
    const { nats, outbox, history, tell } = await setUp(folder);
    outbox.start();
    await outbox.addRun('run-1', history);
    nats.connect();
    await tell(stateEvent(2));
    await outbox.close(FLUSH);
    expect(nats.sequences()).toEqual(sent);
  });

  it('sends a history that is longer than a batch, in order', async () => {
    const { nats, outbox, history, tell } = await setUp();
    outbox.start();
    await outbox.addRun('run-1', history);
    for (let i = 0; i < 700; i++) await tell(i % 3 ? snapshotEvent(i) : phaseEvent(i));
    nats.connect();
    await outbox.close(FLUSH);
    expect(nats.sequences()).toEqual(Array.from({ length: 700 }, (_, i) => i));
  });

  it('has everything on disk before NATS has it: no sequence is given twice after a power cut', async () => {
    const { nats, outbox, history, tell } = await setUp();
    const order: string[] = [];
    const sync = history.sync.bind(history);
    history.sync = async () => {
      await sync();
      order.push('synced');
    };
    const publish = nats.publish.bind(nats);
    nats.publish = (...message) => {
      order.push('published');
      return publish(...message);
    };
    outbox.start();
    await outbox.addRun('run-1', history);
    nats.connect();
    await tell(phaseEvent(0));
    await outbox.close(FLUSH);
    expect(order).toEqual(['synced', 'published']);
  });

  it('counts and names an event that is longer than NATS takes; the others go on', async () => {
    const { nats, outbox, history, tell, said, metric } = await setUp();
    nats.payloadBytesMax = 1_000;
    outbox.start();
    await outbox.addRun('run-1', history);
    nats.connect();
    await tell(stateEvent(0), { ...stateEvent(1), why: 'long '.repeat(1_000) }, stateEvent(2));
    await outbox.close(FLUSH);
    expect(nats.sequences()).toEqual([0, 2]);
    expect(await metric('ganglion_nats_dropped_events_total{kind="state"}')).toBe(1);
    expect(said()).toContain('run-1:1');
  });

  it('sets a run aside whose history is broken, says so, and goes on with the others', async () => {
    const { nats, outbox, history, tell, said, folder } = await setUp();
    const other = await openLog(temporaryFolder());
    await history.append(stateEvent(0));
    const file = join(folder, 'events.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"running"', '"runnnng"'));
    outbox.start();
    await outbox.addRun('run-1', history);
    await outbox.addRun('run-2', other);
    nats.connect();
    await tell(stateEvent(1));
    await other.append(stateEvent(0, 'run-2'));
    outbox.offer(stateEvent(0, 'run-2'));
    await outbox.close(FLUSH);
    expect(nats.received.map(({ id }) => id)).toEqual(['run-2:0']);
    expect(said()).toContain(`Line 1 of ${file} is not a run event.`);
  });

  it('refuses a run id that would speak for another run', async () => {
    const { outbox, history } = await setUp();
    await expect(outbox.addRun('run.*', history)).rejects.toThrow('one subject token');
  });

  it('closes at once without a connection, and in time where a flush is not answered', async () => {
    const away = await setUp();
    away.outbox.start();
    await away.outbox.addRun('run-1', away.history);
    await away.tell(stateEvent(0));
    const begin = performance.now();
    await away.outbox.close({ flushMs: 60_000 });
    const deaf = await setUp();
    deaf.nats.flushes = 'unanswered';
    deaf.outbox.start();
    await deaf.outbox.addRun('run-1', deaf.history);
    deaf.nats.connect();
    await deaf.tell(stateEvent(0));
    await deaf.outbox.close({ flushMs: 100 });
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('ignores half a line: it is being written', async () => {
    const { nats, outbox, history, folder } = await setUp();
    outbox.start();
    await outbox.addRun('run-1', history);
    await history.append(stateEvent(0));
    appendFileSync(join(folder, 'events.jsonl'), '{"half');
    nats.connect();
    outbox.offer(stateEvent(0));
    await outbox.close(FLUSH);
    expect(nats.sequences()).toEqual([0]);
  });
});
