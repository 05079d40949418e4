/** Proves that following a run sees every event once over broken streams, and gives up where it must. */
import { describe, expect, it } from 'vitest';
import { followRun } from '../../services/cli/followRun.ts';
import type { ErrorCode } from '../../services/errors/errorCodes.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { RunEvent, RunState } from '../../services/report/runEvent.ts';
import { runView, stateEvent } from './views.ts';

type Step = RunEvent | ErrorCode;

/** A coordinator that answers each dial with the next stream: events, then its end or an error. */
class FakeCoordinator {
  readonly dialledFrom: number[] = [];
  readonly #streams: Step[][];
  readonly #states: RunState[];

  constructor(streams: Step[][], states: RunState[]) {
    this.#streams = streams;
    this.#states = states;
  }

  async *watchRun(_runId: string, fromSequence: number): AsyncIterable<RunEvent> {
    this.dialledFrom.push(fromSequence);
    for (const step of this.#streams.shift() ?? ['unreachable' as const]) {
      if (typeof step === 'string') throw failure(step);
      yield step;
    }
  }

  async getRun() {
    const state = this.#states.shift();
    if (state === undefined) throw failure('unreachable');
    return runView({ state });
  }
}

function failure(code: ErrorCode): GanglionError {
  return new GanglionError({ code, message: `It is ${code}.`, remedy: 'None.' });
}

async function follow(coordinator: FakeCoordinator, redialsMax = 3) {
  const sequences: number[] = [];
  let aways = 0;
  const follower = { event: (event: RunEvent) => void sequences.push(event.sequence), away: () => void aways++ };
  const ended = followRun(coordinator, 'r-1', follower, { redialsMax, redialMs: 1 });
  const outcome = await ended.catch((error: unknown) => (error as GanglionError).code);
  return { outcome, sequences, aways };
}

const running = (sequence: number) => stateEvent(sequence, 'running');

describe('followRun', () => {
  it('ends with the final state when the stream ends', async () => {
    const coordinator = new FakeCoordinator([[running(0), stateEvent(1, 'completed')]], ['completed']);
    expect(await follow(coordinator)).toEqual({ outcome: 'completed', sequences: [0, 1], aways: 0 });
  });

  it.each(['unreachable', 'aborted'] as const)(
    'goes on after the last event seen when the stream is %s',
    async (code) => {
      const coordinator = new FakeCoordinator(
        [[running(0), running(1), code], ['unreachable'], [running(2), stateEvent(3, 'failed')]],
        ['failed'],
      );
      expect(await follow(coordinator)).toEqual({ outcome: 'failed', sequences: [0, 1, 2, 3], aways: 1 });
      expect(coordinator.dialledFrom).toEqual([0, 2, 2]);
    },
  );

  it('dials again when a stopping coordinator ends the stream of a run that goes on', async () => {
    const coordinator = new FakeCoordinator([[running(0)], [stateEvent(1, 'completed')]], ['running', 'completed']);
    expect(await follow(coordinator)).toEqual({ outcome: 'completed', sequences: [0, 1], aways: 1 });
  });

  it('tells of each time that the coordinator goes away, and counts its dials anew', async () => {
    const once = (sequence: number): Step[][] => [[running(sequence), 'unreachable'], ['unreachable'], ['unreachable']];
    const coordinator = new FakeCoordinator([...once(0), ...once(1), [stateEvent(2, 'cancelled')]], ['cancelled']);
    expect(await follow(coordinator)).toEqual({ outcome: 'cancelled', sequences: [0, 1, 2], aways: 2 });
  });

  it('gives up after its dials', async () => {
    const coordinator = new FakeCoordinator([[running(0), 'unreachable']], []);
    expect((await follow(coordinator)).outcome).toBe('unreachable');
    expect(coordinator.dialledFrom).toHaveLength(4);
  });

  it('does not wait for a coordinator that never answered', async () => {
    const coordinator = new FakeCoordinator([], []);
    expect(await follow(coordinator)).toEqual({ outcome: 'unreachable', sequences: [], aways: 0 });
    expect(coordinator.dialledFrom).toEqual([0]);
  });

  it('does not dial again for an error of another kind', async () => {
    const coordinator = new FakeCoordinator([[running(0), 'not-found'], [running(1)]], []);
    expect(await follow(coordinator)).toEqual({ outcome: 'not-found', sequences: [0], aways: 0 });
  });
});
