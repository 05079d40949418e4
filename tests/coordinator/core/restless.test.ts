/** Proves that a worker which is lost again and again cannot keep the others from every phase, and is taken where it is needed. */
import { describe, expect, it } from 'vitest';
import { DETECTION_MS, type Scenario, training } from './scenario.ts';

/** b is lost in phase 5, a goes on alone. */
function lost(story: Scenario): Scenario {
  return story.leave('b').held('a', 5).ready('a');
}

/** b comes back, and a stops for it. */
function back(story: Scenario): Scenario {
  return story.join('b').held('a', 5).ready('a', 'b');
}

const once = () => lost(training(['a', 'b'], { workers: { min: 1, max: 2 } }).beat('a', 5));

describe('a worker that is lost without a new phase in between', () => {
  it('is welcome at once after the first time', () => {
    expect(once().join('b').run().stage).toBe('stopping');
  });

  it('waits one failure detection after the second, two after the third', () => {
    const twice = lost(back(once()));
    expect(twice.join('b').run()).toMatchObject({ stage: 'training', members: [{ workerId: 'a' }] });
    const later = (story: Scenario, ms: number) => story.beat('a', 5).beat('b').tickAfter(ms);
    expect(later(twice, 0.9 * DETECTION_MS).run().stage).toBe('training');
    expect(later(twice, 0.1 * DETECTION_MS).run().stage).toBe('stopping');
    const thrice = lost(twice.held('a', 5).ready('a', 'b')).join('b');
    expect(later(later(thrice, 0.9 * DETECTION_MS), 0.9 * DETECTION_MS).run().stage).toBe('training');
    expect(later(thrice, 0.2 * DETECTION_MS).run().stage).toBe('stopping');
  });

  it('is welcome again after a new phase', () => {
    const twice = lost(back(once()));
    expect(twice.beat('a', 6).join('b').run().stage).toBe('stopping');
  });

  it('is taken at once where there are too few without it', () => {
    const story = training(['a', 'b'], { workers: { min: 2, max: 2 } }).beat('a', 5);
    for (let i = 0; i < 3; i++) {
      story.leave('b').held('a', 5).stored(5);
      expect(story.join('b').run().stage).toBe('loading');
      story.ready('a', 'b');
    }
  });
});
