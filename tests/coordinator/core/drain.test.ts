/**
 * Proves that a worker which wants to leave finishes its phase with the others and goes only when somebody else, or the
 * disk, has the newest state: no phase is lost, and none is computed twice.
 */
import { describe, expect, it } from 'vitest';
import { Scenario, training } from './scenario.ts';

const three = () => training(['a', 'b', 'c'], { workers: { min: 2, max: 3 } }).beat('a', 5);
const two = () => training(['a', 'b']).beat('a', 5);

describe('a worker that drains', () => {
  it('stops with the others at the end of the phase, in the same generation', () => {
    const story = three().drain('b');
    expect(story.run()).toMatchObject({ stage: 'stopping', state: 'running', generation: 1 });
    for (const id of ['a', 'b', 'c']) {
      expect(story.sentTo(id)).toMatchObject([{ type: 'halt', generation: 1, graceful: true }]);
    }
    expect(story.sentTo('b')).toMatchObject([{ why: 'Worker b leaves: SIGTERM.' }]);
  });

  it('is released when the others go on from the phase that it helped to finish', () => {
    const story = three().drain('b').held('b', 6).held('a', 6);
    expect(story.sentTo('b')).toEqual([]);
    story.held('c', 6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 6, generation: 2 });
    expect(story.memberIds()).toEqual(['a', 'c']);
    expect(story.sentTo('b')).toMatchObject([{ type: 'release' }]);
    for (const id of ['a', 'c']) expect(story.sentTo(id)).toMatchObject([{ keepState: true }]);
    expect(story.run().why).toBe('2 workers (a, c) go on at phase 6. Worker b leaves: SIGTERM.');
  });

  it('is kept until the disk has the state that only it holds', () => {
    const story = three().drain('b').held('a', 6).held('b', 7).held('c', 6);
    expect(story.run()).toMatchObject({ stage: 'collecting', phase: 7 });
    expect(story.lines).toContain('send collectState to b');
    story.stored(7);
    expect(story.sentTo('b')).toMatchObject([{ type: 'release' }]);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 7, generation: 2 });
    for (const id of ['a', 'c']) expect(story.sentTo(id)).toMatchObject([{ keepState: false, sourceRank: undefined }]);
  });

  it('leaves too few behind: the state goes to the disk, it goes, and the run waits', () => {
    const story = two().drain('b').held('a', 6).held('b', 6);
    expect(story.run()).toMatchObject({ stage: 'collecting', phase: 6 });
    story.stored(6);
    expect(story.sentTo('b')).toMatchObject([{ type: 'release' }]);
    expect(story.run()).toMatchObject({ stage: 'holding', state: 'waiting', members: [{ workerId: 'a', rank: 0 }] });
    expect(story.run().why).toMatch(
      /^Worker b leaves: SIGTERM\. Waits for 2 workers .*1 here, 1 connected that do not/,
    );
    expect(story.join('c').memberIds()).toEqual(['a', 'c']);
  });

  it('is the last one: its state goes to the disk before it goes', () => {
    const story = training(['a']).beat('a', 5).drain('a').held('a', 6);
    expect(story.lines).toContain('send collectState to a');
    expect(story.stored(6).sentTo('a')).toMatchObject([{ type: 'release' }]);
    expect(story.run()).toMatchObject({ stage: 'holding', phase: 6, members: [] });
  });

  it('is replaced at once where somebody waits to join', () => {
    const story = training(['a', 'b']).join('spare').drain('b').held('a', 6).held('b', 6);
    expect(story.memberIds()).toEqual(['a', 'spare']);
    expect(story.sentTo('spare')).toMatchObject([{ phase: 6, keepState: false, sourceRank: 0 }]);
    expect(story.sentTo('b')).toMatchObject([{ type: 'release' }]);
  });

  it('while it loads makes all of them stop: nothing of a phase is lost', () => {
    const story = new Scenario()
      .join('a', 'b')
      .launch('r', { workers: { min: 1, max: 2 } })
      .drain('b');
    expect(story.run()).toMatchObject({ stage: 'halting', state: 'waiting' });
    story.held('b', undefined).held('a', undefined);
    expect(story.memberIds()).toEqual(['a']);
    expect(story.sentTo('b')).toMatchObject([{ type: 'release' }]);
  });

  it('while it waits for others is released at once', () => {
    const story = training(['a', 'b']).leave('b').held('a', 5).stored(5);
    expect(story.run().stage).toBe('holding');
    expect(story.drain('a').sentTo('a')).toMatchObject([{ type: 'release' }]);
    expect(story.run()).toMatchObject({ stage: 'holding', members: [] });
  });

  it('while its run pauses hands over with the others', () => {
    const story = two().pause().drain('b').held('a', 6).held('b', 6).stored(6);
    expect(story.run()).toMatchObject({ state: 'paused', phase: 6 });
    for (const id of ['a', 'b']) expect(story.sentTo(id)).toMatchObject([{ type: 'release' }]);
  });

  it('is not taken again, by no run', () => {
    const story = three().drain('b').held('a', 6).held('b', 6).held('c', 6).launch('s');
    expect(story.run('s').members).toEqual([]);
    expect(story.ready('a', 'c').tickAfter(100).run().stage).toBe('training');
  });

  it('and dies on the way is lost like any other', () => {
    const story = three().drain('b').held('a', 6).leave('b').held('a', 6).held('c', 6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 6 });
    expect(story.memberIds()).toEqual(['a', 'c']);
  });
});

it('all at once: the last state is on disk before the last one goes', () => {
  const story = three().drain('a').drain('b').drain('c').held('a', 6).held('b', 6).held('c', 6);
  expect(story.run()).toMatchObject({ stage: 'collecting', phase: 6 });
  story.stored(6);
  expect(story.run()).toMatchObject({ stage: 'holding', phase: 6, members: [] });
  for (const id of ['a', 'b', 'c']) expect(story.sentTo(id)).toMatchObject([{ type: 'release' }]);
});
