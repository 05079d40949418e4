/**
 * Proves that a control stream begins with a hello that fits, that a worker's id has one session at a time, and that
 * what an older session says or how it ends no longer counts.
 */
import { describe, expect, it } from 'vitest';
import type { CoordinatorMessage, WorkerMessage } from '../../services/control/messages.ts';
import type { CoordinatorEvent } from '../../services/coordinator/core/event.ts';
import { Sessions } from '../../services/coordinator/sessions.ts';
import type { Session } from '../../services/wire/handlers.ts';
import { DEVICE } from './core/runs.ts';

class FakeStream implements Session {
  readonly sent: CoordinatorMessage[] = [];
  ended = false;

  send(message: CoordinatorMessage): void {
    this.sent.push(message);
  }

  end(): void {
    this.ended = true;
  }
}

function room() {
  const events: CoordinatorEvent[] = [];
  const traced: string[] = [];
  const sessions = new Sessions({
    coordinatorId: 'c-1',
    failureDetectionMs: 1_250,
    dispatch: (event) => void events.push(event),
    traced: (workerId, message) => void traced.push(`${workerId} ${message.type}`),
  });
  const dial = () => {
    const stream = new FakeStream();
    return { stream, ...sessions.open(stream) };
  };
  return { sessions, events, traced, dial };
}

function hello(workerId: string, protocolVersion = 1): WorkerMessage & { type: 'hello' } {
  const place = { hostname: 'box', pid: 7, device: DEVICE, peer: { tcp: 'box:1', unix: '', machine: 'm' } };
  return { type: 'hello', protocolVersion, workerId, ...place, held: undefined };
}

const BEAT: WorkerMessage = { type: 'heartbeat', runId: '', generation: 0, phase: 0, activity: 'idle' };

describe('a session', () => {
  it('that begins with a hello is welcomed, and the core hears of the worker', () => {
    const { events, dial } = room();
    const { stream, message } = dial();
    message(hello('w1'));
    expect(stream.sent).toEqual([
      { type: 'welcome', coordinatorId: 'c-1', heartbeatIntervalMs: 250, failureDetectionMs: 1_250 },
    ]);
    expect(events).toMatchObject([{ type: 'workerJoined', hello: { workerId: 'w1', device: DEVICE } }]);
  });

  it('passes on what the worker says, and that it ended', () => {
    const { events, dial } = room();
    const { message, closed } = dial();
    message(hello('w1'));
    message(BEAT);
    closed();
    expect(events.slice(1)).toEqual([
      { type: 'workerSaid', workerId: 'w1', message: BEAT },
      { type: 'workerLeft', workerId: 'w1', why: 'Worker w1 was lost: its connection ended.' },
    ]);
  });

  it('tells of a trace whom that concerns, and the core nothing', () => {
    const { events, traced, dial } = room();
    const { message } = dial();
    message(hello('w1'));
    const clock = { sentAtMs: 1, receivedAtMs: 1, answeredAtMs: 1 };
    message({ type: 'traceAnswer', traceId: 1, nextPhase: 0, ...clock });
    message({ type: 'traceSpans', traceId: 1, spans: [], phase: 1, last: true, dropped: 0 });
    expect([traced, events.length]).toEqual([['w1 traceAnswer', 'w1 traceSpans'], 1]);
  });

  it('that ends before a hello is nobody’s loss', () => {
    const { events, dial } = room();
    dial().closed();
    expect(events).toEqual([]);
  });

  it('gets what the coordinator sends to its worker; to others nothing is sent', () => {
    const { sessions, dial } = room();
    const { stream, message } = dial();
    message(hello('w1'));
    const release: CoordinatorMessage = { type: 'release', runId: 'r', why: 'Done.' };
    sessions.send('w1', release);
    sessions.send('w2', release);
    expect(stream.sent.slice(1)).toEqual([release]);
  });

  it('that the core has ended is not told to it again', () => {
    const { sessions, events, dial } = room();
    const { stream, message, closed } = dial();
    message(hello('w1'));
    sessions.end('w1');
    expect(stream.ended).toBe(true);
    message(BEAT);
    closed();
    expect(events).toHaveLength(1);
  });
});

describe('a second session with the same id', () => {
  it('replaces the first, which is told by whom, ended, and no longer heard', () => {
    const { sessions, events, dial } = room();
    const old = dial();
    old.message(hello('w1'));
    const young = dial();
    young.message(hello('w1'));
    expect(old.stream.ended).toBe(true);
    expect(old.stream.sent[1]).toEqual({
      type: 'refused',
      message: "Another worker (process 7 on box) has registered as 'w1'.",
      remedy: 'Give each worker an id of its own with --id.',
    });
    old.message(BEAT);
    old.closed();
    expect(events.map(({ type }) => type)).toEqual(['workerJoined', 'workerJoined']);
    sessions.send('w1', { type: 'release', runId: 'r', why: 'Done.' });
    expect(young.stream.sent).toHaveLength(2);
    expect(old.stream.sent).toHaveLength(2);
  });
});

describe('a session is refused, with a sentence and a remedy, where', () => {
  const refusals: [string, WorkerMessage, RegExp][] = [
    ['it does not begin with a hello', BEAT, /^The first message was 'heartbeat', not 'hello'\.$/],
    [
      'it speaks another protocol version',
      hello('w1', 2),
      /^The worker speaks protocol version 2; this coordinator speaks 1\.$/,
    ],
    ['its id is empty', hello(''), /^The worker id '' is not one\.$/],
    ['its id has a space', hello('a b'), /^The worker id 'a b' is not one\.$/],
    ['its id leads out of a path', hello('../x'), /'\.\.\/x' is not one/],
    ['its id is longer than 63 characters', hello('x'.repeat(64)), /is not one/],
  ];

  it.each(refusals)('%s', (_, first, sentence) => {
    const { events, dial } = room();
    const { stream, message } = dial();
    message(first);
    expect(stream.sent).toMatchObject([{ type: 'refused', message: expect.stringMatching(sentence) }]);
    expect(stream.sent[0]).toHaveProperty('remedy', expect.stringMatching(/\S/));
    expect(stream.ended).toBe(true);
    expect(events).toEqual([]);
  });

  it('not where the id is as long as it may be', () => {
    const { events, dial } = room();
    dial().message(hello('x'.repeat(63)));
    expect(events).toHaveLength(1);
  });

  it('it says hello with the id of a worker that is here, but cannot be understood: that one stays', () => {
    const { events, dial } = room();
    const good = dial();
    good.message(hello('w1'));
    dial().message(hello('w1', 99));
    expect(good.stream.ended).toBe(false);
    expect(events).toHaveLength(1);
  });
});
