/**
 * Proves that a run trains with any number of workers from its least to its most: it grows at a phase boundary by whoever
 * comes, goes on at once with those who are left, and moves the newest state to those who lack it.
 */
import { describe, expect, it } from 'vitest';
import { Scenario, training } from './scenario.ts';

const ELASTIC = { workers: { min: 2, max: 4 }, shards: 8 };
const trains = (...ids: string[]) => training(ids, ELASTIC);

/** Everybody finished phase 5, the same one. */
function allHold(story: Scenario, ...ids: string[]): Scenario {
  for (const id of ids) story.held(id, 6);
  return story;
}

describe('a run starts', () => {
  it('with the least number of workers', () => {
    const story = new Scenario().launch('r', ELASTIC).join('a');
    expect(story.run().state).toBe('queued');
    expect(story.join('b').memberIds()).toEqual(['a', 'b']);
  });

  it('with all that are here, up to the most', () => {
    const story = new Scenario().join('a', 'b', 'c', 'd', 'e').launch('r', ELASTIC);
    expect(story.memberIds()).toEqual(['a', 'b', 'c', 'd']);
    expect(story.worker('e').runId).toBeUndefined();
  });
});

describe('a worker that comes', () => {
  it('makes everybody finish the phase, in the same generation', () => {
    const story = trains('a', 'b').beat('a', 5).join('c');
    expect(story.run()).toMatchObject({ stage: 'stopping', state: 'running', generation: 1 });
    for (const id of ['a', 'b']) {
      expect(story.sentTo(id)).toEqual([{ type: 'halt', runId: 'r', generation: 1, why: 'c joins.', graceful: true }]);
    }
    expect(story.lines).not.toContain('close r');
    expect(story.sentTo('c')).toEqual([]);
  });

  it('joins when all have stopped, and gets the state from one of them', () => {
    const story = allHold(trains('a', 'b').beat('a', 5).join('c'), 'a', 'b');
    expect(story.run()).toMatchObject({ stage: 'loading', generation: 2, phase: 6 });
    expect(story.run().why).toBe('3 workers (a, b, c) go on at phase 6. c joins.');
    expect(story.run().members.map(({ shards }) => shards)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ]);
    expect(['a', 'b', 'c'].map((id) => story.sentTo(id)[0])).toMatchObject([
      { keepState: true, sourceRank: undefined },
      { keepState: true, sourceRank: undefined },
      { keepState: false, sourceRank: 0 },
    ]);
    expect(story.lines).not.toContain('send collectState to a');
    expect(story.ready('a', 'b', 'c').run().why).toBe('3 workers train, directly with each other.');
  });

  it('takes the state from the disk where that is as new', () => {
    const story = allHold(trains('a', 'b').join('c').stored(6), 'a', 'b');
    expect(story.sentTo('c')).toMatchObject([{ keepState: false, sourceRank: undefined, phase: 6 }]);
  });

  it('is joined by those who come while the others stop', () => {
    const story = allHold(trains('a', 'b').join('c').join('d').join('e'), 'a', 'b');
    expect(story.memberIds()).toEqual(['a', 'b', 'c', 'd']);
    // Those who need the state are spread over those who have it.
    expect(['c', 'd'].map((id) => story.sentTo(id)[0])).toMatchObject([{ sourceRank: 0 }, { sourceRank: 1 }]);
  });

  it('does not wait for the next one: who comes while they load joins at the next phase boundary', () => {
    const story = allHold(trains('a', 'b').join('c'), 'a', 'b').join('d');
    expect(story.run().stage).toBe('loading');
    expect(story.ready('a', 'b', 'c').run()).toMatchObject({ stage: 'stopping', reason: 'd joins.' });
  });

  it('of another device class, on its way out, or beyond the most is not asked', () => {
    const other = trains('a', 'b').joinAs('c', { deviceClass: 'cuda/12/h100' });
    expect(other.run().stage).toBe('training');
    const full = trains('a', 'b', 'c', 'd').join('e');
    expect(full.run().stage).toBe('training');
    const leaving = new Scenario()
      .join('e')
      .drain('e')
      .launch('r', ELASTIC)
      .join('a', 'b')
      .ready('a', 'b')
      .tickAfter(9);
    expect(leaving.run()).toMatchObject({ stage: 'training', members: [{ workerId: 'a' }, { workerId: 'b' }] });
  });

  it('is kept for a run that waits, where that could start if nobody worked for another', () => {
    const story = trains('a', 'b').launch('big', { workers: 3 }).join('c');
    expect(story.run()).toMatchObject({ stage: 'training', generation: 1 });
    expect(story.run('big').why).toContain('1 here, 2 busy with other runs');
  });

  it('beyond the number of shards is a hot spare: it keeps the state, and takes over at once', () => {
    const story = training(['a', 'b', 'c'], { workers: { min: 1, max: 3 }, shards: 2 });
    expect(story.run().members.map(({ shards }) => shards)).toEqual([[0], [1], []]);
    expect(story.run().why).toBe('3 workers train, 1 hot spare among them, directly with each other.');
    story.leave('a').held('b', 5).held('c', 5);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 5, generation: 3 });
    expect(story.run().members.map(({ shards }) => shards)).toEqual([[0], [1]]);
    for (const id of ['b', 'c']) expect(story.sentTo(id)).toMatchObject([{ keepState: true }]);
  });
});

describe('a worker that is lost', () => {
  it('costs the others nothing but the phase: they go on with its shards as soon as all have answered', () => {
    const story = trains('a', 'b', 'c').beat('a', 5).leave('b');
    expect(story.run()).toMatchObject({ stage: 'halting', generation: 2, state: 'waiting' });
    story.held('a', 5);
    expect(story.run().stage).toBe('halting');
    story.held('c', 5);
    expect(story.run()).toMatchObject({ stage: 'loading', generation: 3, phase: 5, state: 'starting' });
    expect(story.run().members.map(({ shards }) => shards)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(story.lines).not.toContain('send collectState to a');
    expect(story.run().why).toBe('2 workers (a, c) go on at phase 5. Worker b was lost: its connection ended.');
  });

  it('while the others were one phase apart: who is behind fetches the newest state from who is ahead', () => {
    const story = trains('a', 'b', 'c').beat('a', 5).leave('b').held('a', 5).held('c', 6);
    expect(story.run().phase).toBe(6);
    expect(story.sentTo('a')).toMatchObject([{ phase: 6, keepState: false, sourceRank: 1 }]);
    expect(story.sentTo('c')).toMatchObject([{ phase: 6, keepState: true, sourceRank: undefined }]);
  });

  it('while they stop for another: they stop at once', () => {
    const story = trains('a', 'b', 'c').join('d').held('a', 6).leave('b');
    expect(story.run()).toMatchObject({ stage: 'halting', generation: 2 });
    expect(story.sentTo('a')).toMatchObject([{ generation: 2, graceful: false }]);
    // What was said in the generation before does not count any more.
    story.held('c', 5);
    expect(story.run().stage).toBe('halting');
    story.held('a', 6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 6, generation: 3 });
    expect(story.memberIds()).toEqual(['a', 'c', 'd']);
  });

  it('of too few: the newest state goes to the disk first, and the run says for whom it waits', () => {
    const story = trains('a', 'b').beat('a', 5).leave('b').held('a', 5);
    expect(story.run()).toMatchObject({ stage: 'collecting', phase: 5 });
    expect(story.lines).toEqual(['send collectState to a']);
    story.stored(5);
    expect(story.run()).toMatchObject({ stage: 'holding', state: 'waiting' });
    expect(story.run().why).toBe(
      'Worker b was lost: its connection ended. ' +
        'Waits for 2 workers of one device class (1 thread an op): 1 here; phase 5 is held.',
    );
    story.join('c');
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 5, generation: 3 });
  });

  it('of too few, whose place is taken while the state goes to the disk', () => {
    const story = trains('a', 'b').leave('b').held('a', 5).join('c');
    expect(story.run().stage).toBe('collecting');
    expect(story.stored(5).memberIds()).toEqual(['a', 'c']);
  });
});

describe('through the coordinator the state travels by the disk', () => {
  const star = (...ids: string[]) => training(ids, { ...ELASTIC, road: 'star' });

  it('so it is collected before those who lack it start', () => {
    const story = star('a', 'b', 'c').leave('b').held('a', 5).held('c', 6);
    expect(story.run()).toMatchObject({ stage: 'collecting', phase: 6 });
    expect(story.lines).toEqual(['send collectState to c']);
    story.stored(6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 6, road: 'star' });
    expect(story.sentTo('a')).toMatchObject([{ keepState: false, sourceRank: undefined, road: 'star' }]);
    expect(story.ready('a', 'c').run().why).toBe('2 workers train, through the coordinator.');
  });

  it('but not where everybody has it', () => {
    const story = star('a', 'b', 'c').leave('b').held('a', 5).held('c', 5);
    expect(story.run().stage).toBe('loading');
    for (const id of ['a', 'c']) expect(story.sentTo(id)).toMatchObject([{ keepState: true }]);
  });
});
