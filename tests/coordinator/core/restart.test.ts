/**
 * Proves that a coordinator which was started again waits a moment for its former workers, takes the newest state that
 * one of them or the disk has, and finishes what was asked of it before.
 */
import { describe, expect, it } from 'vitest';
import { DETECTION_MS, type Scenario, training } from './scenario.ts';

/** Trained to phase 7; phase 4 is on disk; the coordinator is a new one. */
const restarted = (workers: number | { min: number; max: number } = 2) => trained(workers).restart();
const trained = (workers: number | { min: number; max: number } = 2) =>
  training(['a', 'b'], { workers }).beat('a', 4).stored(4).beat('a', 7);

describe('a coordinator that was started again', () => {
  it('waits for the workers that it had, and says for whom', () => {
    const story = restarted().join('x', 'y');
    expect(story.run()).toMatchObject({ state: 'queued', stage: 'idle', members: [] });
    expect(story.run().why).toBe(
      'The coordinator was started again; waits for a, b to come back with the newest state.',
    );
    story.comeBack('b', 7);
    expect(story.run().why).toContain('waits for a to come back');
  });

  it('goes on from the newest state that one of them holds, as soon as all are back', () => {
    const story = restarted().comeBack('a', 7).comeBack('b', 6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 7, state: 'starting' });
    expect(story.sentTo('a')).toMatchObject([{ phase: 7, keepState: true }]);
    expect(story.sentTo('b')).toMatchObject([{ phase: 7, keepState: false, sourceRank: 0 }]);
    expect(story.run().generation).toBe(2);
  });

  it('does not wait longer than the failure detection: whoever is back goes on', () => {
    const story = restarted({ min: 1, max: 2 }).comeBack('b', 6);
    expect(story.tickAfter(DETECTION_MS - 2).run().stage).toBe('idle');
    expect(story.beat('b').tickAfter(1).run()).toMatchObject({ stage: 'loading', phase: 6 });
    expect(story.memberIds()).toEqual(['b']);
  });

  it('makes the newest state durable where too few come back', () => {
    const story = restarted()
      .comeBack('b', 7)
      .tickAfter(DETECTION_MS - 1);
    expect(story.run()).toMatchObject({ stage: 'halting', state: 'waiting' });
    expect(story.run().members).toMatchObject([{ workerId: 'b' }]);
    expect(story.held('b', 7).lines).toContain('send collectState to b');
    expect(story.stored(7).run()).toMatchObject({ stage: 'holding', phase: 7, state: 'waiting' });
    expect(story.join('c').run()).toMatchObject({ stage: 'loading', phase: 7 });
  });

  it('goes on from the newest checkpoint where nobody has more', () => {
    const story = restarted().join('a', 'b');
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 4 });
    const nobody = restarted()
      .join('x', 'y')
      .tickAfter(DETECTION_MS - 2);
    expect(nobody.run()).toMatchObject({ stage: 'loading', phase: 4 });
    expect(nobody.memberIds()).toEqual(['x', 'y']);
  });

  it('takes a state that is older than the disk’s for none', () => {
    const story = restarted().comeBack('a', 3).comeBack('b', 2);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 4 });
    for (const id of ['a', 'b']) {
      expect(story.sentTo(id)).toMatchObject([{ keepState: false, sourceRank: undefined }]);
    }
  });

  it('takes no state of another config, of a run that it does not know, or beyond the end', () => {
    const strange = restarted().join('b').joinAs('a', {}, { runId: 'r', phase: 7, configSha256: 'another' });
    expect(strange.run()).toMatchObject({ stage: 'loading', phase: 4 });
    const unknown = restarted().join('b').joinAs('a', {}, { runId: 'q', phase: 7, configSha256: 'c' });
    expect(unknown.run()).toMatchObject({ stage: 'loading', phase: 4 });
    expect(restarted().join('b').comeBack('a', 101).run()).toMatchObject({ stage: 'loading', phase: 4 });
  });

  it('computes on the device class that the run began on', () => {
    const story = restarted().joinAs('x', { deviceClass: 'y' }, undefined).joinAs('z', { deviceClass: 'y' }, undefined);
    expect(story.tickAfter(DETECTION_MS - 2).run()).toMatchObject({ state: 'queued', members: [] });
    expect(story.run().why).toContain('0 here, 2 of another device class than tensorflow/2.21.0/x64-avx512');
  });

  it('leaves its former workers to it: a run that waited longer does not get them', () => {
    const story = training(['a', 'b']).launch('older', { workers: 1 });
    const { createdAtMs } = story.run();
    story.journal.set(
      'older',
      JSON.stringify({ ...JSON.parse(story.journal.get('older') ?? ''), createdAtMs: createdAtMs - 9 }),
    );
    story.restart().comeBack('a', 7);
    expect(story.run('older').members).toEqual([]);
    story.comeBack('b', 7);
    expect(story.memberIds()).toEqual(['a', 'b']);
  });

  it('lets workers go whose state is of no use any more', () => {
    const story = trained().restart().launch('small').comeBack('a', 4);
    expect(story.run('small').members).toEqual([]);
    // The disk has phase 4 too: nobody needs to keep it in memory.
    expect(story.tickAfter(DETECTION_MS - 2).memberIds('small')).toEqual(['a']);
  });
});

describe('what was asked before it died', () => {
  const pausing = () => trained().pause().restart();

  it('a pause: the newest state that comes back is stored, then the run rests', () => {
    const story = pausing().comeBack('a', 7).comeBack('b', 6);
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'halting' });
    expect(story.sentTo('a')).toMatchObject([{ type: 'halt', graceful: false }]);
    story.held('a', 7).held('b', 6);
    expect(story.lines).toContain('send collectState to a');
    expect(story.stored(7).run()).toMatchObject({ state: 'paused', phase: 7 });
  });

  it('a cancel: the same', () => {
    const story = trained().cancel().restart().comeBack('a', 7).comeBack('b', 7).held('a', 7).held('b', 7).stored(7);
    expect(story.run()).toMatchObject({ state: 'cancelled', phase: 7 });
  });

  it('a pause for which nobody comes back ends at the newest checkpoint', () => {
    expect(pausing().tickAfter(1).run().state).toBe('pausing');
    expect(pausing().tickAfter(DETECTION_MS).run()).toMatchObject({ state: 'paused', phase: 4 });
  });

  it('a pause is not held up by a run that waits for workers', () => {
    const story = training(['a', 'b', 'c'], { workers: 3 }).launch('s').pause();
    story.restart().comeBack('a', 7).comeBack('b', 7);
    story.launch('t', { workers: 2 }).comeBack('c', 7).held('a', 7).held('b', 7).held('c', 7).stored(7);
    expect(story.run()).toMatchObject({ state: 'paused', phase: 7 });
  });

  it('is asked now, while it waits for them: what they bring is stored first', () => {
    const story = restarted().pause();
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'idle' });
    story.comeBack('a', 7).comeBack('b', 7).held('a', 7).held('b', 7).stored(7);
    expect(story.run()).toMatchObject({ state: 'paused', phase: 7 });
  });

  it('a run that was done but for its last checkpoint gets that from who comes back', () => {
    const story = training(['a', 'b'], { phases: 8 }).report('a', 7, 'x').report('b', 7, 'x').restart();
    story.comeBack('a', 8).comeBack('b', 8).held('a', 8).held('b', 8);
    expect(story.run().stage).toBe('collecting');
    expect(story.stored(8).run()).toMatchObject({ state: 'completed', phase: 8 });
  });
});

describe('a worker that lost its session only', () => {
  const lost = (): Scenario =>
    training(['a', 'b'], { workers: { min: 1, max: 2 } })
      .beat('a', 7)
      .leave('b')
      .held('a', 7);

  it('comes back with its state, and keeps it where it is the newest', () => {
    const story = lost();
    expect(story.memberIds()).toEqual(['a']);
    story.ready('a').comeBack('b', 7);
    expect(story.run()).toMatchObject({ stage: 'stopping', reason: 'b joins.' });
    story.held('a', 8);
    expect(story.sentTo('b')).toMatchObject([{ phase: 8, keepState: false, sourceRank: 0 }]);
  });

  it('after all were lost: the first that is back brings the newest state to the disk', () => {
    const story = training(['a', 'b']).stored(4).beat('a', 7).leave('a').leave('b');
    expect(story.run()).toMatchObject({ stage: 'holding', phase: 4 });
    story.comeBack('b', 7);
    expect(story.run()).toMatchObject({ stage: 'halting', members: [{ workerId: 'b' }] });
    expect(story.held('b', 7).stored(7).run()).toMatchObject({ stage: 'holding', phase: 7 });
    expect(story.comeBack('a', 7).run()).toMatchObject({ stage: 'loading', phase: 7 });
    for (const id of ['a', 'b']) expect(story.sentTo(id)).toMatchObject([{ keepState: true }]);
  });

  it('and whose run rests or has ended meanwhile holds nothing that counts', () => {
    const story = training(['a', 'b'], { workers: { min: 1, max: 2 } })
      .stored(4)
      .leave('b')
      .pause()
      .held('a', 4);
    expect(story.run().state).toBe('paused');
    expect(story.comeBack('b', 7).worker('b').held).toBeUndefined();
  });
});
