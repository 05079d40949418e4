/**
 * Proves that the journal keeps what a coordinator needs to take a run up again: what rested rests, what was under way
 * is queued, waits a moment for its former members, and goes on from the newest state that one of them or the disk holds.
 */
import { describe, expect, it } from 'vitest';
import { AT_REST, EMPTY_STATE, type RunRecord } from '../../services/coordinator/core/state.ts';
import { fromJournal, journalRecordSchema, toJournal } from '../../services/coordinator/journalRecord.ts';
import { RUN_STATES } from '../../services/report/runEvent.ts';
import { DETECTION_MS, Scenario, training } from './core/scenario.ts';

const CHECKPOINTS = [
  { phase: 0, weightsSha256: 'hash-0' },
  { phase: 4, weightsSha256: 'hash-4' },
];

const NOW_MS = 2_000_000;

/** Through the journal's text and back. */
function restart(run: Readonly<RunRecord>, checkpoints: RunRecord['checkpoints'] = run.checkpoints): RunRecord {
  const record = journalRecordSchema.parse(JSON.parse(JSON.stringify(toJournal(run))));
  return fromJournal(record, checkpoints, { nowMs: NOW_MS, returnMs: DETECTION_MS });
}

const busy = () => training(['a', 'b'], { shards: 5 }).stored(4).report('a', 6);

describe('a run in the journal', () => {
  it('keeps its identity, config and checkpoints to the letter', () => {
    const before = busy().run();
    const after = restart(before);
    const { runId, config, datasetSize, sampleSize, totalPhases, folder, createdAtMs, generation } = before;
    expect(after).toMatchObject({ runId, datasetSize, sampleSize, totalPhases, folder, createdAtMs, generation });
    expect(after.config).toEqual(config);
    expect(after.checkpoints).toEqual(CHECKPOINTS);
  });

  it('that was under way is queued at its newest checkpoint, with nobody and nothing of its last generation', () => {
    expect(restart(busy().run())).toMatchObject({
      state: 'queued',
      stage: 'idle',
      intent: 'train',
      phase: 4,
      why: 'The coordinator was started again; phase 4 is on disk.',
      members: [],
      answered: AT_REST.answered,
      returning: ['a', 'b'],
      returningUntilMs: NOW_MS + DETECTION_MS,
      reports: AT_REST.reports,
      finished: new Map(),
    });
  });

  it('goes on from what verifies on disk, whatever the record says', () => {
    expect(restart(busy().run(), CHECKPOINTS.slice(0, 1)).phase).toBe(0);
  });

  it.each(RUN_STATES)('that was %s', (state) => {
    const record = { ...busy().run(), state, why: 'A reason.' };
    const { state: now, why } = restart(record);
    if (state === 'completed' || state === 'failed' || state === 'cancelled' || state === 'paused') {
      expect([now, why]).toEqual([state, 'A reason.']);
    } else {
      // Who asked to pause gets it, as soon as the newest state is on disk.
      expect(now).toBe(state === 'pausing' ? 'pausing' : 'queued');
    }
  });

  it('starts a generation after the last one, so that nothing of that one counts', () => {
    const { generation } = busy().run();
    const story = restarted(busy());
    story.join('a', 'b');
    expect(story.run()).toMatchObject({ state: 'starting', stage: 'loading', phase: 4, generation: generation + 1 });
    expect(story.sentTo('b')).toMatchObject([{ type: 'assignment', phase: 4, keepState: false }]);
  });

  it('whose last checkpoint was durable when the coordinator died is completed, not trained again', () => {
    const story = training(['a', 'b'], { phases: 10 }).report('a', 9).stored(10);
    const again = restarted(story);
    again.tickAfter(0);
    expect(again.run()).toMatchObject({ state: 'completed', phase: 10 });
    expect(again.lines).toContain('publish completed');
  });

  it('waits for its former members, and goes on from the furthest phase that one of them holds', () => {
    const story = restarted(busy());
    story.comeBack('a', 6);
    expect(story.run()).toMatchObject({ state: 'queued', why: expect.stringContaining('waits for b to come back') });
    story.comeBack('b', 7);
    expect(story.run()).toMatchObject({ state: 'starting', phase: 7 });
    expect(story.sentTo('b')).toMatchObject([{ phase: 7, keepState: true, sourceRank: undefined }]);
    expect(story.sentTo('a')).toMatchObject([{ phase: 7, keepState: false, sourceRank: 0 }]);
  });

  it('waits no longer than the failure detection for those that do not come back', () => {
    const story = restarted(busy());
    story.comeBack('a', 6).join('c');
    expect(story.run().state).toBe('queued');
    story
      .tickAfter(DETECTION_MS - 100)
      .beat('a', 6)
      .beat('c')
      .tickAfter(200);
    expect(story.run()).toMatchObject({ state: 'starting', phase: 6 });
    expect(story.memberIds()).toEqual(['a', 'c']);
  });

  it('that was pausing is paused with what its members held, not with an older checkpoint', () => {
    const story = restarted(busy().pause());
    story.comeBack('a', 7).comeBack('b', 7).held('a', 7).held('b', 7).stored(7);
    expect(story.run()).toMatchObject({ state: 'paused', phase: 7 });
  });
});

/** A coordinator that was started again with this run. */
function restarted(before: Scenario): Scenario {
  const story = new Scenario();
  story.nowMs = NOW_MS;
  story.state = { ...EMPTY_STATE, runs: new Map([['r', restart(before.run())]]) };
  return story;
}

describe('a record', () => {
  it('is one line of plain JSON without what only lives in memory', () => {
    const keys = Object.keys(JSON.parse(JSON.stringify(toJournal(busy().run()))));
    expect(keys).not.toEqual(expect.arrayContaining(['reports']));
    expect(keys).toEqual(expect.arrayContaining(['runId', 'config', 'checkpoints', 'generation', 'state', 'members']));
  });

  it.each([
    ['an unknown state', { state: 'dancing' }],
    ['a config that is none', { config: { workers: -1 } }],
    ['no run id', { runId: undefined }],
    ['checkpoints of another form', { checkpoints: [{ phase: 'four' }] }],
  ])('with %s is refused', (_, change) => {
    const record = { ...JSON.parse(JSON.stringify(toJournal(busy().run()))), ...change };
    expect(journalRecordSchema.safeParse(record).success).toBe(false);
  });
});
