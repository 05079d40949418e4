/**
 * Proves that a gradient which is not finite stops the run at the last good phase, with the tensor, the shards and the
 * workers named and the evidence on disk, or leaves that one phase's update out, as the config says.
 */
import { describe, expect, it } from 'vitest';
import { type Scenario, training } from './scenario.ts';

const two = () => training(['a', 'b'], { shards: 4 }).beat('a', 5);
const bothFind = (story: Scenario) => story.notFinite('a', 5).notFinite('b', 5, [3]);

describe('a gradient that is not finite', () => {
  it('is judged when every member has reported it', () => {
    const story = two().notFinite('a', 5, [1]);
    expect(story.run()).toMatchObject({ stage: 'training', state: 'running' });
    expect(story.effects).toEqual([]);
  });

  it('leaves its evidence on disk, and names tensor, shard and worker', () => {
    const story = bothFind(two());
    expect(story.effects).toContainEqual({
      type: 'keepEvidence',
      runId: 'r',
      phase: 5,
      tensor: 'generator.0.weight',
      members: [
        ['a', { tensor: 'generator.0.weight', shards: [] }],
        ['b', { tensor: 'generator.0.weight', shards: [3] }],
      ],
    });
    expect(story.run()).toMatchObject({ stage: 'halting', intent: 'fail' });
    story.held('a', 5).held('b', 5);
    expect(story.lines).toContain('send collectState to a');
    story.stored(5);
    expect(story.run()).toMatchObject({ state: 'failed', phase: 5, members: [] });
    expect(story.run().why).toBe(
      'Phase 5 gave a gradient of generator.0.weight that is not finite, from shard 3 on b. The state before it is on ' +
        'disk. Launch anew with a lower learning rate, or with onNonFinite: skip-phase.',
    );
  });

  it('says so where no shard alone is to blame', () => {
    const story = two().notFinite('a', 5).notFinite('b', 5).held('a', 5).held('b', 5).stored(5);
    expect(story.run().why).toContain('from no single shard: their sum overflows.');
  });

  it('is still what the run failed of when a worker is lost on the way there', () => {
    const story = bothFind(two()).leave('a');
    expect(story.run()).toMatchObject({ stage: 'halting', intent: 'fail' });
    story.held('b', 5).stored(5);
    expect(story.run()).toMatchObject({ state: 'failed', phase: 5 });
    expect(story.run().why).toMatch(/^Phase 5 gave a gradient .* that is not finite/);
  });

  it('of which one member cannot tell any more is met again by those who repeat the phase', () => {
    const story = training(['a', 'b', 'c'], { workers: { min: 2, max: 3 }, shards: 3 }).beat('a', 5);
    story.notFinite('a', 5).notFinite('b', 5, [1]).leave('c').held('a', 5).held('b', 5).ready('a', 'b');
    expect(story.run()).toMatchObject({ stage: 'training', phase: 5 });
    story.notFinite('a', 5);
    expect(story.run().stage).toBe('training');
    expect(story.notFinite('b', 5, [1]).run()).toMatchObject({ stage: 'halting', intent: 'fail' });
  });

  it('of another stage or generation means nothing', () => {
    const story = training(['a', 'b']).leave('b');
    const before = story.run();
    story.notFinite('a', 5, [0]);
    expect(story.run()).toEqual(before);
  });
});

describe('where the config leaves the phase out', () => {
  const skipping = () => training(['a', 'b'], { shards: 4, onNonFinite: 'skip-phase' }).beat('a', 5);

  it('training goes on, and people are told once', () => {
    const story = skipping().notFinite('a', 5, [1], true).notFinite('b', 5, [], true);
    expect(story.run()).toMatchObject({ stage: 'training', state: 'running', generation: 1 });
    expect(story.lines).toEqual([
      'persist r',
      'keep evidence of phase 5',
      'publish alarm',
      'count nonFiniteGradient',
      'publish running',
    ]);
    expect(story.run().why).toBe(
      'Phase 5 gave a gradient of generator.0.weight that is not finite, from shard 1 on a. ' +
        'Its update was left out, as onNonFinite says.',
    );
    expect(story.tickAfter(10).run().why).toBe('2 workers train, directly with each other.');
  });

  it('members may be a phase apart: each phase is told with the shards of that phase', () => {
    const story = skipping();
    story.notFinite('a', 5, [0], true).notFinite('a', 6, [1], true).notFinite('b', 5, [2], true);
    expect(story.run().why).toContain(
      'Phase 5 gave a gradient of generator.0.weight that is not finite, from shard 0 on a, shard 2 on b.',
    );
    story.notFinite('b', 6, [], true);
    expect(story.run().why).toContain(
      'Phase 6 gave a gradient of generator.0.weight that is not finite, from shard 1 on a.',
    );
  });

  it('a pause that was asked for stays asked for', () => {
    const story = skipping().pause().notFinite('a', 5, [1], true).notFinite('b', 5, [], true);
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'stopping' });
  });
});
