/**
 * Proves what the reports of a generation's members lead to: committed phases, published statistics, completion; and
 * that nothing of an older generation counts.
 */
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../services/coordinator/core/effect.ts';
import { phaseReport, Scenario, training } from './scenario.ts';

function published(effects: readonly Effect[]) {
  return effects.flatMap((effect) => (effect.type === 'publish' ? [effect] : []));
}

describe('a phase', () => {
  it('is committed by the first report, and told once everybody reported it', () => {
    const story = training(['a', 'b']).report('a', 0);
    expect(story.run().phase).toBe(1);
    expect(story.effects).toEqual([]);
    story.nowMs += 500;
    story.report('b', 0);
    expect(story.lines).toEqual(['publish phase']);
    expect(story.run().reports.size).toBe(0);
  });

  it('is told with its means, the bytes of all, the slowest worker per phase, and rates since the last report', () => {
    const story = training(['a', 'b']).report('a', 9);
    story.nowMs = (story.run().lastReport?.timeMs ?? 0) + 2_000;
    const slow = { computeMs: 60, exchangeMs: 2, waitMs: 4, applyMs: 6 };
    story.say('b', { ...phaseReport(story.at('b', 9)), timings: slow, phaseCount: 2 });
    expect(published(story.effects)).toEqual([
      {
        type: 'publish',
        counts: { exchangedBytes: 2_000, savedBytes: 0, compileFallbacks: 0 },
        event: {
          kind: 'phase',
          runId: 'r',
          phase: 9,
          totalPhases: 100,
          // 10 phases are 5 of D: 5 × 20 samples of 60.
          epoch: 1,
          statistics: { discriminatorLoss: 0.7, value: -1.4, dReal: 0.6, dFake: 0.4 },
          timings: { computeMs: 30, exchangeMs: 1, waitMs: 2, applyMs: 3 },
          samples: 100,
          samplesPerSecond: 50,
          phasesPerSecond: 5,
        },
      },
    ]);
    expect(story.run().statistics).toMatchObject({ dReal: 0.6 });
  });

  it('without statistics is compared, not told', () => {
    const story = training(['a']);
    story.say('a', { ...phaseReport(story.at('a', 3), 'same'), statistics: undefined });
    expect(story.effects).toEqual([]);
    expect(story.run().phase).toBe(4);
  });

  it('is committed by a heartbeat too, where reports are rare', () => {
    const story = training(['a']).beat('a', 7, 'exchange');
    expect(story.run().phase).toBe(7);
    expect(story.worker('a')).toMatchObject({ phase: 7, activity: 'exchange' });
    expect(story.beat('a', 5).run().phase).toBe(7);
  });

  it('gives its picture to the run folder', () => {
    const story = training(['a']);
    const pixels = new Uint8Array([1, 2]);
    story.say('a', { type: 'snapshot', ...story.at('a', 3), pixels });
    expect(story.effects).toEqual([{ type: 'keepSnapshot', runId: 'r', phase: 3, pixels }]);
  });
});

describe('replicas', () => {
  it('with one hash go on', () => {
    const story = training(['a', 'b']).report('a', 0, 'aaaa').report('b', 0, 'aaaa');
    expect(story.run().state).toBe('running');
  });

  it('with different hashes stop, and the phase is not told as one that went well', () => {
    const story = training(['a', 'b']).report('a', 0, 'aaaa').report('b', 0, 'bbbb');
    expect(story.run()).toMatchObject({ state: 'waiting', stage: 'halting' });
    expect(story.lines).not.toContain('publish phase');
  });

  it('are compared where a hash was given: a report without one differs from nothing', () => {
    const story = training(['a', 'b']).report('a', 0, 'aaaa').report('b', 0, '');
    expect(story.run().state).toBe('running');
  });
});

describe('the end', () => {
  const nearEnd = () => training(['a', 'b'], { phases: 10 });

  it('comes when all have reported the last phase and its checkpoint is durable: report last', () => {
    const story = nearEnd().report('a', 9, 'x').stored(10);
    expect(story.run().state).toBe('running');
    story.report('b', 9, 'x');
    expect(story.run()).toMatchObject({ state: 'completed', phase: 10, why: 'All 10 phases are committed.' });
  });

  it('comes when all have reported the last phase and its checkpoint is durable: checkpoint last', () => {
    const story = nearEnd().report('a', 9, 'x').report('b', 9, 'x');
    expect(story.run()).toMatchObject({ state: 'running', phase: 10 });
    story.stored(10);
    expect(story.run().state).toBe('completed');
    expect(published(story.effects)[0]?.event).toMatchObject({ state: 'completed', weightsSha256: 'hash-10' });
    expect(story.sentTo('a')).toEqual([{ type: 'release', runId: 'r', why: 'All 10 phases are committed.' }]);
  });

  it('does not come where the replicas differ at the last phase', () => {
    const story = nearEnd().report('a', 9, 'x').stored(10).report('b', 9, 'y');
    expect(story.run()).toMatchObject({ state: 'waiting', stage: 'halting' });
  });

  it('frees the workers for the next run at once', () => {
    const story = training(['a'], { phases: 1 }).launch('next').report('a', 0, 'x').stored(1);
    expect(story.lines).toContain('send release to a');
    expect(story.lines.indexOf('send release to a')).toBeLessThan(story.lines.indexOf('send assignment to a'));
    expect(story.memberIds('next')).toEqual(['a']);
  });

  it('is reached without workers where the last checkpoint was durable before the coordinator or the run stopped', () => {
    const story = training(['a', 'b'], { phases: 10 }).stored(10).storageFails('The disk is full.');
    expect(story.run().state).toBe('failed');
    story.resume();
    expect(story.run()).toMatchObject({ state: 'completed', phase: 10, members: [] });
  });
});

describe('a failure', () => {
  it('that would meet the next worker too ends the run with its sentence and remedy', () => {
    const story = training(['a', 'b']).fail('b', 6, true);
    expect(story.run()).toMatchObject({ state: 'failed', members: [] });
    expect(story.run().why).toBe('Worker b stopped at phase 6: Out of memory. Use a smaller batch.');
    expect(story.sentTo('a')).toMatchObject([{ type: 'release' }]);
    expect(story.sentTo('b')).toMatchObject([{ type: 'release' }]);
  });

  it('of the disk ends the run; one that rests already keeps its state', () => {
    const story = training(['a']).storageFails('The disk is full. Free some space.');
    expect(story.run()).toMatchObject({ state: 'failed', why: 'The disk is full. Free some space.' });
    const paused = new Scenario().launch('r').pause().storageFails('The disk is full.');
    expect(paused.run().state).toBe('paused');
    expect(paused.effects).toEqual([]);
  });
});

describe('what is stale', () => {
  const messages = [
    { type: 'heartbeat', activity: 'compute' },
    { type: 'ready' },
    { type: 'held', hasState: true },
    { type: 'snapshot', pixels: new Uint8Array() },
    { type: 'failure', message: 'x', remedy: 'y', fatal: true },
  ] as const;

  it.each(messages)('changes nothing: $type of another generation', (message) => {
    const story = training(['a', 'b']);
    for (const generation of [0, 2]) {
      const before = story.run();
      story.say('a', { ...message, runId: 'r', generation, phase: 50 });
      expect(story.run()).toEqual(before);
      expect(story.effects).toEqual([]);
    }
  });

  it('changes nothing: a report of another generation, or of another run', () => {
    const story = training(['a']);
    const before = story.run();
    story.say('a', phaseReport({ runId: 'r', generation: 0, phase: 50 }));
    story.say('a', phaseReport({ runId: 'other', generation: 1, phase: 50 }));
    expect(story.run()).toEqual(before);
  });

  it('still shows that the worker lives', () => {
    const story = training(['a']);
    story.nowMs += 4_000;
    story.say('a', phaseReport({ runId: 'r', generation: 0, phase: 50 })).tickAfter(4_000);
    expect(story.run().state).toBe('running');
  });

  it('comes from workers that nobody knows', () => {
    const story = training(['a']);
    const before = story.state;
    story.say('ghost', phaseReport({ runId: 'r', generation: 1, phase: 50 })).leave('ghost');
    expect(story.state).toEqual(before);
  });
});
