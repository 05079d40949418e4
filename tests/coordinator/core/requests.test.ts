/**
 * Proves what a person may ask of a run in each of its states, and what it leads to: a pause and a cancel always end at
 * a durable checkpoint; a resume goes on from it, or from an older one; the rest is refused and changes nothing.
 */
import { describe, expect, it } from 'vitest';
import { GanglionError } from '../../../services/errors/ganglionError.ts';
import type { RunState } from '../../../services/report/runEvent.ts';
import { Scenario, training } from './scenario.ts';

/** A run 'r' with checkpoints of phases 0, 3 and 4 in each state; the members that it has hold phase 5. */
const IN_STATE: Record<RunState, () => Scenario> = {
  queued: () => new Scenario().launch('r', { workers: 2 }).stored(3).stored(4),
  starting: () => IN_STATE.queued().join('a', 'b'),
  running: () => IN_STATE.starting().ready('a', 'b').beat('a', 5),
  waiting: () => IN_STATE.running().leave('b'),
  pausing: () => IN_STATE.running().pause(),
  paused: () => IN_STATE.pausing().held('a', 4).held('b', 4),
  completed: () => IN_STATE.running().stored(100).report('a', 99).report('b', 99),
  failed: () => IN_STATE.running().fail('a', 5, true),
  cancelled: () => IN_STATE.running().cancel().held('a', 4).held('b', 4),
};
const STATES = Object.keys(IN_STATE) as RunState[];

const ASKS = {
  pause: (story: Scenario) => story.pause(),
  resume: (story: Scenario) => story.resume(),
  cancel: (story: Scenario) => story.cancel(),
};
const ALLOWED: Record<keyof typeof ASKS, readonly RunState[]> = {
  pause: ['queued', 'starting', 'running', 'waiting'],
  resume: ['paused', 'failed', 'cancelled'],
  cancel: ['queued', 'starting', 'running', 'waiting', 'pausing', 'paused'],
};

function refusal(ask: () => unknown): GanglionError {
  try {
    ask();
  } catch (error) {
    if (error instanceof GanglionError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

it.each(STATES)('the story of a %s run is one', (state) => {
  expect(IN_STATE[state]().run().state).toBe(state);
});

describe.each(['pause', 'resume', 'cancel'] as const)('to %s', (verb) => {
  it.each(ALLOWED[verb])('is allowed for a run that is %s', (state) => {
    expect(() => ASKS[verb](IN_STATE[state]())).not.toThrow();
  });

  it.each(STATES.filter((state) => !ALLOWED[verb].includes(state)))('is refused for one that is %s', (state) => {
    const story = IN_STATE[state]();
    const before = story.state;
    const error = refusal(() => ASKS[verb](story));
    expect(error.code).toBe('wrong-state');
    expect(error.message).toBe(
      `Run 'r' is ${state}; only a run that is ${ALLOWED[verb].join(', ')} can be asked to ${verb}.`,
    );
    expect(error.remedy).not.toBe('');
    expect(story.state).toBe(before);
  });

  it('is refused for a run that is not there', () => {
    const error = refusal(() => ASKS[verb](new Scenario()));
    expect(error.code).toBe('not-found');
    expect(error.message).toBe("There is no run 'r'.");
  });
});

describe.each([
  ['pause', 'paused'],
  ['cancel', 'cancelled'],
] as const)('a %s', (verb, rest) => {
  it('of a run without workers is done at once', () => {
    const story = ASKS[verb](IN_STATE.queued());
    expect(story.run()).toMatchObject({ state: rest, stage: 'idle' });
    expect(story.run().why).toBe(`A person asked to ${verb}. The checkpoint of phase 4 is on disk.`);
    expect(story.join('a', 'b').run().members).toEqual([]);
  });

  it('of a run that trains stops at a phase boundary, makes the furthest state durable, and frees the workers', () => {
    const story = ASKS[verb](IN_STATE.running());
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'stopping', generation: 1 });
    expect(story.sentTo('b')).toMatchObject([{ type: 'halt', generation: 1, graceful: true }]);
    expect(story.run().why).toBe(`A person asked to ${verb}.`);
    story.held('a', 6).held('b', 5);
    expect(story.lines).toEqual(['close r', 'send collectState to a']);
    expect(story.run().state).toBe('pausing');
    story.stored(6);
    expect(story.run()).toMatchObject({ state: rest, stage: 'idle', phase: 6, members: [] });
    expect(story.run().why).toMatch(/ at phase 6; the checkpoint of it is /);
    expect(['a', 'b'].map((id) => story.worker(id).runId)).toEqual([undefined, undefined]);
    expect(story.lines).toEqual(expect.arrayContaining(['send release to a', 'send release to b']));
    expect(story.tickAfter(0).run().state).toBe(rest);
  });

  it('of a run that starts does not wait for its state', () => {
    const story = ASKS[verb](IN_STATE.starting()).held('a', undefined).held('b', undefined);
    expect(story.run()).toMatchObject({ state: rest, phase: 4 });
  });

  it('of a run that waits for a lost worker takes what the survivor holds', () => {
    const story = ASKS[verb](IN_STATE.waiting());
    expect(story.run()).toMatchObject({ state: 'pausing', generation: 2 });
    story.held('a', 5).stored(5);
    expect(story.run()).toMatchObject({ state: rest, phase: 5 });
  });

  it('of a run whose workers are then lost ends at the newest checkpoint', () => {
    const story = ASKS[verb](IN_STATE.running()).leave('a').leave('b');
    expect(story.run()).toMatchObject({ state: rest, phase: 4 });
  });

  it('survives the loss of one worker on the way', () => {
    const story = ASKS[verb](IN_STATE.running()).leave('b');
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'halting', generation: 2 });
    story.held('a', 5).stored(5);
    expect(story.run()).toMatchObject({ state: rest, phase: 5 });
  });

  it('that comes when all is done finds the run completed', () => {
    const story = ASKS[verb](training(['a'], { phases: 8 }).report('a', 7))
      .held('a', 8)
      .stored(8);
    expect(story.run()).toMatchObject({ state: 'completed', phase: 8 });
  });
});

describe('a cancel', () => {
  it('overtakes a pause', () => {
    const story = IN_STATE.pausing().cancel().held('a', 4).held('b', 4);
    expect(story.run().state).toBe('cancelled');
  });
});

describe('a resume', () => {
  it('queues the run again, from its newest checkpoint, and training goes on in a new generation', () => {
    const paused = IN_STATE.paused();
    const { generation } = paused.run();
    paused.leave('b').resume();
    expect(paused.run()).toMatchObject({ state: 'queued', phase: 4 });
    paused.join('b');
    expect(paused.run()).toMatchObject({ state: 'starting', phase: 4, generation: generation + 1 });
    expect(paused.sentTo('a')).toMatchObject([{ type: 'assignment', phase: 4, keepState: false }]);
    expect(paused.ready('a', 'b').run().state).toBe('running');
  });

  it('takes idle workers at once', () => {
    expect(IN_STATE.paused().resume().run()).toMatchObject({ state: 'starting', why: expect.stringContaining('a, b') });
  });

  it('from an older phase forgets what is newer', () => {
    const story = IN_STATE.paused().resume('r', 3);
    expect(story.run().checkpoints.map(({ phase }) => phase)).toEqual([0, 3]);
    expect(story.run()).toMatchObject({ state: 'starting', phase: 3 });
    expect(story.sentTo('a')).toMatchObject([{ phase: 3 }]);
  });

  it('from a phase without a checkpoint is refused, naming those that there are', () => {
    const story = IN_STATE.paused();
    const error = refusal(() => story.resume('r', 2));
    expect(error.code).toBe('not-found');
    expect(error.message).toBe("Run 'r' keeps no checkpoint of phase 2; it has 0, 3, 4.");
    expect(story.run().state).toBe('paused');
  });

  it('keeps the place that the run had in the queue', () => {
    const story = new Scenario().launch('r').pause().launch('later', { workers: 2 }).resume();
    story.join('a');
    expect(story.memberIds('r')).toEqual(['a']);
  });
});
