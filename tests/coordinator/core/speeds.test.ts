/** Proves that a faster worker gets more shards once that is worth a change, by what was measured and not by chance. */
import { describe, expect, it } from 'vitest';
import { DETECTION_MS, phaseReport, type Scenario, training } from './scenario.ts';

const EIGHT_SHARDS = { workers: { min: 2, max: 3 }, shards: 8 };
const two = () => training(['a', 'b'], EIGHT_SHARDS);

/** All report `phase`, each with what its shards cost it. */
function report(story: Scenario, phase: number, msPerShard: Readonly<Record<string, number>>): Scenario {
  const { members } = story.run();
  for (const { workerId, shards } of members) {
    const computeMs = (msPerShard[workerId] ?? 0) * shards.length * 2;
    const timings = { computeMs, exchangeMs: 1, waitMs: 1, applyMs: 1 };
    story.say(workerId, { ...phaseReport(story.at(workerId, phase)), timings, phaseCount: 2 });
  }
  return story;
}

function later(story: Scenario, ms: number): Scenario {
  story.nowMs += ms;
  return story;
}

const shardCounts = (story: Scenario) => story.run().members.map(({ shards }) => shards.length);

describe('shards', () => {
  it('are dealt evenly while nobody was measured', () => {
    expect(shardCounts(two())).toEqual([4, 4]);
  });

  it('move to the faster worker at a phase boundary, six failure detections after the last change', () => {
    const story = report(later(two(), 6 * DETECTION_MS - 1), 9, { a: 10, b: 30 });
    expect(story.run().stage).toBe('training');
    report(later(story, 1), 19, { a: 10, b: 30 });
    expect(story.run()).toMatchObject({ stage: 'stopping', generation: 1 });
    expect(story.run().reason).toBe('Shards move to faster workers: 120.0 ms a phase become 60.0.');
    story.held('a', 21).held('b', 21);
    expect(shardCounts(story)).toEqual([6, 2]);
    for (const id of ['a', 'b']) expect(story.sentTo(id)).toMatchObject([{ keepState: true, phase: 21 }]);
  });

  it('move again only after twice as long: a machine whose speed comes and goes is not followed', () => {
    const story = report(later(two(), 6 * DETECTION_MS), 19, { a: 10, b: 30 });
    story.held('a', 21).held('b', 21).ready('a', 'b');
    report(later(story, 6 * DETECTION_MS), 29, { a: 90, b: 10 });
    expect(story.run().stage).toBe('training');
    report(later(story, 6 * DETECTION_MS), 39, { a: 90, b: 10 });
    expect(story.run().stage).toBe('stopping');
    story.leave('b').held('a', 41);
    expect(story.run().rebalances).toBe(0);
  });

  it('stay where the gain is small', () => {
    const story = report(later(two(), 10 * DETECTION_MS), 9, { a: 10, b: 12 });
    expect(story.run().stage).toBe('training');
  });

  it('follow the mean of several reports, not one bad moment', () => {
    const story = report(two(), 9, { a: 10, b: 10 });
    report(later(story, 10 * DETECTION_MS), 19, { a: 10, b: 16 });
    expect(story.run().stage).toBe('training');
    expect(story.worker('b').msPerShard).toBeCloseTo(0.7 * 10 + 0.3 * 16);
  });

  it('of a generation with a worker that was never measured are dealt evenly', () => {
    const story = report(two(), 9, { a: 10, b: 30 }).join('c').held('a', 11).held('b', 11);
    expect(shardCounts(story)).toEqual([3, 3, 2]);
  });

  it('keep their measured deal when somebody is lost', () => {
    const story = training(['a', 'b', 'c'], EIGHT_SHARDS);
    report(story, 9, { a: 10, b: 30, c: 10 }).leave('c').held('a', 10).held('b', 10);
    expect(shardCounts(story)).toEqual([6, 2]);
  });

  it('are no more than the workers: nothing moves', () => {
    const story = training(['a', 'b'], { shards: 2 });
    report(later(story, 10 * DETECTION_MS), 9, { a: 10, b: 90 });
    expect(story.run().stage).toBe('training');
  });

  it('do not move while the last phase is over', () => {
    const story = training(['a', 'b'], { shards: 8, phases: 10 });
    report(later(story, 10 * DETECTION_MS), 9, { a: 10, b: 90 });
    expect(story.run()).toMatchObject({ stage: 'training', phase: 10 });
  });
});

it('a speed belongs to a run: the next one measures again', () => {
  const story = report(two(), 9, { a: 10, b: 30 }).pause().held('a', 10).held('b', 10).stored(10);
  expect(story.run().state).toBe('paused');
  expect(story.worker('a').msPerShard).toBeUndefined();
});
