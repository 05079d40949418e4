/** What may happen to a cluster of workers that do as they are told, and to its coordinator. */
import fc from 'fast-check';
import { FakeFleet } from './fakeFleet.ts';
import { deviceClass, type Happening, happen, happenings, launchThree, RUNS, WORKERS, worker } from './happenings.ts';
import { WatchedScenario } from './watched.ts';

type Trouble =
  | Happening
  | { readonly do: 'act'; readonly worker: string; readonly times: number }
  | { readonly do: 'everybodyActs'; readonly times: number }
  | { readonly do: 'start'; readonly worker: string; readonly deviceClass: string }
  | { readonly do: 'kill' | 'sever' | 'comeBack' | 'fail' | 'block'; readonly worker: string }
  /** The coordinator dies after it made durable what it decided, before it sent anything of it. */
  | { readonly do: 'restart'; readonly during: Happening | undefined }
  | { readonly do: 'everybodyComesBack' };

const acts: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ do: fc.constant('act'), worker, times: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('everybodyActs'), times: fc.integer({ min: 1, max: 4 }) }),
);

const faults: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start'), worker, deviceClass }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('kill', 'sever', 'comeBack', 'comeBack'), worker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('fail', 'block'), worker }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('restart'), during: fc.option(happenings, { nil: undefined }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('everybodyComesBack') }) },
);

export const troubles = fc.array(
  fc.oneof({ weight: 2, arbitrary: happenings }, { weight: 3, arbitrary: faults }, { weight: 12, arbitrary: acts }),
  { maxLength: 160, size: 'max' },
);

export interface Cluster {
  readonly story: WatchedScenario;
  readonly fleet: FakeFleet;
}

/** Lets all of it happen. */
export function live(all: readonly Trouble[], afterEach: (cluster: Cluster) => void = () => undefined): Cluster {
  const story = new WatchedScenario();
  const fleet = new FakeFleet(story);
  launchThree(story);
  for (const id of WORKERS) fleet.start(id, 'x');
  for (const trouble of all) {
    meet({ story, fleet }, trouble);
    fleet.hear();
    afterEach({ story, fleet });
  }
  return { story, fleet };
}

function meet({ story, fleet }: Cluster, trouble: Trouble): void {
  switch (trouble.do) {
    case 'act':
      for (let i = 0; i < trouble.times; i++) fleet.act(trouble.worker);
      return;
    case 'everybodyActs':
      for (let i = 0; i < trouble.times; i++) for (const id of fleet.ids) fleet.act(id);
      return;
    case 'start':
      return fleet.start(trouble.worker, trouble.deviceClass);
    case 'kill':
    case 'sever':
    case 'comeBack':
      return fleet[trouble.do](trouble.worker);
    case 'fail':
      if (fleet.isAtWork(trouble.worker)) story.fail(trouble.worker, 0, false);
      return;
    case 'block':
      if (fleet.isAtWork(trouble.worker)) story.blocked(trouble.worker, 'another');
      return;
    case 'everybodyComesBack':
      for (const id of fleet.ids) fleet.comeBack(id);
      return;
    case 'restart':
      if (trouble.during) happen(story, trouble.during);
      return fleet.restartCoordinator();
    default:
      return happen(story, trouble);
  }
}

/** Nothing goes wrong any more: who was cut off comes back, everybody answers, time passes. */
export function heal({ story, fleet }: Cluster): void {
  for (const runId of RUNS) {
    if (['paused', 'failed'].includes(story.run(runId).state)) story.resume(runId);
    fleet.hear();
  }
  // Enough of each class for all three runs.
  for (const deviceClass of ['x', 'y']) {
    for (let i = 0; i < 6; i++) fleet.start(`fresh-${deviceClass}-${i}`, deviceClass);
  }
  // Rests after failures are the longest waits: 160 s at most.
  for (let seconds = 0; seconds < 400 && !RUNS.every((runId) => rests(story, runId)); seconds++) {
    for (const id of fleet.ids) fleet.comeBack(id);
    while (fleet.ids.some((id) => fleet.act(id)));
    fleet.beatAll();
    story.tickAfter(1_000);
    fleet.hear();
  }
}

function rests(story: WatchedScenario, runId: string): boolean {
  return ['completed', 'cancelled', 'paused'].includes(story.run(runId).state);
}
