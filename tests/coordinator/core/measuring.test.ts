/**
 * Proves who measures a checkpoint: spare workers, as many as there are metrics, and nobody who computes gradients, leaves, is of
 * an older version or could not before; that what one leaves undone another does; and that whoever measured what, and whatever
 * else is said, the record is the one that the coordinator alone would have made.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareMetrics } from '../../../services/coordinator/core/evaluationShares.ts';
import { METRICS, type Metric } from '../../../services/evaluate/measures.ts';
import { measuresFor } from '../../../services/evaluate/metricsFor.ts';
import type { EvaluationOutcome } from '../../../services/report/evaluation.ts';
import type { RunOptions } from './runs.ts';
import { Scenario } from './scenario.ts';

const EVALUATION: RunOptions['evaluation'] = { everyPhases: 20, metrics: ['mmd', 'swd', 'prdc'], keepBest: 'mmd2' };
const HOUR_MS = 60 * 60 * 1000;

/** A run 'r' that 'a' trains; the others are idle. */
function withIdle(...idle: string[]): Scenario {
  const story = new Scenario().join('a').launch('r', { workers: 1, evaluation: EVALUATION }).ready('a');
  return story.join(...idle);
}

/** What each worker was asked for by the last event. */
function asked(story: Scenario): Record<string, readonly string[]> {
  const orders = story.effects.flatMap((effect) =>
    effect.type === 'send' && effect.message.type === 'evaluationOrder'
      ? [[effect.workerId, effect.message.metrics]]
      : [],
  );
  return Object.fromEntries(orders);
}

function partOf(story: Scenario, workerId: string | undefined) {
  const part = story.state.evaluations.running?.parts.find((one) => one.workerId === workerId);
  return part ?? expect.fail(`${workerId ?? 'the coordinator'} measures nothing`);
}

/** A true answer: the value of each measure follows from its name. */
function found(story: Scenario, metrics: readonly Metric[], weightsSha256 = 'hash-20'): EvaluationOutcome {
  const names = measuresFor(story.run().config.data, metrics);
  const measures = names.toReversed().map((name) => ({ name, value: name.length }));
  return { type: 'measured', weightsSha256, of: 'live', measures };
}

function answer(story: Scenario, workerId: string, outcome?: EvaluationOutcome, evaluationId?: number): Scenario {
  const { partId, metrics } = partOf(story, workerId);
  const said = { evaluationId: evaluationId ?? partId, outcome: outcome ?? found(story, metrics) };
  return story.say(workerId, { type: 'evaluationAnswer', ...said });
}

/** The coordinator's own process ends. */
function ownEnds(story: Scenario, outcome = found(story, partOf(story, undefined).metrics)): Scenario {
  return story.on({ type: 'evaluationEnded', turn: { runId: 'r', phase: 20 }, outcome });
}

const isOver = (story: Scenario, workerId: string) =>
  story.sentTo(workerId).some(({ type }) => type === 'evaluationOver');

describe('a checkpoint is measured by', () => {
  it('idle workers, the dearest metric alone, joined in the order of the config', () => {
    const story = withIdle('b', 'c').stored(20);
    expect(asked(story)).toEqual({ b: ['swd'], c: ['mmd', 'prdc'] });
    expect(answer(story, 'c').lines).toEqual([]);
    answer(story, 'b');
    expect(story.effects[0]).toMatchObject({
      type: 'keepEvaluation',
      weightsSha256: 'hash-20',
      event: { why: expect.stringMatching(/ so far\. Measured by c \(mmd, prdc\) and b \(swd\)\.$/) },
    });
    const names = story.run().evaluated.newest?.measures.map(({ name }) => name);
    expect(names).toEqual(['mmd2', 'swd', 'coverage', 'density', 'recall', 'precision']);
    expect(story.run().evaluated.best).toEqual({ phase: 20, measure: 'mmd2', value: 4 });
  });

  it('hot spares, after those who work for no run', () => {
    const options: RunOptions = { workers: { min: 2, max: 3 }, shards: 1, evaluation: EVALUATION };
    const story = new Scenario().join('a', 'b').launch('r', options).ready('a', 'b');
    expect(asked(story.stored(20))).toEqual({ b: ['mmd', 'swd', 'prdc'] });
    const other = new Scenario().join('a', 'b', 'c').launch('r', options).ready('a', 'b', 'c').join('d');
    expect(asked(other.stored(20))).toEqual({ d: ['swd'], b: ['prdc'], c: ['mmd'] });
  });

  it('the coordinator where all compute, leave, rest after a failure, or are of an older version', () => {
    expect(withIdle().stored(20).lines).toContain('evaluate phase 20 of r');
    const leaving = withIdle('b').drain('b').stored(20);
    expect([leaving.lines, asked(leaving)]).toEqual([['persist r', 'evaluate phase 20 of r'], {}]);
    const story = withIdle();
    const old = { protocolVersion: 1, workerId: 'old', hostname: 'box', pid: 7, device: story.worker('a').device };
    story.on({ type: 'workerJoined', hello: { ...old, peer: story.worker('a').peer, held: undefined } });
    expect(story.stored(20).lines).toContain('evaluate phase 20 of r');
  });
});

it('what a coordinator that ended left undone is measured by the workers that come back to the next one', () => {
  const story = withIdle('b').stored(20).restart().on({ type: 'begun' }).join('b');
  expect(asked(story)).toEqual({ b: ['mmd', 'swd', 'prdc'] });
});

describe('the part of a worker', () => {
  it('that is lost goes to another spare one, then to the coordinator', () => {
    const story = withIdle('b', 'c').stored(20);
    answer(story, 'c').leave('b');
    expect(asked(story)).toEqual({ c: ['swd'] });
    expect(story.lines).toContain(
      'remark: Worker b was lost: its connection ended. What it measured of r after phase 20 goes to another: swd.',
    );
    // Who was lost once is not asked again for this checkpoint.
    story.join('b').leave('c');
    expect([asked(story), story.lines.filter((line) => line.startsWith('evaluate'))]).toEqual([
      {},
      ['evaluate phase 20 of r'],
    ]);
    ownEnds(story);
    expect(story.effects[0]).toMatchObject({
      event: { why: expect.stringMatching(/ Measured by c \(mmd, prdc\) and the coordinator \(swd\)\.$/) },
    });
    expect(Object.keys(asked(story.stored(40)))).toEqual(['b']);
  });

  it('that is lost twice while it measures is asked for no more, unless it answers in between', () => {
    const story = withIdle('b').stored(20).leave('b');
    ownEnds(story).join('b').stored(40);
    expect(asked(story)).toEqual({ b: ['mmd', 'swd', 'prdc'] });
    answer(story, 'b', { type: 'failed', why: 'No memory.' }).leave('b');
    const again = withIdle('b').stored(20).leave('b').join('b');
    for (const phase of [40, 60]) {
      const turn = { runId: 'r', phase: phase - 20 };
      const outcome = found(again, partOf(again, undefined).metrics, `hash-${phase - 20}`);
      again.on({ type: 'evaluationEnded', turn, outcome }).stored(phase);
      expect(Object.keys(asked(again))).toEqual(phase === 40 ? ['b'] : []);
      if (phase === 40) again.leave('b').join('b');
    }
    expect([...story.state.evaluations.losses, ...again.state.evaluations.losses]).toEqual([['b', 2]]);
  });

  it('that comes back in a new session is not its any more', () => {
    const story = withIdle('b').stored(20);
    const { partId } = partOf(story, 'b');
    expect(story.join('b').lines).toContain('evaluate phase 20 of r');
    const outcome = found(story, partOf(story, undefined).metrics);
    expect(story.say('b', { type: 'evaluationAnswer', evaluationId: partId, outcome }).effects).toEqual([]);
  });

  it('that is called to train, or drains, goes on elsewhere, and it is told', () => {
    const story = withIdle('b', 'c').stored(20);
    story.launch('s', { workers: 1 });
    expect([story.runOf('b')?.runId, isOver(story, 'b'), asked(story)]).toEqual(['s', true, {}]);
    expect(partOf(story, undefined).metrics).toEqual(['swd']);
    story.drain('c');
    expect(isOver(story, 'c')).toBe(true);
    // The coordinator has one process.
    expect(story.lines).not.toContain('evaluate phase 20 of r');
    expect(ownEnds(story).lines).toEqual(['evaluate phase 20 of r']);
    ownEnds(story);
    expect(story.run().evaluated.newest?.measures).toHaveLength(6);
  });

  it('that becomes a hot spare stays with it, until it gets a shard', () => {
    const story = withIdle('b')
      .launch('s', { workers: { min: 1, max: 2 }, shards: 1 })
      .ready('b')
      .join('c');
    expect(Object.keys(asked(story.stored(20)))).toEqual(['c']);
    story.held('b', 0);
    expect(story.run('s').members).toMatchObject([{ workerId: 'b' }, { workerId: 'c', shards: [] }]);
    story.ready('b', 'c').leave('b');
    expect(partOf(story, 'c').metrics).toHaveLength(3);
    expect(isOver(story.held('c', 1), 'c')).toBe(true);
    expect(story.lines).toContain('evaluate phase 20 of r');
  });

  it.each<[string, (story: Scenario) => EvaluationOutcome, RegExp]>([
    ['has no data', () => ({ type: 'failed', why: 'there are no data.' }), /: there are no data\.$/],
    ['measured other weights', (story) => found(story, ['swd'], 'hash-9'), /other weights\.$/],
    ['measured something else', (story) => found(story, ['mmd']), /something else than was asked for\.$/],
    [
      'says what is no number',
      () => ({
        type: 'measured',
        weightsSha256: 'hash-20',
        of: 'live',
        measures: [{ name: 'swd', value: Number.NaN }],
      }),
      /not finite\.$/,
    ],
  ])('that %s is measured by the coordinator, and it is asked no more about this run', (_, said, sentence) => {
    const story = withIdle('b', 'c').stored(20);
    const outcome = said(story);
    answer(story, 'b', outcome);
    const remarks = story.effects.flatMap((effect) => (effect.type === 'remark' ? [effect.why] : []));
    expect(remarks).toEqual([expect.stringMatching(sentence)]);
    expect(remarks[0]).toMatch(/^Worker b cannot measure swd of r after phase 20, so the coordinator does: /);
    expect(partOf(story, undefined).metrics).toEqual(['swd']);
    ownEnds(story);
    answer(story, 'c');
    expect(asked(story.stored(40))).toEqual({ c: ['mmd', 'swd', 'prdc'] });
  });

  it('that is not answered in time is measured by the coordinator', () => {
    const story = withIdle('b').stored(20);
    story.tickAfter(2 * HOUR_MS);
    // It said nothing for so long, and counts as lost; where it goes on to live, it is told.
    expect(story.lines).toContain('evaluate phase 20 of r');
    const alive = withIdle('b').stored(20);
    for (let minutes = 0; minutes < 71; minutes++) {
      alive.nowMs += 60_000;
      for (const id of ['a', 'b']) alive.say(id, { type: 'heartbeat', ...alive.at(id, 0), activity: 'idle' });
      alive.tickAfter(0);
    }
    expect([partOf(alive, undefined).metrics, alive.worker('b').cannotMeasure.has('r')]).toEqual([
      ['mmd', 'swd', 'prdc'],
      true,
    ]);
  });
});

it('an answer that comes late, twice or from another worker changes nothing', () => {
  const story = withIdle('b', 'c').stored(20);
  const { partId } = partOf(story, 'b');
  const outcome = found(story, ['swd']);
  answer(story, 'b');
  const before = story.state.evaluations;
  for (const who of ['b', 'c', 'a']) story.say(who, { type: 'evaluationAnswer', evaluationId: partId, outcome });
  answer(story, 'c', outcome, 99);
  expect([story.effects, story.state.evaluations]).toEqual([[], before]);
});

it('an evaluation that fails calls off whoever measures the rest of it', () => {
  const story = withIdle('b', 'c').stored(20);
  answer(story, 'b', { type: 'failed', why: 'G’s sample 3 is NaN.' });
  ownEnds(story, { type: 'failed', why: 'G’s sample 3 is NaN.' });
  expect([isOver(story, 'c'), story.state.evaluations.running]).toEqual([true, undefined]);
  expect(story.lines).toContain('publish evaluation');
});

describe('metrics', () => {
  const metrics = fc.shuffledSubarray([...METRICS], { minLength: 1 });

  it('are all dealt, once, to as many as there are, in the order that they had', () => {
    fc.assert(
      fc.property(metrics, fc.integer({ min: 1, max: 9 }), (all, count) => {
        const shares = shareMetrics(all, count);
        expect(shares.flat().sort()).toEqual([...all].sort());
        expect(shares).toHaveLength(Math.min(all.length, count));
        for (const share of shares) expect(share).toEqual(all.filter((metric) => share.includes(metric)));
        expect(shares.every((share) => share.length > 0)).toBe(true);
        expect(shareMetrics(all, count)).toEqual(shares);
      }),
    );
  });

  it('leave the dearest alone', () => {
    expect(shareMetrics(METRICS, 2)).toEqual([['swd'], ['parzen', 'modes', 'mmd', 'prdc', 'frechet']]);
    expect(shareMetrics(METRICS, 3)).toEqual([['swd'], ['prdc', 'frechet'], ['parzen', 'modes', 'mmd']]);
  });
});

it('the record is the coordinator’s own, whoever measured what and whatever else happened', () => {
  const alone = ownEnds(withIdle().stored(20)).run().evaluated.newest;
  const workers = ['b', 'c', 'd', 'e'];
  const happening = fc.record({
    who: fc.constantFrom(...workers),
    does: fc.constantFrom('join', 'leave', 'drain', 'fail', 'answer', 'train'),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 25 }), (all) => {
      const story = withIdle('b', 'c', 'd').stored(20);
      const measures = (who: string | undefined) =>
        story.state.evaluations.running?.parts.find((p) => p.workerId === who);
      for (const [index, { who, does }] of all.entries()) {
        if (does === 'join') story.join(who);
        else if (does === 'leave') story.leave(who);
        else if (does === 'train') story.launch(`s${index}`, { workers: 1 });
        else if (story.state.workers.has(who) && does === 'drain') story.drain(who);
        else if (measures(who) && does !== 'drain') {
          answer(story, who, does === 'fail' ? { type: 'failed', why: 'No data.' } : undefined);
        }
      }
      while (story.state.evaluations.running) {
        const who = workers.find((id) => measures(id));
        if (who) answer(story, who);
        else ownEnds(story);
      }
      const inOrder = (one: typeof alone) =>
        one && { ...one, measures: [...one.measures].sort((a, b) => (a.name < b.name ? -1 : 1)) };
      expect(inOrder(story.run().evaluated.newest)).toEqual(inOrder(alone));
    }),
  );
});
