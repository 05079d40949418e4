/**
 * Proves what holds whatever happens. First against events of any kind in any order, true or not; then with workers
 * that do as they are told while they are killed, restarted and drained and people steer: from wherever that leads,
 * every run that nobody stopped gets to its end, and no phase that a live member holds is computed again.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CoordinatorEvent } from '../../../services/coordinator/core/event.ts';
import { GanglionError } from '../../../services/errors/ganglionError.ts';
import { FakeFleet } from './fakeFleet.ts';
import { type Happening, happen, happenings, launchThree, PHASES, RUNS, say, sayings, WORKERS } from './happenings.ts';
import { expectSound } from './invariants.ts';
import { Scenario } from './scenario.ts';

/** Checks what every event led to, and lets requests be refused. */
class WatchedScenario extends Scenario {
  override on(event: CoordinatorEvent): this {
    const before = this.state;
    try {
      super.on(event);
    } catch (error) {
      if (!(error instanceof GanglionError) || !event.type.endsWith('Requested')) throw error;
      this.effects = [];
    }
    expectSound(before, event, this.state);
    return this;
  }
}

const worker = fc.constantFrom(...WORKERS);

it('holds for events of any kind in any order, true or not', () => {
  const stored = fc.record({ do: fc.constant('store'), run: fc.constantFrom(...RUNS), phase: fc.nat(PHASES) });
  const events = fc.oneof(
    { weight: 3, arbitrary: happenings },
    { weight: 5, arbitrary: sayings },
    { weight: 1, arbitrary: stored },
  );
  fc.assert(
    fc.property(fc.array(events, { maxLength: 100, size: 'max' }), (all) => {
      const story = new WatchedScenario();
      launchThree(story);
      const disk = new FakeFleet(story);
      for (const event of all) {
        if (event.do === 'say') say(story, event);
        else if (event.do === 'store') disk.store(event.run, event.phase);
        else happen(story, event);
      }
    }),
    { numRuns: 100 },
  );
});

type Trouble = Happening | { readonly do: 'act'; readonly worker: string } | { readonly do: 'everybodyActs' };
const acts: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ do: fc.constant('act'), worker }),
  fc.record({ do: fc.constant('everybodyActs') }),
);
const troubles = fc.array(fc.oneof({ weight: 1, arbitrary: happenings }, { weight: 5, arbitrary: acts }), {
  maxLength: 120,
  size: 'max',
});

it('gets every run that nobody stopped to its end, once there are workers that answer', () => {
  fc.assert(
    fc.property(troubles, (all) => {
      const { story, fleet } = live(all);
      for (const runId of RUNS) {
        if (['paused', 'failed'].includes(story.run(runId).state)) story.resume(runId);
        fleet.hear();
      }
      // Enough of each class for all three runs.
      for (const deviceClass of ['x', 'y']) {
        for (let i = 0; i < 6; i++) {
          story.joinAs(`fresh-${deviceClass}-${i}`, { deviceClass });
          fleet.hear();
        }
      }
      while ([...story.state.workers.keys()].some((id) => fleet.act(id)));
      for (const runId of RUNS) expect(['completed', 'cancelled', 'paused']).toContain(story.run(runId).state);
    }),
    { numRuns: 60 },
  );
});

it('never forms a generation behind a state that one of its members held', () => {
  let checked = 0;
  const check = (story: Scenario, fleet: FakeFleet) => {
    for (const runId of RUNS) {
      const { stage, phase, members } = story.run(runId);
      if (stage !== 'holding') continue;
      for (const { workerId } of members) expect(fleet.holds(workerId, runId) ?? 0).toBeLessThanOrEqual(phase);
      checked += members.length;
    }
  };
  fc.assert(
    fc.property(troubles, (all) => void live(all, check)),
    { numRuns: 60 },
  );
  expect(checked).toBeGreaterThan(100);
});

/** Lets all of it happen to workers that do as they are told. */
function live(all: readonly Trouble[], afterEach: (story: Scenario, fleet: FakeFleet) => void = () => undefined) {
  const story = new WatchedScenario();
  const fleet = new FakeFleet(story);
  launchThree(story);
  for (const id of WORKERS) {
    story.joinAs(id, { deviceClass: 'x' });
    fleet.hear();
  }
  for (const event of all) {
    if (event.do === 'act' || event.do === 'everybodyActs') {
      const acting = event.do === 'act' ? [event.worker] : WORKERS;
      for (const id of acting) if (story.state.workers.has(id)) fleet.act(id);
    } else {
      if (event.do === 'join') fleet.restart(event.worker);
      happen(story, event);
      fleet.hear();
    }
    afterEach(story, fleet);
  }
  return { story, fleet };
}
