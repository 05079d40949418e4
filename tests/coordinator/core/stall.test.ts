/**
 * Proves that a run which does not move although everybody lives says within the failure detection who is waited for and
 * what that one does, and that bytes which were lost on the way cost one phase, and no endless loop on a slow road.
 */
import { describe, expect, it } from 'vitest';
import { DETECTION_MS, Scenario, training } from './scenario.ts';

/** Everybody beats, doing this, until so long after the last event. */
function beatsFor(story: Scenario, ms: number, doing: Readonly<Record<string, string>>, phase = 5): Scenario {
  for (let passed = 0; passed < ms; passed += 1_000) {
    for (const [id, activity] of Object.entries(doing)) story.beat(id, phase, activity);
    story.tickAfter(Math.min(1_000, ms - passed));
  }
  return story;
}

const two = () => training(['a', 'b']).beat('a', 5);
const WAITING = { a: 'exchange, waits for b', b: 'exchange, waits for a' };
const SLOW = { a: 'exchange', b: 'compute' };

describe('a phase that is not done', () => {
  it('for as long as the failure detection is nothing to tell', () => {
    expect(beatsFor(two(), DETECTION_MS, SLOW).run().why).toBe('2 workers train, directly with each other.');
  });

  it('names who is waited for and what it does, once', () => {
    const story = beatsFor(two(), DETECTION_MS + 1_000, SLOW);
    expect(story.run()).toMatchObject({ state: 'running', stage: 'training' });
    expect(story.run().why).toBe('Phase 5 is not done after 6.0 s: worker b: compute.');
    expect(story.lines).toEqual(['persist r', 'publish running']);
    expect(beatsFor(story, 3_000, SLOW).lines).toEqual([]);
  });

  it('is told of no more when it is done', () => {
    const story = beatsFor(two(), DETECTION_MS + 1_000, SLOW)
      .beat('b', 6)
      .tickAfter(100);
    expect(story.run().why).toBe('2 workers train, directly with each other.');
  });

  it('while a person pauses: the run goes on pausing', () => {
    const story = beatsFor(two().pause(), DETECTION_MS + 1_000, SLOW);
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'stopping' });
    expect(story.run().why).toContain('worker b: compute');
  });

  it('while they stop names who has not stopped yet', () => {
    const story = training(['a', 'b'], { workers: { min: 2, max: 3 } })
      .beat('a', 5)
      .join('c')
      .held('a', 5);
    const doing = { a: 'holding', b: 'compute', c: 'idle' };
    expect(beatsFor(story, DETECTION_MS + 1_000, doing).run().why).toContain('worker b: compute');
  });
});

describe('everybody waits for bytes', () => {
  it('so they were lost: all stop at once, say what they hold, and take the other road', () => {
    const story = beatsFor(two(), DETECTION_MS + 1_000, WAITING);
    expect(story.run()).toMatchObject({ stage: 'halting', state: 'waiting' });
    expect(story.run().why).toBe(
      'Phase 5 is not done after 6.0 s, and everybody waits (a: exchange, waits for b; b: exchange, waits for a).',
    );
    story.held('a', 5).held('b', 5);
    expect(story.run()).toMatchObject({ stage: 'loading', road: 'star', phase: 5 });
  });

  it('counts from when they began to wait: a phase may compute for longer than the failure detection', () => {
    const computing = beatsFor(two(), 2 * DETECTION_MS, { a: 'compute', b: 'compute' });
    const story = beatsFor(computing, DETECTION_MS, WAITING);
    expect(story.run().stage).toBe('training');
    expect(beatsFor(story, 2_000, WAITING).run().stage).toBe('halting');
  });

  it('and bytes that flow, however slowly, are not lost', () => {
    let story = beatsFor(two(), DETECTION_MS, WAITING);
    for (let value = 0; value < 20; value++) {
      const waits = `exchange, waits for worker b: values ${value} of 20`;
      story = beatsFor(story, 2_000, { a: waits, b: waits });
    }
    expect(story.run()).toMatchObject({ stage: 'training', generation: 1 });
  });

  it('of the last phase, which the others have finished', () => {
    const story = training(['a', 'b'], { phases: 8 }).beat('a', 8, 'finished');
    beatsFor(story, DETECTION_MS + 1_000, { a: 'finished', b: 'exchange, waits for a' }, 7);
    expect(story.run().stage).toBe('halting');
    expect(story.held('a', 8).held('b', 7).stored(8).run()).toMatchObject({ state: 'completed', phase: 8 });
  });

  it('only since a moment ago, after a long computation: they may go on waiting', () => {
    const story = beatsFor(two(), 2 * DETECTION_MS, SLOW);
    expect(beatsFor(story, DETECTION_MS, WAITING).run()).toMatchObject({ stage: 'training', generation: 1 });
    expect(beatsFor(story, 1_000, WAITING).run()).toMatchObject({ stage: 'halting', generation: 2 });
  });

  it('again and again, and each time the run goes back to a checkpoint: the same phases again are no progress', () => {
    const story = two();
    const regroup = () => story.held('a', undefined).held('b', undefined).ready('a', 'b').beat('a', 1);
    beatsFor(story, DETECTION_MS + 1_000, WAITING);
    expect(regroup().run()).toMatchObject({ stage: 'training', phase: 1, stuck: 1 });
    expect(beatsFor(story, DETECTION_MS + 1_000, WAITING, 1).run().stage).toBe('training');
    expect(story.beat('a', 6).run()).toMatchObject({ stuck: 0 });
  });

  it('again and again: each time they may wait twice as long, so that a slow road gets there', () => {
    const story = training(['a', 'b'], { road: 'star' }).beat('a', 5);
    const haltedAfter = () => {
      const { generation } = story.run();
      let ms = 0;
      for (; story.run().generation === generation; ms += 1_000) beatsFor(story, 1_000, WAITING);
      story.held('a', 5).held('b', 5).ready('a', 'b');
      return ms;
    };
    const waited = [haltedAfter(), haltedAfter(), haltedAfter(), haltedAfter()];
    expect(waited).toEqual([6_000, 11_000, 21_000, 41_000]);
    // A phase is committed: the next stall is a new one.
    story.beat('a', 6);
    expect(haltedAfter()).toBe(6_000);
  });

  it('alone is not possible: a lone worker is never halted for it', () => {
    const story = beatsFor(training(['a']).beat('a', 5), 60_000, { a: 'exchange' });
    expect(story.run()).toMatchObject({ stage: 'training', generation: 1 });
  });

  it('with the config’s direct road: that one again', () => {
    const story = beatsFor(training(['a', 'b'], { road: 'direct' }).beat('a', 5), DETECTION_MS + 1_000, WAITING);
    expect(story.held('a', 5).held('b', 5).run()).toMatchObject({ stage: 'loading', road: 'direct' });
  });

  it('while a person pauses: the run pauses all the same', () => {
    const story = beatsFor(two().pause(), DETECTION_MS + 1_000, WAITING);
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'halting' });
    expect(story.held('a', 5).held('b', 5).stored(5).run()).toMatchObject({ state: 'paused' });
  });
});

describe('a hot spare', () => {
  const three = () => training(['a', 'b', 'c'], { workers: { min: 2, max: 3 }, shards: 2 });

  it('that stays behind gets the state of the others: nobody would wait for it', () => {
    const story = three().beat('a', 5).beat('b', 5).beat('c', 3, 'exchange');
    beatsFor(story, DETECTION_MS, { a: 'compute', b: 'compute' }, 9);
    story.beat('c', 3, 'exchange').tickAfter(1);
    expect(story.run()).toMatchObject({ stage: 'halting' });
    expect(story.run().why).toBe('Worker c stays behind at phase 3 (exchange), the others are at 9.');
  });

  it('one phase behind is not: a heartbeat tells old news', () => {
    const story = three().beat('a', 5).beat('b', 5).beat('c', 4, 'exchange');
    story.nowMs += DETECTION_MS - 100;
    story.beat('a', 5).beat('b', 5).beat('c', 4, 'exchange').tickAfter(200);
    expect(story.run().stage).toBe('training');
  });
});

describe('what else may take too long', () => {
  it('a state that is loaded', () => {
    const story = new Scenario().join('a', 'b').launch('r', { workers: 2 }).ready('a');
    beatsFor(story, DETECTION_MS + 1_000, { a: 'ready', b: 'loading the state' }, 0);
    expect(story.run()).toMatchObject({ state: 'starting', stage: 'loading' });
    expect(story.run().why).toBe('Not everybody has the state after 6.0 s: b: loading the state.');
  });

  it('a worker that does not stop', () => {
    const story = training(['a', 'b', 'c']).leave('c').held('a', 5);
    expect(beatsFor(story, DETECTION_MS + 1_000, { a: 'holding', b: 'compute' }).run().why).toBe(
      'Not everybody has stopped after 6.0 s: b: compute.',
    );
  });

  it('a state on its way to the disk', () => {
    const story = training(['a', 'b']).leave('b').held('a', 5);
    expect(beatsFor(story, DETECTION_MS + 1_000, { a: 'holding' }).run().why).toBe(
      'The state of phase 5 is not on disk after 6.0 s.',
    );
  });
});
