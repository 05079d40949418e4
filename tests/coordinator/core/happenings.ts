/** What may happen to a coordinator with five workers and three runs, for property tests. */
import fc from 'fast-check';
import type { WorkerMessage } from '../../../services/control/messages.ts';
import { phaseReport, type Scenario } from './scenario.ts';

export const WORKERS = ['a', 'b', 'c', 'd', 'e'];
export const RUNS = ['r', 's', 't'];
export const PHASES = 8;

/** A run that needs two workers, one that needs one, one that needs three. */
export function launchThree(story: Scenario): void {
  story.launch('r', { workers: 2, shards: 5, phases: PHASES });
  story.launch('s', { workers: 1, phases: PHASES });
  story.launch('t', { workers: 3, shards: 4, phases: PHASES });
}

export type Happening =
  | { readonly do: 'join'; readonly worker: string; readonly deviceClass: string }
  | { readonly do: 'leave' | 'drain'; readonly worker: string }
  | { readonly do: 'pause' | 'cancel'; readonly run: string }
  | { readonly do: 'resume'; readonly run: string; readonly fromPhase: number | undefined }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'storageFails'; readonly run: string };

export interface Saying {
  readonly do: 'say';
  readonly worker: string;
  /** Undefined: the one that it works for. */
  readonly run: string | undefined;
  readonly kind: WorkerMessage['type'];
  readonly generationsAhead: number;
  readonly phase: number;
  readonly yes: boolean;
  readonly weightsSha256: string;
}

const worker = fc.constantFrom(...WORKERS);
const run = fc.constantFrom(...RUNS);

export const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('join'), worker, deviceClass: fc.constantFrom('x', 'x', 'x', 'y') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('leave', 'drain'), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause', 'cancel'), run }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('resume'), run, fromPhase: fc.option(fc.nat(PHASES), { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(10, 500, 5_500) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('storageFails'), run }) },
);

/** True or not, of this generation or another. */
export const sayings: fc.Arbitrary<Saying> = fc.record({
  do: fc.constant('say'),
  worker,
  run: fc.option(run, { nil: undefined, freq: 8 }),
  kind: fc.constantFrom('heartbeat', 'ready', 'ready', 'held', 'held', 'phaseReport', 'phaseReport', 'failure'),
  generationsAhead: fc.constantFrom(0, 0, 0, 0, -1, 1),
  phase: fc.nat(PHASES - 1),
  yes: fc.boolean(),
  weightsSha256: fc.constantFrom('', 'same', 'same', 'other'),
});

export function happen(story: Scenario, what: Happening): void {
  switch (what.do) {
    case 'join':
      return void story.joinAs(what.worker, { deviceClass: what.deviceClass });
    case 'leave':
    case 'drain':
      return void story[what.do](what.worker);
    case 'pause':
    case 'cancel':
      return void story[what.do](what.run);
    case 'resume':
      return void story.resume(what.run, what.fromPhase);
    case 'wait':
      return void story.tickAfter(what.ms);
    case 'storageFails':
      return void story.storageFails('The disk is full.', what.run);
  }
}

export function say(story: Scenario, { worker, run, kind, generationsAhead, phase, yes, weightsSha256 }: Saying): void {
  const now = story.at(worker, phase);
  const at = { runId: run ?? now.runId, generation: Math.max(0, now.generation + generationsAhead), phase };
  story.say(worker, message());

  function message(): WorkerMessage {
    switch (kind) {
      case 'ready':
        return { type: 'ready', ...at };
      case 'held':
        return { type: 'held', ...at, hasState: yes };
      case 'phaseReport':
        return phaseReport(at, weightsSha256);
      case 'failure':
        return { type: 'failure', ...at, message: 'Out of memory.', remedy: 'Use less.', fatal: yes };
      default:
        return { type: 'heartbeat', ...at, activity: 'compute' };
    }
  }
}
