/**
 * Proves that the core judges what it hears of a run, tells a change once, behind what it was seen in, and is silent after the
 * run's end; and that the average's gap, which rank 0 alone reports, is told whoever reports first.
 */
import { describe, expect, it } from 'vitest';
import type { Statistics } from '../../../services/report/statistics.ts';
import { phaseReport, type Scenario, training } from './scenario.ts';

const SATURATED: Statistics = { value: -1e-6, dReal: 1, dFake: 0 };
const WELL: Statistics = { value: -1, dReal: 0.7, dFake: 0.3 };

const two = () =>
  training(['a', 'b'], { alarms: { discriminatorSaturation: { raiseAfter: 2, clearAfter: 2 }, nonFinite: {} } });

/** Both report a phase. */
function reports(story: Scenario, phase: number, statistics: Statistics): Scenario {
  for (const id of ['a', 'b']) story.say(id, { ...phaseReport(story.at(id, phase)), statistics });
  return story;
}

describe('what members report', () => {
  it('is judged when all have: the alarm comes once, behind the phase that it was seen in', () => {
    const story = reports(two(), 0, SATURATED);
    story.say('a', { ...phaseReport(story.at('a', 1)), statistics: SATURATED });
    expect(story.lines).toEqual([]);
    story.say('b', { ...phaseReport(story.at('b', 1)), statistics: SATURATED });
    expect(story.lines).toEqual(['publish phase', 'publish alarm']);
    expect(story.effects[1]).toMatchObject({
      event: { kind: 'alarm', runId: 'r', name: 'discriminatorSaturation', active: true, phase: 2 },
    });
    expect(reports(story, 2, SATURATED).lines).toEqual(['publish phase']);
    expect(story.run().illness.alarms).toMatchObject([{ name: 'discriminatorSaturation', phase: 2 }]);
    expect(reports(reports(story, 3, WELL), 4, WELL).lines).toEqual(['publish phase', 'publish alarm']);
    expect(story.run().illness.alarms).toEqual([]);
  });

  it('is not judged again where the run goes back to a checkpoint', () => {
    const story = reports(reports(two().stored(0), 0, SATURATED), 1, SATURATED);
    story.pause().held('a', 2).held('b', 2).stored(2).resume('r', 0).ready('a', 'b');
    expect(story.run()).toMatchObject({ stage: 'training', phase: 0 });
    for (const phase of [0, 1]) expect(reports(story, phase, WELL).lines).not.toContain('publish alarm');
    expect(reports(reports(story, 2, WELL), 3, WELL).lines).toContain('publish alarm');
  });

  it('has the gap of the average from rank 0, whoever is first', () => {
    const story = two();
    story.say('b', { ...phaseReport(story.at('b', 0)), statistics: WELL });
    story.say('a', { ...phaseReport(story.at('a', 0)), statistics: { ...WELL, emaGap: 0.25 } });
    expect(story.effects).toMatchObject([{ event: { kind: 'phase', statistics: { ...WELL, emaGap: 0.25 } } }]);
    expect(story.run().statistics.emaGap).toBe(0.25);
  });
});

describe('pictures', () => {
  const snapshot = (story: Scenario, phase: number) => {
    const message = { type: 'snapshot', ...story.at('a', phase), pixels: new Uint8Array(4) } as const;
    return story.on({
      type: 'workerSaid',
      workerId: 'a',
      message,
      spread: { diversity: 0.01, coverage: 0.9, count: 64 },
    });
  };

  it('are judged once enough real samples were used', () => {
    // Batches of 20, D and G by turns: 60 samples after six phases, 80 after seven.
    const story = training(['a', 'b'], { alarms: { modeCollapse: { fromSamples: 80 } } });
    expect(snapshot(story, 0).lines).toEqual(['keep snapshot of phase 0']);
    for (const phase of [4, 5, 6, 7]) expect(snapshot(story, phase).lines).toHaveLength(1);
    expect(snapshot(story, 8).lines).toEqual(['keep snapshot of phase 8', 'publish alarm']);
    expect(story.run().illness.alarms).toMatchObject([{ name: 'modeCollapse', value: 0.01, threshold: 0.25 }]);
  });
});

describe('a gradient that is not finite', () => {
  it('is an alarm that says from where, and stays one while the run rests', () => {
    const story = two().notFinite('a', 5).notFinite('b', 5, [1]);
    const alarm = { name: 'nonFinite', phase: 6 };
    expect(story.effects).toContainEqual(
      expect.objectContaining({ event: expect.objectContaining({ kind: 'alarm', active: true, ...alarm }) }),
    );
    story.held('a', 5).held('b', 5).stored(5);
    expect(story.run()).toMatchObject({ state: 'failed', illness: { alarms: [alarm] } });
    const message = 'Phase 5 gave a gradient of generator.0.weight that is not finite, from shard 1 on b.';
    expect(story.run().illness.alarms[0]).toMatchObject({ message });
  });
});

it('where alarms are off nothing is judged', () => {
  const story = training(['a', 'b'], { alarms: 'off' });
  reports(story, 0, { value: Number.NaN });
  story.notFinite('a', 5).notFinite('b', 5, [1]);
  expect(story.lines).not.toContain('publish alarm');
  expect(story.run().illness.alarms).toEqual([]);
});
