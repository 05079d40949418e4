/**
 * Proves that a run starts only with as many workers as it asked for, all of one device class, that it says why it
 * waits until then, and that the queue starves nobody.
 */
import { describe, expect, it } from 'vitest';
import { Scenario, training } from './scenario.ts';

const OTHER_CLASS = { deviceClass: 'tensorflow/2.21.0/x64-avx2' };

describe('a run waits', () => {
  it('for its turn, then for workers, and says how many are here', () => {
    const story = new Scenario().launch('r', { workers: 2 });
    expect(story.run()).toMatchObject({ state: 'queued', stage: 'idle', generation: 0, phase: 0 });
    expect(story.run().why).toBe('Waits for 2 workers of one device class (1 thread an op): 0 here.');
    story.join('a');
    expect(story.run().why).toBe('Waits for 2 workers of one device class (1 thread an op): 1 here.');
    expect(story.sentTo('a')).toEqual([]);
    expect(story.worker('a').runId).toBeUndefined();
  });

  it('for workers of one device class: two of different classes are not two', () => {
    const story = new Scenario().launch('r', { workers: 2 }).join('a').joinAs('b', OTHER_CLASS);
    expect(story.run()).toMatchObject({ state: 'queued', members: [] });
    expect(story.run().why).toBe(
      'Waits for 2 workers of one device class (1 thread an op): 1 here, 1 of another device class.',
    );
    story.joinAs('c', OTHER_CLASS);
    expect(story.memberIds()).toEqual(['b', 'c']);
  });

  it('for workers with its backend and its threads', () => {
    const story = new Scenario().launch('r', { workers: 1, backend: 'cuda' }).join('a');
    story.joinAs('b', { backend: 'cuda', intraOpThreads: 4 });
    expect(story.run().why).toBe(
      'Waits for 1 worker of one device class (backend cuda, 1 thread an op): 0 here, 2 connected that do not fit, drain or rest after a failure.',
    );
    story.joinAs('c', { backend: 'cuda' });
    expect(story.memberIds()).toEqual(['c']);
  });

  it('for workers that have XLA, where the bits are XLA’s', () => {
    const story = new Scenario().launch('r', { workers: 1, compile: 'xla' });
    story.joinAs('a', { backend: 'wasm' });
    expect(story.run().why).toBe(
      'Waits for 1 worker of one device class (libtensorflow for compile: xla, 1 thread an op): 0 here, 1 connected that do not fit, drain or rest after a failure.',
    );
    story.joinAs('b', { backend: 'tensorflow' });
    expect(story.memberIds()).toEqual(['b']);
  });

  it('for workers that are not on their way out', () => {
    const story = new Scenario().join('a').drain('a').launch('r');
    expect(story.run().why).toContain('0 here, 1 connected that do not fit, drain or rest after a failure.');
  });

  it('for workers that are busy, and says so', () => {
    const story = training(['a']).launch('s');
    expect(story.run('s').why).toBe(
      'Waits for 1 worker of one device class (1 thread an op): 0 here, 1 busy with other runs.',
    );
  });

  it('without telling the same sentence twice', () => {
    const story = new Scenario().launch('r', { workers: 2 }).join('a').tickAfter(10);
    expect(story.lines).toEqual([]);
  });
});

describe('a gang start', () => {
  const story = () => new Scenario().launch('r', { workers: 3, shards: 8, phases: 40 }).join('a', 'b', 'c');

  it('deals every shard to exactly one worker, by rank, in order of arrival', () => {
    const { members } = story().run();
    expect(members).toEqual([
      { workerId: 'a', rank: 0, shards: [0, 1, 2] },
      { workerId: 'b', rank: 1, shards: [3, 4, 5] },
      { workerId: 'c', rank: 2, shards: [6, 7] },
    ]);
  });

  it('begins generation 1 from phase 0, and tells every worker its place', () => {
    const started = story();
    expect(started.run()).toMatchObject({ state: 'starting', stage: 'loading', generation: 1, phase: 0 });
    expect(started.run().why).toBe('3 workers (a, b, c) start at phase 0.');
    expect(started.sentTo('b')).toEqual([
      {
        type: 'assignment',
        runId: 'r',
        generation: 1,
        configJson: JSON.stringify(started.run().config),
        datasetSize: 60,
        sampleSize: 4,
        phase: 0,
        keepState: false,
        totalPhases: 40,
        rank: 1,
        members: started.run().members,
        peers: ['a', 'b', 'c'].map((id) => ({ tcp: `${id}:1`, unix: '', machine: 'box' })),
        road: 'direct',
        meshKey: expect.stringMatching(/^[0-9a-f]{64}$/),
        sourceRank: undefined,
      },
    ]);
    expect(started.worker('b')).toMatchObject({ runId: 'r', activity: 'loading the state' });
  });

  it('takes no more workers than asked for', () => {
    const more = new Scenario().join('a', 'b', 'c').launch('r', { workers: 2 });
    expect(more.memberIds()).toEqual(['a', 'b']);
    expect(more.worker('c').runId).toBeUndefined();
  });

  it('becomes training once every member is ready', () => {
    const started = story().ready('a').ready('b').ready('b');
    expect(started.run()).toMatchObject({ state: 'starting', stage: 'loading' });
    started.ready('c');
    expect(started.run()).toMatchObject({
      state: 'running',
      stage: 'training',
      why: '3 workers train, directly with each other.',
    });
    for (const id of ['a', 'b', 'c']) {
      expect(started.sentTo(id)).toEqual([{ type: 'begin', runId: 'r', generation: 1 }]);
    }
  });

  it('gives each generation a key of its own', () => {
    const started = story();
    const keyOf = () => started.sentTo('a').flatMap((m) => (m.type === 'assignment' ? [m.meshKey] : []));
    const first = keyOf();
    started.ready('a', 'b', 'c').leave('c').held('a', 1).held('b', 1).stored(1).join('d');
    expect(started.run().generation).toBe(3);
    expect(keyOf()).toHaveLength(1);
    expect(keyOf()).not.toEqual(first);
  });
});

describe('the queue', () => {
  it('goes by creation', () => {
    const story = new Scenario().launch('first').launch('second').join('a');
    expect(story.memberIds('first')).toEqual(['a']);
    expect(story.memberIds('second')).toEqual([]);
    story.join('b');
    expect(story.memberIds('second')).toEqual(['b']);
  });

  it('lets small runs pass a big one only while the big one could not start with all workers that are here', () => {
    const story = new Scenario().launch('big', { workers: 3 }).launch('small').join('a');
    expect(story.memberIds('small')).toEqual(['a']);
    // Now three are here, one of them busy: the two idle ones are kept for the big run.
    story.join('b', 'c').launch('later');
    expect(story.run('later')).toMatchObject({ state: 'queued', why: 'Accepted; waits for its turn.' });
    expect(story.worker('b').runId).toBeUndefined();
    expect(story.run('big').why).toContain('2 here, 1 busy with other runs.');
    story.pause('small').held('a', 0);
    expect(story.memberIds('big')).toEqual(['a', 'b', 'c']);
  });

  it('is not held up by a run for which there are enough workers, but not of one class', () => {
    const story = new Scenario().launch('two', { workers: 2 }).launch('one').join('a').joinAs('b', OTHER_CLASS);
    expect(story.memberIds('one')).toEqual(['a']);
    story.launch('another');
    expect(story.memberIds('another')).toEqual(['b']);
  });

  it('serves runs that hold a state before runs that do not', () => {
    const story = new Scenario().launch('old', { workers: 3 });
    story.launch('held', { workers: 2 }).join('a', 'b').ready('a', 'b').leave('b').held('a', 0);
    expect(story.run('held').stage).toBe('holding');
    story.join('c');
    expect(story.memberIds('held')).toEqual(['a', 'c']);
    expect(story.run('old').state).toBe('queued');
  });

  it('ends the wait of two runs for each other’s workers: the younger one gives its away', () => {
    const story = new Scenario().join('a', 'b').launch('old', { workers: 2 }).ready('a', 'b');
    story.join('c', 'd').launch('young', { workers: 2 }).ready('c', 'd');
    story.leave('b').held('a', 0).leave('d');
    expect([story.run('old').stage, story.run('young').stage]).toEqual(['holding', 'halting']);
    story.held('c', 0);
    expect(story.memberIds('old')).toEqual(['a', 'c']);
    expect(story.run('young')).toMatchObject({ stage: 'idle', state: 'queued', members: [] });
  });
});
