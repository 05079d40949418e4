/**
 * Proves that who watches a run gets its history, then what happens, without a gap and without a repeat; that a slow
 * watcher costs bounded memory and only phase events; and that nothing stays behind of one that leaves.
 */
import { describe, expect, it } from 'vitest';
import { Watchers } from '../../services/coordinator/watchers.ts';
import type { RunEvent, RunState } from '../../services/report/runEvent.ts';
import { phaseEvent, stateEvent } from '../telemetry/events.ts';

async function* history(...events: RunEvent[]): AsyncIterable<RunEvent> {
  yield* events;
}

function told(sequence: number, state: RunState, runId = 'run-1'): RunEvent {
  return { ...stateEvent(sequence, runId), state };
}

/** Reads on in the background. */
function reader(events: AsyncIterable<RunEvent>) {
  const got: number[] = [];
  const done = (async () => {
    for await (const { sequence } of events) got.push(sequence);
  })();
  return { got, done };
}

const never = () => new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('who watches', () => {
  it('gets the history, then live events, and is done after the final state', async () => {
    const watchers = new Watchers();
    const { got, done } = reader(watchers.watch('run-1', history(stateEvent(0), phaseEvent(1)), 0, never()));
    await turn();
    expect(got).toEqual([0, 1]);
    watchers.tell(phaseEvent(2));
    watchers.tell(told(3, 'completed'));
    await done;
    expect(got).toEqual([0, 1, 2, 3]);
  });

  it('misses nothing that happens while the history is read, and gets nothing twice', async () => {
    const watchers = new Watchers();
    async function* slow(): AsyncIterable<RunEvent> {
      yield stateEvent(0);
      // These are on disk already when the history gets there, and one is not.
      watchers.tell(phaseEvent(1));
      watchers.tell(phaseEvent(2));
      watchers.tell(phaseEvent(3));
      yield phaseEvent(1);
      yield phaseEvent(2);
    }
    const { got, done } = reader(watchers.watch('run-1', slow(), 0, never()));
    await turn();
    watchers.tell(told(4, 'failed'));
    await done;
    expect(got).toEqual([0, 1, 2, 3, 4]);
  });

  it('gets the events of that run only', async () => {
    const watchers = new Watchers();
    const { got, done } = reader(watchers.watch('run-1', history(), 0, never()));
    await turn();
    watchers.tell(phaseEvent(0, 0, 'run-2'));
    watchers.tell(told(7, 'completed', 'run-2'));
    watchers.tell(told(1, 'cancelled'));
    await done;
    expect(got).toEqual([1]);
  });

  it('is not alone: each gets everything', async () => {
    const watchers = new Watchers();
    const both = [0, 1].map(() => reader(watchers.watch('run-1', history(), 0, never())));
    await turn();
    watchers.tell(phaseEvent(0));
    watchers.tell(told(1, 'completed'));
    await Promise.all(both.map(({ done }) => done));
    expect(both.map(({ got }) => got)).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});

describe('who comes back', () => {
  it('and has seen some of it gets the rest, live events too', async () => {
    const watchers = new Watchers();
    const { got, done } = reader(watchers.watch('run-1', history(), 2, never()));
    await turn();
    // On disk already when the history was opened, and told while it was read.
    watchers.tell(phaseEvent(1));
    watchers.tell(phaseEvent(2));
    watchers.tell(told(3, 'completed'));
    await done;
    expect(got).toEqual([2, 3]);
  });
});

describe('a run that has ended', () => {
  it.each(['completed', 'failed', 'cancelled'] as const)('%s: only its history is given', async (state) => {
    const watchers = new Watchers();
    watchers.standsAt('run-1', state);
    const { got, done } = reader(watchers.watch('run-1', history(stateEvent(0)), 0, never()));
    await done;
    expect(got).toEqual([0]);
  });

  it('is watched again once it was resumed', async () => {
    const watchers = new Watchers();
    watchers.tell(told(0, 'failed'));
    watchers.tell(told(1, 'queued'));
    const { got, done } = reader(watchers.watch('run-1', history(told(0, 'failed'), told(1, 'queued')), 0, never()));
    await turn();
    watchers.tell(told(2, 'completed'));
    await done;
    expect(got).toEqual([0, 1, 2]);
  });

  it('not by a pause: somebody may resume it', async () => {
    const watchers = new Watchers();
    const gone = new AbortController();
    const { got, done } = reader(watchers.watch('run-1', history(), 0, gone.signal));
    await turn();
    watchers.tell(told(0, 'paused'));
    watchers.tell(told(1, 'queued'));
    await turn();
    expect(got).toEqual([0, 1]);
    gone.abort();
    await done;
  });
});

describe('who leaves', () => {
  it('while nothing happens is done at once', async () => {
    const gone = new AbortController();
    const { done } = reader(new Watchers().watch('run-1', history(), 0, gone.signal));
    await turn();
    gone.abort();
    await done;
  });

  it('in the midst of the history is done there', async () => {
    const gone = new AbortController();
    const got: number[] = [];
    for await (const { sequence } of new Watchers().watch(
      'run-1',
      history(stateEvent(0), stateEvent(1)),
      0,
      gone.signal,
    )) {
      got.push(sequence);
      gone.abort();
    }
    expect(got).toEqual([0]);
  });

  it('by leaving the loop closes the history too', async () => {
    let closed = false;
    async function* open(): AsyncIterable<RunEvent> {
      try {
        yield stateEvent(0);
        yield stateEvent(1);
      } finally {
        closed = true;
      }
    }
    for await (const _ of new Watchers().watch('run-1', open(), 0, never())) break;
    expect(closed).toBe(true);
  });
});

describe('who does not read', () => {
  it('loses the oldest phase events beyond 1,024, and no other', async () => {
    const watchers = new Watchers();
    const events = watchers.watch('run-1', history(stateEvent(0)), 0, never())[Symbol.asyncIterator]();
    await events.next();
    watchers.tell(told(1, 'running'));
    for (let sequence = 2; sequence < 1_500; sequence++) watchers.tell(phaseEvent(sequence));
    watchers.tell(told(1_500, 'completed'));
    const got: number[] = [];
    for (let next = await events.next(); !next.done; next = await events.next()) got.push(next.value.sequence);
    expect(got).toHaveLength(1_024);
    expect(got[0]).toBe(1);
    expect(got[1]).toBe(1_500 - 1_022);
    expect(got.at(-1)).toBe(1_500);
  });
});
