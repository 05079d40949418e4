/**
 * Proves that losing workers costs time and never a committed phase that a survivor holds: the others stop at a phase
 * boundary, the one furthest ahead makes its state durable, and the run goes on there when enough workers are back.
 */
import { describe, expect, it } from 'vitest';
import { DETECTION_MS, type Scenario, training } from './scenario.ts';

/** Each way to lose worker b, and what the run says of it. */
const LOSSES: readonly [string, (story: Scenario) => Scenario, RegExp][] = [
  ['its connection ended', (story) => story.leave('b'), /^Worker b was lost: its connection ended\.$/],
  ['it failed by itself', (story) => story.fail('b', 5, false), /^Worker b stopped at phase 5: Out of memory\./],
  [
    'it was silent for longer than the failure detection',
    (story) => {
      story.nowMs += DETECTION_MS;
      return story.beat('a', 5).beat('c', 5).tickAfter(1);
    },
    /^Worker b was silent for 5\.0 s, last seen in phase 5: compute\.$/,
  ],
];

const atPhase5 = () => training(['a', 'b', 'c']).beat('a', 5).beat('b', 5).beat('c', 5);

describe.each(LOSSES)('a worker is lost: %s', (_, lose, why) => {
  it('the run waits, saying for whom, in a new generation in which the others are told to stop', () => {
    const story = lose(atPhase5());
    expect(story.run()).toMatchObject({ stage: 'halting', state: 'waiting', generation: 2, phase: 5 });
    expect(story.run().why).toMatch(why);
    expect(story.memberIds()).toEqual(['a', 'c']);
    expect(story.run().members.flatMap(({ shards }) => shards)).toEqual([]);
    for (const id of ['a', 'c']) {
      expect(story.sentTo(id)).toEqual([
        { type: 'halt', runId: 'r', generation: 2, why: story.run().why, graceful: false },
      ]);
    }
    expect(story.lines).toContain('close r');
  });
});

describe('silence', () => {
  it('as long as the failure detection is not enough', () => {
    const story = atPhase5().tickAfter(DETECTION_MS);
    expect(story.run().state).toBe('running');
  });

  it('ends the session and forgets the worker', () => {
    const story = atPhase5();
    story.nowMs += DETECTION_MS + 1_000;
    story.beat('a', 5).beat('c', 5).tickAfter(0);
    expect(story.lines).toContain('end b');
    expect(story.state.workers.has('b')).toBe(false);
    expect(story.lines).not.toContain('send halt to b');
  });

  it('of all at once leaves the run holding its newest checkpoint', () => {
    const story = atPhase5()
      .stored(4)
      .tickAfter(DETECTION_MS + 1_000);
    expect(story.state.workers.size).toBe(0);
    expect(story.run()).toMatchObject({ state: 'waiting', stage: 'holding', phase: 4, members: [] });
    expect(story.run().why).toMatch(/^Worker c was silent .* Waits for 3 workers .*: 0 here; phase 4 is held\.$/);
  });
});

describe('a coordinator that slept', () => {
  it('heard nobody, and takes nobody for lost before it could have', () => {
    const story = atPhase5()
      .tickAfter(1_000)
      .tickAfter(60 * DETECTION_MS);
    expect(story.run().state).toBe('running');
    for (let second = 0; second < 4; second++) story.tickAfter(1_000);
    story.beat('a', 5).beat('c', 5).tickAfter(1_001);
    expect(story.memberIds()).toEqual(['a', 'c']);
  });
});

describe('the survivors', () => {
  it('answer what they hold; the one furthest ahead uploads, and only it', () => {
    const story = atPhase5().leave('b').held('a', 5);
    expect(story.run().stage).toBe('halting');
    story.held('c', 6);
    expect(story.run()).toMatchObject({ stage: 'collecting', phase: 6 });
    expect(story.lines).toEqual(['send collectState to c']);
    expect(story.sentTo('c')).toEqual([{ type: 'collectState', runId: 'r', generation: 2 }]);
  });

  it('hold when its state is durable, and go on from there with a new worker: who has that phase keeps it', () => {
    const story = atPhase5().leave('b').held('a', 5).held('c', 6).stored(6);
    expect(story.run()).toMatchObject({ stage: 'holding', state: 'waiting', phase: 6 });
    story.join('d');
    expect(story.run()).toMatchObject({ stage: 'loading', state: 'starting', generation: 3, phase: 6 });
    expect(story.memberIds()).toEqual(['a', 'c', 'd']);
    expect(story.run().members.flatMap(({ shards }) => shards)).toEqual([0, 1, 2]);
    const told = ['a', 'c', 'd'].map((id) => story.sentTo(id)[0]);
    expect(told).toMatchObject([
      { type: 'assignment', phase: 6, generation: 3, keepState: false },
      { type: 'assignment', phase: 6, generation: 3, keepState: true },
      { type: 'assignment', phase: 6, generation: 3, keepState: false },
    ]);
    story.ready('a', 'c', 'd');
    expect(story.run()).toMatchObject({ state: 'running', stage: 'training', phase: 6 });
  });

  it('upload nothing where the newest checkpoint is as far as they are', () => {
    const story = atPhase5().stored(5).leave('b').held('a', 5).held('c', 5);
    expect(story.run()).toMatchObject({ stage: 'holding', phase: 5 });
    expect(story.lines).not.toContain('send collectState to a');
    story.join('b');
    expect(['a', 'c', 'b'].map((id) => story.sentTo(id)[0])).toMatchObject([
      { keepState: true },
      { keepState: true },
      { keepState: false },
    ]);
  });

  it('may hold nothing at all: the newest checkpoint counts', () => {
    const story = atPhase5().stored(4).leave('b').held('a', undefined).held('c', undefined);
    expect(story.run()).toMatchObject({ stage: 'holding', phase: 4 });
    story.join('b');
    expect(story.sentTo('a')).toMatchObject([{ phase: 4, keepState: false }]);
  });

  it('of another device class are not joined by one that is near', () => {
    const story = atPhase5().leave('b').held('a', 5).held('c', 5).stored(5);
    story.joinAs('d', { deviceClass: 'cuda/12/h100' });
    expect(story.run()).toMatchObject({ stage: 'holding', state: 'waiting' });
    expect(story.run().why).toContain(
      '2 here, 1 of another device class than tensorflow/2.21.0/x64-avx512 × 1 threads; phase 5 is held.',
    );
  });
});

describe('a worker comes back', () => {
  it('in a new session before the old one was missed: it counts as lost, and joins as a new one', () => {
    const story = atPhase5().join('b');
    expect(story.run()).toMatchObject({ stage: 'halting', why: 'Worker b came back in a new session.' });
    expect(story.memberIds()).toEqual(['a', 'c']);
    expect(story.worker('b')).toMatchObject({ runId: undefined, phase: 0, activity: 'idle' });
    story.held('a', 5).held('c', 5);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 5 });
    expect(story.memberIds()).toEqual(['a', 'c', 'b']);
    expect(story.sentTo('b')).toMatchObject([{ keepState: false, phase: 5, sourceRank: 0 }]);
  });

  it('alone, with nobody left to answer: the run starts again at once from its checkpoint', () => {
    const story = training(['a']).stored(3).beat('a', 5).join('a');
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 3, generation: 3 });
    expect(story.sentTo('a')).toMatchObject([{ type: 'assignment', phase: 3, keepState: false }]);
  });
});

describe('more is lost', () => {
  it('all workers at once: the run goes back to its newest checkpoint, and no further', () => {
    const story = atPhase5().stored(4).leave('a').leave('b').leave('c');
    expect(story.run()).toMatchObject({ state: 'waiting', stage: 'holding', phase: 4, members: [] });
    story.join('x', 'y', 'z');
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 4 });
    expect(story.sentTo('z')).toMatchObject([{ phase: 4, keepState: false, rank: 2 }]);
  });

  it('while the state is loaded: those who had it say so', () => {
    const story = training(['a', 'b']).stored(3).leave('b').held('a', 3).join('c');
    expect(story.run()).toMatchObject({ stage: 'loading', generation: 3 });
    story.ready('a').leave('c');
    expect(story.run()).toMatchObject({ stage: 'halting', generation: 4, state: 'waiting' });
    story.held('a', 3);
    expect(story.run()).toMatchObject({ stage: 'holding', phase: 3 });
  });

  it('while the others are asked: the answers of the older generation do not count', () => {
    const story = atPhase5().leave('b').held('a', 5).leave('c');
    expect(story.run()).toMatchObject({ stage: 'halting', generation: 3 });
    expect(story.run().answered.size).toBe(0);
    story.say('a', { type: 'held', runId: 'r', generation: 2, phase: 5, hasState: true });
    expect(story.run().stage).toBe('halting');
    story.held('a', 5);
    expect(story.run().stage).toBe('collecting');
  });

  it('the one that uploads, while it does: the next one ahead is asked', () => {
    const story = atPhase5().leave('b').held('a', 5).held('c', 6).leave('c');
    expect(story.run()).toMatchObject({ stage: 'halting', generation: 3 });
    story.held('a', 5);
    expect(story.run()).toMatchObject({ stage: 'collecting', phase: 5 });
    expect(story.lines).toEqual(['send collectState to a']);
    expect(story.stored(5).run()).toMatchObject({ stage: 'holding', phase: 5 });
  });

  it('a member that holds: the others still hold, and are asked again', () => {
    const story = atPhase5().leave('b').held('a', 5).held('c', 5).stored(5).leave('a');
    expect(story.run()).toMatchObject({ stage: 'halting', generation: 3 });
    story.held('c', 5).join('x', 'y');
    expect(story.memberIds()).toEqual(['c', 'x', 'y']);
    expect(story.sentTo('c')).toMatchObject([{ phase: 5, keepState: true }]);
  });

  it('a worker after the last phase, before its checkpoint: the survivor’s state completes the run', () => {
    const story = training(['a', 'b'], { phases: 8 }).report('a', 7, 'x').report('b', 7, 'x').leave('a');
    expect(story.run().stage).toBe('halting');
    story.held('b', 8).stored(8);
    expect(story.run()).toMatchObject({ state: 'completed', phase: 8 });
    expect(story.sentTo('b')).toMatchObject([{ type: 'release' }]);
  });
});

describe('a worker that stopped by itself', () => {
  const failed = () => atPhase5().fail('b', 5, false);

  it('is released after the others were told, and rests', () => {
    const story = failed();
    expect(story.lines.indexOf('send halt to c')).toBeLessThan(story.lines.indexOf('send release to b'));
    story.held('a', 5).held('c', 5).stored(5);
    expect(story.run()).toMatchObject({ stage: 'holding', members: [{ workerId: 'a' }, { workerId: 'c' }] });
    expect(story.run().why).toMatch(/Out of memory.* 1 connected that do not fit, drain or rest after a failure/);
  });

  it('is taken again after as long as the failure detection, and after twice as long the next time', () => {
    const story = failed().held('a', 5).held('c', 5).stored(5);
    const restsFor = (ms: number) => {
      for (const id of ['a', 'b', 'c']) story.beat(id, 5);
      story.tickAfter(ms / 2);
      for (const id of ['a', 'b', 'c']) story.beat(id, 5);
      expect(story.tickAfter(ms / 2 - 1).memberIds()).toEqual(['a', 'c']);
      expect(story.tickAfter(1).memberIds()).toEqual(['a', 'c', 'b']);
    };
    restsFor(DETECTION_MS);
    expect(story.sentTo('b')).toMatchObject([{ type: 'assignment', keepState: false }]);
    story.ready('a', 'c', 'b').fail('b', 5, false).held('a', 5).held('c', 5);
    restsFor(2 * DETECTION_MS);
  });
});
