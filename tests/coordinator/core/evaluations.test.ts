/**
 * Proves the order of evaluations: one at a time for all runs, the newest checkpoint of a run next, each once; that what is
 * under way, waits or is best is spared; and that no end of an evaluation ends a run.
 */
import { describe, expect, it } from 'vitest';
import { sparedPhases } from '../../../services/coordinator/core/evaluations.ts';
import type { EvaluationOutcome } from '../../../services/report/evaluation.ts';
import { type RunOptions, runConfig } from './runs.ts';
import { DETECTION_MS, Scenario, training } from './scenario.ts';

const KEEP_BEST: RunOptions['evaluation'] = { everyPhases: 20, metrics: ['mmd'], keepBest: 'mmd2' };

function measured(phase: number, value: number, weightsSha256 = `hash-${phase}`): EvaluationOutcome {
  return { type: 'measured', weightsSha256, of: 'live', measures: [{ name: 'mmd2', value, standardError: 0.125 }] };
}

/** The evaluation of a checkpoint that is under way found this. */
function ends(story: Scenario, phase: number, outcome: EvaluationOutcome, runId = 'r'): Scenario {
  return story.on({ type: 'evaluationEnded', turn: { runId, phase }, outcome });
}

const spared = (story: Scenario, runId = 'r') => [...sparedPhases(story.state, runId)].sort((a, b) => a - b);
const one = (options: RunOptions = {}) => training(['a'], { evaluation: KEEP_BEST, ...options });

describe('a stored checkpoint', () => {
  it('is evaluated where it is due: every so many phases, and at the end', () => {
    expect(one().stored(20).lines).toEqual(['persist r', 'evaluate phase 20 of r']);
    expect(one().stored(19).lines).toEqual(['persist r']);
    // Whoever trained it is spare by then.
    expect(one({ phases: 30 }).report('a', 29).stored(30).lines).toContain('send evaluationOrder to a');
    expect(training(['a']).stored(20).lines).toEqual(['persist r']);
  });

  it('waits for the one that is evaluated, and gives its place to a newer one of its run', () => {
    const story = one().stored(20).stored(40);
    expect(story.lines).toEqual(['persist r']);
    story.stored(60);
    expect(story.state.evaluations).toMatchObject({
      running: { runId: 'r', phase: 20 },
      waiting: [{ runId: 'r', phase: 60 }],
    });
    expect(spared(story)).toEqual([20, 60]);
    expect(ends(story, 20, measured(20, 0.5)).lines).toEqual([
      'evaluate phase 60 of r',
      'keep evaluation of phase 20',
      'drop checkpoints of r',
    ]);
  });

  it('of two runs is evaluated in the order in which they came, one at a time', () => {
    const story = new Scenario().join('a', 'b');
    for (const id of ['r', 's']) story.launch(id, { workers: 1, evaluation: KEEP_BEST });
    story.ready('a', 'b').stored(20, 'r').stored(20, 's').stored(40, 'r').stored(40, 's');
    expect(story.state.evaluations).toMatchObject({
      running: { runId: 'r', phase: 20 },
      waiting: [
        { runId: 's', phase: 40 },
        { runId: 'r', phase: 40 },
      ],
    });
    expect(ends(story, 20, measured(20, 0.5)).lines).toContain('evaluate phase 40 of s');
    expect([spared(story, 'r'), spared(story, 's')]).toEqual([[20, 40], [40]]);
  });

  it('that was evaluated is not again where the run goes back and stores it anew', () => {
    const story = ends(one().stored(20), 20, measured(20, 0.5));
    story.pause().held('a', 22).stored(22).resume('r', 0).ready('a');
    expect(story.stored(20).lines).toEqual(['persist r']);
  });

  it('that is dropped from the record while it waits is passed over', () => {
    const story = one().stored(20).stored(40);
    story.pause().held('a', 41).stored(41).resume('r', 20);
    expect(ends(story, 20, measured(20, 0.5)).lines).not.toContain('evaluate phase 40 of r');
    expect(story.state.evaluations).toMatchObject({ running: undefined, waiting: [] });
  });
});

describe('the measures', () => {
  it('are told in a sentence, and choose the best, which is spared', () => {
    const story = ends(one().stored(20), 20, measured(20, 0.5));
    const event = { kind: 'evaluation', runId: 'r', phase: 20, of: 'live', measures: [{ name: 'mmd2', value: 0.5 }] };
    expect(story.effects[0]).toMatchObject({
      weightsSha256: 'hash-20',
      event: { ...event, why: 'G after 20 phases: mmd2 0.5 ± 0.125. The best by mmd2 so far.' },
    });
    ends(story.stored(40), 40, measured(40, 0.75));
    expect(story.effects[0]).toMatchObject({
      event: { why: 'G after 40 phases: mmd2 0.75 ± 0.125. The best is phase 20, mmd2 0.5.' },
    });
    expect(spared(story)).toEqual([20]);
    ends(story.stored(60), 60, measured(60, 0.25));
    expect(story.run().evaluated).toMatchObject({ newest: { phase: 60 }, best: { phase: 60, value: 0.25 } });
    // Of equals the older one stays.
    ends(story.stored(80), 80, measured(80, 0.25));
    expect(spared(story)).toEqual([60]);
    expect(story.on({ type: 'checkpointsDropped', runId: 'r', phases: [40] }).lines).toEqual(['persist r']);
    expect(story.run().checkpoints.map(({ phase }) => phase)).toEqual([60, 80]);
    expect(story.on({ type: 'checkpointsDropped', runId: 'r', phases: [40] }).lines).toEqual([]);
  });

  it('choose the highest where higher is better', () => {
    const story = one({ evaluation: { everyPhases: 20, keepBest: 'recall' } });
    for (const [phase, value] of [
      [20, 0.25],
      [40, 0.75],
      [60, 0.5],
    ] as const) {
      const measures = [{ name: 'recall', value }];
      ends(story.stored(phase), phase, { type: 'measured', weightsSha256: `hash-${phase}`, of: 'live', measures });
    }
    expect(story.run().evaluated.best).toEqual({ phase: 40, measure: 'recall', value: 0.75 });
  });

  it('spare nothing where no best was asked for', () => {
    const story = ends(one({ evaluation: { everyPhases: 20 } }).stored(20), 20, measured(20, 0.5));
    expect([spared(story), story.run().evaluated.newest?.phase]).toEqual([[], 20]);
  });

  it('of weights that the run has no more do not count', () => {
    const story = ends(one().stored(20), 20, measured(20, 0.5, 'other weights'));
    expect(story.effects[0]).toMatchObject({ event: { kind: 'evaluation', measures: [] } });
    expect(story.run().evaluated.best).toBeUndefined();
  });

  it('of what replicas did not agree on are forgotten', () => {
    const story = training(['a', 'b'], { evaluation: KEEP_BEST });
    for (const id of ['a', 'b']) story.report(id, 19, 'same');
    ends(story.stored(20), 20, measured(20, 0.5));
    ends(story.stored(40), 40, measured(40, 0.25));
    story.report('a', 40, 'one').report('b', 40, 'other');
    expect(story.run().evaluated).toEqual({ newest: undefined, best: undefined });
  });
});

describe('an evaluation', () => {
  it('that fails is told, ends nothing, and lets the next one go', () => {
    const story = ends(one().stored(20).stored(40), 20, { type: 'failed', why: 'no memory.' });
    expect(story.lines).toEqual(['evaluate phase 40 of r', 'publish evaluation', 'drop checkpoints of r']);
    expect(story.effects[1]).toMatchObject({
      event: { phase: 20, of: 'live', measures: [], why: 'The checkpoint of phase 20 was not evaluated: no memory.' },
    });
    expect(story.run()).toMatchObject({ state: 'running', stage: 'training' });
  });

  it('that nobody waits for changes nothing', () => {
    const story = one().stored(20);
    const before = story.state.evaluations;
    expect(ends(story, 40, measured(40, 0.5)).effects).toEqual([]);
    expect(story.state.evaluations).toBe(before);
  });

  it('that a coordinator which ended left undone is done by the next one', () => {
    const story = one({ phases: 30 }).stored(20).restart();
    // First it waits for its workers.
    expect(story.on({ type: 'begun' }).lines).toEqual([]);
    expect(story.tickAfter(DETECTION_MS).lines).toContain('evaluate phase 20 of r');
    expect(one().stored(19).restart().on({ type: 'begun' }).lines).toEqual([]);
  });
});

it('is off in a config that does not ask for it', () => {
  expect(runConfig({}).evaluation).toBeUndefined();
});
