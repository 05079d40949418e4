/**
 * Proves that workers which cannot reach each other go on through the coordinator where the config lets them, that
 * changed bytes alone close no road, and that a road which nobody can take costs no endless loop.
 */
import { describe, expect, it } from 'vitest';
import { DETECTION_MS, Scenario, training } from './scenario.ts';

const two = (road: 'auto' | 'direct' | 'star' = 'auto') => training(['a', 'b'], { road });

describe('a direct road that is closed', () => {
  it('leads through the coordinator, from the next generation on, and the run says why', () => {
    const story = two().beat('a', 5).blocked('a', 'b');
    expect(story.run()).toMatchObject({ stage: 'halting', state: 'waiting', generation: 2 });
    expect(story.run().why).toBe('Worker a cannot reach b: Nobody answers.');
    story.held('a', 5).held('b', 5);
    expect(story.run()).toMatchObject({ stage: 'loading', road: 'star', phase: 5 });
    expect(story.sentTo('b')).toMatchObject([{ road: 'star', keepState: true }]);
    expect(story.run().why).toContain('Through the coordinator: Worker a cannot reach b: Nobody answers.');
  });

  it('stays closed for later generations', () => {
    const story = two().blocked('a', 'b').held('a', 5).held('b', 5).ready('a', 'b').leave('b').held('a', 7).stored(7);
    expect(story.join('c').run()).toMatchObject({ stage: 'loading', road: 'star' });
  });

  it('is tried again after twelve failure detections, and after twice as long where it is closed still', () => {
    const beats = (story: Scenario, ms: number) => {
      for (let left = ms; left > 0; left -= DETECTION_MS) {
        story.beat('a', 6).beat('b', 6).tickAfter(Math.min(left, DETECTION_MS));
      }
      return story.run();
    };
    const closed = (story: Scenario) => story.blocked('a', 'b').held('a', 6).held('b', 6).ready('a', 'b');
    const story = closed(two());
    expect(beats(story, 12 * DETECTION_MS - 1)).toMatchObject({ stage: 'training', road: 'star' });
    expect(beats(story, 1)).toMatchObject({ stage: 'stopping', reason: 'The direct road is tried again.' });
    expect(story.held('a', 6).held('b', 6).run()).toMatchObject({ stage: 'loading', road: 'direct' });
    closed(story);
    expect(beats(story, 24 * DETECTION_MS - 1)).toMatchObject({ stage: 'training', road: 'star' });
    expect(beats(story, 1)).toMatchObject({ stage: 'stopping' });
  });

  it('ends a run whose config asks for the direct road, and says what else there is', () => {
    const story = two('direct').blocked('a', 'b');
    expect(story.run()).toMatchObject({ state: 'failed', members: [] });
    expect(story.run().why).toMatch(/^Worker a cannot reach b: .* collective\.road: auto goes around\.$/);
  });

  it('found while they load is the same', () => {
    const story = new Scenario().join('a', 'b').launch('s', { workers: 2 });
    expect(story.run('s').stage).toBe('loading');
    story.blocked('a', 'b');
    expect(story.run('s')).toMatchObject({ stage: 'halting', state: 'waiting' });
  });

  it('does not change what was asked for meanwhile', () => {
    const story = two().beat('a', 5).pause().blocked('a', 'b');
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'halting' });
    story.held('a', 5).held('b', 5).stored(5);
    expect(story.run()).toMatchObject({ state: 'paused', phase: 5 });
  });
});

describe('changed bytes', () => {
  /** Met once, and everybody is ready again. */
  const met = (story: Scenario) => story.blocked('a', 'b', true).held('a', 5).held('b', 5).ready('a', 'b');

  it('are an accident: the same road again', () => {
    const story = two().beat('a', 5).blocked('a', 'b', true);
    expect(story.run().why).toBe('Worker a refused what came: Nobody answers.');
    expect(story.held('a', 5).held('b', 5).run()).toMatchObject({ stage: 'loading', road: 'direct' });
  });

  it('four times without a phase in between close it; a phase in between begins the count anew', () => {
    const story = met(met(met(two().beat('a', 5))));
    expect(story.run()).toMatchObject({ road: 'direct', stuck: 3 });
    const other = met(story);
    expect(other.run()).toMatchObject({ road: 'star' });
    expect(
      met(met(met(two().beat('a', 5))))
        .beat('a', 6)
        .run(),
    ).toMatchObject({ road: 'direct', stuck: 0 });
  });

  it('on the way through the coordinator, again and again, make the worker that met them rest', () => {
    const story = met(met(met(two('star').beat('a', 5)))).blocked('a', 'b', true);
    expect(story.run()).toMatchObject({ stage: 'halting', members: [{ workerId: 'b' }] });
    expect(story.worker('a')).toMatchObject({ runId: undefined, barredUntilMs: story.nowMs + DETECTION_MS });
    expect(story.run().why).toMatch(/^Worker a stopped at phase \d: Nobody answers\.$/);
  });
});
