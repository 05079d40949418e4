/**
 * Proves what holds whatever happens. First against events of any kind in any order, true or not; then with workers
 * that do as they are told while they are killed, cut off, drained and started, the coordinator dies, and people steer:
 * from wherever that leads, every run that nobody stopped gets to its end, and no phase that a live member holds is
 * computed again.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeDisk } from './fakeDisk.ts';
import { deviceClass, happen, happenings, launchThree, PHASES, RUNS, run, say, sayings, worker } from './happenings.ts';
import { heal, live, troubles } from './troubles.ts';
import { WatchedScenario } from './watched.ts';

/** `GANGLION_TEST_RUNS=50` makes this search fifty times as long. */
const times = Number(process.env.GANGLION_TEST_RUNS ?? 1);
const RUNS_OF = { noise: 100 * times, troubles: 60 * times };

it('holds for events of any kind in any order, true or not', () => {
  const events = fc.oneof(
    { weight: 3, arbitrary: happenings },
    { weight: 8, arbitrary: sayings },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('join'), worker, deviceClass }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('comeBack'), worker, run, phase: fc.nat(PHASES) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), worker }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('store'), run, phase: fc.nat(PHASES) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
  );
  fc.assert(
    fc.property(fc.array(events, { maxLength: 150, size: 'max' }), (all) => {
      const story = new WatchedScenario();
      launchThree(story);
      const disk = new FakeDisk(story);
      for (const event of all) {
        if (event.do === 'say') say(story, event);
        else if (event.do === 'join') story.joinAs(event.worker, { deviceClass: event.deviceClass });
        else if (event.do === 'comeBack') story.comeBack(event.worker, event.phase, event.run);
        else if (event.do === 'leave') story.leave(event.worker);
        else if (event.do === 'store') disk.store(event.run, { phase: event.phase, wrong: false });
        else if (event.do === 'restart') story.restart();
        else happen(story, event);
      }
    }),
    { numRuns: RUNS_OF.noise },
  );
});

it('gets every run that nobody stopped to its end, once there are workers that answer', () => {
  fc.assert(
    fc.property(troubles, (all) => {
      const cluster = live(all);
      heal(cluster);
      for (const runId of RUNS) {
        const { state, why } = cluster.story.run(runId);
        expect([runId, state, why]).toEqual([runId, expect.stringMatching(/completed|cancelled|paused/), why]);
      }
    }),
    { numRuns: RUNS_OF.troubles },
  );
});

it('never holds a phase behind a state that one of its members has', () => {
  let checked = 0;
  fc.assert(
    fc.property(troubles, (all) => {
      live(all, ({ story, fleet }) => {
        for (const runId of RUNS) {
          const { stage, phase, members } = story.run(runId);
          if (stage !== 'holding' && stage !== 'loading') continue;
          for (const { workerId } of members)
            expect(fleet.stateOf(workerId, runId)?.phase ?? 0).toBeLessThanOrEqual(phase);
          checked += members.length;
        }
      });
    }),
    { numRuns: RUNS_OF.troubles },
  );
  expect(checked).toBeGreaterThan(100);
});
