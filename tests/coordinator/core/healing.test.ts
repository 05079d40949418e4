/**
 * Proves that a replica whose weights differ is named, and that the run goes back to what all agreed on: what it computed is
 * in everybody's sums. A hot spare, which computes nothing, is fenced and gets the state of the others.
 */
import { describe, expect, it } from 'vitest';
import { type Scenario, training } from './scenario.ts';

const [GOOD, BAD, OTHER] = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc'];
const three = () => training(['a', 'b', 'c'], { shards: 3 });
/** `c` is a hot spare. */
const spared = () => training(['a', 'b', 'c'], { shards: 2 });

/** All report a phase, with these hashes. */
function report(story: Scenario, phase: number, hashes: Readonly<Record<string, string>>): Scenario {
  for (const [id, hash] of Object.entries(hashes)) story.report(id, phase, hash);
  return story;
}

/** Everybody stops and says what it holds, and all are ready again. */
function regroup(story: Scenario, phase: number): Scenario {
  const ids = story.memberIds();
  for (const id of ids) story.held(id, phase);
  return story.ready(...story.memberIds());
}

describe('one of three differs', () => {
  const agreed = () => report(three(), 1, { a: GOOD, b: GOOD, c: GOOD }).stored(2).stored(4);
  const differs = () => report(agreed(), 5, { a: GOOD, b: BAD, c: GOOD });

  it('and the sentence names the phase, every worker and its hash, and what follows', () => {
    const story = differs();
    expect(story.run()).toMatchObject({ state: 'waiting', stage: 'halting', generation: 2 });
    expect(story.run().why).toBe(
      'Replicas differ after phase 5: a aaaaaaaaaaaa…, b bbbbbbbbbbbb…, c aaaaaaaaaaaa…. ' +
        'What b computed is in everybody’s state: all go back to what they agreed on.',
    );
    expect(story.lines).not.toContain('publish phase');
    expect(story.lines.filter((line) => line.startsWith('count'))).toEqual(['count replicaDiverged']);
  });

  it('and its gradients are in the sums of all: nobody keeps its state', () => {
    const story = differs().held('a', 6).held('b', 7).held('c', 6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 2, agreedPhase: 2 });
    for (const id of ['a', 'b', 'c']) expect(story.sentTo(id)).toMatchObject([{ phase: 2, keepState: false }]);
    expect(story.ready('a', 'b', 'c').run()).toMatchObject({ stage: 'training', heals: 1 });
  });

  it('and only checkpoints on which all agreed count', () => {
    expect(
      differs()
        .run()
        .checkpoints.map(({ phase }) => phase),
    ).toEqual([0, 2]);
  });

  it('and a checkpoint that was on its way when that was found does not count, however late it is there', () => {
    const { generation } = agreed().run();
    const story = differs().stored(6, 'r', generation);
    expect(story.run().checkpoints.map(({ phase }) => phase)).toEqual([0, 2]);
    regroup(story, 6).stored(4);
    expect(story.run().checkpoints.map(({ phase }) => phase)).toEqual([0, 2, 4]);
  });

  it('and was a member before it became a hot spare: what it computed then may be wrong, too', () => {
    const story = training(['a', 'b'], { shards: 2, workers: { min: 1, max: 3 } })
      .stored(4)
      .beat('a', 5)
      .join('c')
      .held('a', 5)
      .held('b', 5)
      .ready('a', 'b', 'c');
    report(story, 6, { a: GOOD, b: GOOD, c: BAD });
    expect(story.run().checkpoints.map(({ phase }) => phase)).toEqual([0]);
  });
});

describe('a hot spare differs', () => {
  const differs = () => report(spared(), 4, { a: GOOD, b: GOOD, c: BAD });

  it('and only its state does not count', () => {
    expect(differs().run().why).toMatch(/The state of c does not count\.$/);
  });

  it('and gets the state of the others, even if it says that it is ahead', () => {
    const story = differs().held('a', 5).held('b', 5).held('c', 6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 5 });
    expect(['a', 'b', 'c'].map((id) => story.sentTo(id)[0])).toMatchObject([
      { keepState: true },
      { keepState: true },
      { keepState: false, sourceRank: 0 },
    ]);
    expect(story.ready('a', 'b', 'c').run()).toMatchObject({ stage: 'training', heals: 1 });
    expect(story.run().distrusted.size).toBe(0);
  });

  it('and is lost: what it brings back does not count either', () => {
    const story = differs().leave('c').held('a', 5).held('b', 5).stored(5);
    expect(story.run().stage).toBe('holding');
    story.comeBack('c', 9);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 5 });
    expect(story.sentTo('c')).toMatchObject([{ phase: 5, keepState: false }]);
  });

  it('and the checkpoint of that very phase counts where it has the hash of the others', () => {
    const hashOfCheckpoint = 'hash-5';
    const good = report(spared().stored(5), 4, { a: hashOfCheckpoint, b: hashOfCheckpoint, c: BAD });
    expect(good.run().checkpoints.map(({ phase }) => phase)).toEqual([0, 5]);
    const wrong = report(spared().stored(5), 4, { a: GOOD, b: GOOD, c: hashOfCheckpoint });
    expect(wrong.run().checkpoints.map(({ phase }) => phase)).toEqual([0]);
  });

  it('at the last phase: the run is done only when its state is one', () => {
    const story = report(training(['a', 'b', 'c'], { shards: 2, phases: 8 }), 7, { a: GOOD, b: GOOD, c: BAD });
    for (const id of ['a', 'b', 'c']) story.held(id, 8);
    expect(story.lines).toContain('send collectState to a');
    expect(story.stored(8).run().state).toBe('completed');
  });

  it('while somebody pauses: the pause goes on, with a state that counts', () => {
    const story = report(spared().pause(), 4, { a: GOOD, b: GOOD, c: BAD });
    expect(story.run()).toMatchObject({ state: 'pausing', stage: 'halting' });
    story.held('c', 5).held('b', 5).held('a', 5);
    expect(story.lines).toContain('send collectState to a');
    expect(story.stored(5).run()).toMatchObject({ state: 'paused', phase: 5 });
  });
});

describe('nobody is in the majority', () => {
  const agreed = () =>
    report(training(['a', 'b']), 1, { a: GOOD, b: GOOD })
      .stored(2)
      .stored(4);

  it('so all go back to the last checkpoint on which they agreed', () => {
    const story = report(agreed(), 5, { a: BAD, b: OTHER });
    expect(story.run().why).toMatch(/^Replicas differ after phase 5: .* Nobody’s state counts\.$/);
    story.held('a', 6).held('b', 6);
    expect(story.run()).toMatchObject({ stage: 'loading', phase: 2, agreedPhase: 2 });
    for (const id of ['a', 'b']) {
      expect(story.sentTo(id)).toMatchObject([{ phase: 2, keepState: false, sourceRank: undefined }]);
    }
  });

  it('and no checkpoint is kept on which they did: the run fails, and says what would help', () => {
    const story = report(training(['a', 'b']).stored(2).stored(4).stored(6), 5, { a: BAD, b: OTHER });
    expect(story.run().checkpoints.map(({ phase }) => phase)).not.toContain(0);
    expect(story.run()).toMatchObject({ state: 'failed' });
    expect(story.run().why).toContain('No checkpoint is kept on which all agreed. Compare hashes more often');
  });

  it('also after a restart: on which phase they agreed is in the journal', () => {
    const story = agreed().stored(5).restart().comeBack('a', 5).comeBack('b', 5).ready('a', 'b');
    expect(story.run()).toMatchObject({ phase: 5, agreedPhase: 2 });
    report(story, 6, { a: BAD, b: OTHER });
    expect(story.run().checkpoints.map(({ phase }) => phase)).toEqual([2]);
  });
});

describe('a replica that goes wrong again and again', () => {
  it('is healed three times; the fourth time the run fails, and names it', () => {
    const story = three();
    for (const phase of [4, 5, 6]) {
      report(story, phase, { a: GOOD, b: BAD, c: GOOD });
      regroup(story, phase + 1);
      expect(story.run()).toMatchObject({ state: 'running', stage: 'training' });
    }
    report(story, 7, { a: GOOD, b: BAD, c: GOOD });
    expect(story.run()).toMatchObject({ state: 'failed', members: [] });
    expect(story.run().why).toMatch(/This is the 4th time: take b away, then resume\.$/);
    // Its upload was under way when the run failed.
    const { checkpoints } = story.run();
    expect(story.stored(8).run().checkpoints).toEqual(checkpoints);
    expect(story.resume().run().heals).toBe(0);
  });
});

it('a resume from an older phase forgets on which later one all agreed', () => {
  const story = report(training(['a', 'b']).stored(1), 4, { a: GOOD, b: GOOD })
    .stored(5)
    .pause();
  story.held('a', 5).held('b', 5).resume('r', 1);
  expect(story.run()).toMatchObject({ stage: 'loading', phase: 1, agreedPhase: 1 });
});
