/** What may happen to a coordinator with six workers and three runs, for property tests. */
import fc from 'fast-check';
import type { RunMessage } from '../../../services/control/messages.ts';
import { measuresFor } from '../../../services/evaluate/metricsFor.ts';
import type { EvaluationOutcome } from '../../../services/report/evaluation.ts';
import { phaseReport, type Scenario } from './scenario.ts';

export const WORKERS = ['a', 'b', 'c', 'd', 'e', 'f'];
export const RUNS = ['r', 's', 't'];
export const PHASES = 8;

/** An elastic run with more shards than workers, one that needs one worker, one through the coordinator with a hot spare. */
export function launchThree(story: Scenario): void {
  const evaluation = { everyPhases: 2, keepBest: 'mmd2' } as const;
  story.launch('r', { workers: { min: 2, max: 4 }, shards: 5, phases: PHASES, evaluation });
  story.launch('s', { workers: 1, phases: PHASES, evaluation });
  story.launch('t', { workers: { min: 2, max: 3 }, shards: 2, phases: PHASES, road: 'star' });
}

/** What people, the clock and the disk do. */
export type Happening =
  | { readonly do: 'drain'; readonly worker: string }
  | { readonly do: 'pause' | 'cancel'; readonly run: string }
  | { readonly do: 'resume'; readonly run: string; readonly fromPhase: number | undefined }
  /** The evaluation that is under way ends. */
  | { readonly do: 'evaluated'; readonly value: number | undefined }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'storageFails'; readonly run: string };

export interface Saying {
  readonly do: 'say';
  readonly worker: string;
  /** Undefined: the one that it works for. */
  readonly run: string | undefined;
  readonly kind: RunMessage['type'];
  readonly generationsAhead: number;
  readonly phase: number;
  readonly yes: boolean;
  readonly weightsSha256: string;
}

export const worker = fc.constantFrom(...WORKERS);
export const run = fc.constantFrom(...RUNS);
export const deviceClass = fc.constantFrom('x', 'x', 'x', 'x', 'y');

export const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drain'), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause', 'cancel'), run }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('resume'), run, fromPhase: fc.option(fc.nat(PHASES), { nil: undefined }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('evaluated'), value: fc.option(fc.nat(9), { nil: undefined }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(10, 500, 3_000, 5_500) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('storageFails'), run }) },
);

/** True or not, of this generation or another. */
export const sayings: fc.Arbitrary<Saying> = fc.record({
  do: fc.constant('say'),
  worker,
  run: fc.option(run, { nil: undefined, freq: 8 }),
  kind: fc.constantFrom(
    ...(['heartbeat', 'ready', 'ready', 'ready', 'held', 'held', 'held', 'phaseReport', 'phaseReport'] as const),
    ...(['failure', 'roadBlocked', 'nonFinite', 'nonFinite'] as const),
    ...(['evaluationAnswer', 'evaluationAnswer'] as const),
  ),
  generationsAhead: fc.constantFrom(0, 0, 0, 0, -1, 1),
  phase: fc.nat(PHASES - 1),
  yes: fc.boolean(),
  weightsSha256: fc.constantFrom('', 'same', 'same', 'other'),
});

export function happen(story: Scenario, what: Happening): void {
  switch (what.do) {
    case 'drain':
      return void story.drain(what.worker);
    case 'pause':
    case 'cancel':
      return void story[what.do](what.run);
    case 'resume':
      return void story.resume(what.run, what.fromPhase);
    case 'evaluated':
      return evaluated(story, what.value);
    case 'wait':
      return void story.tickAfter(what.ms);
    case 'storageFails':
      return void story.storageFails('The disk is full.', what.run);
  }
}

function evaluated(story: Scenario, value: number | undefined): void {
  const turn = story.state.evaluations.running;
  if (!turn) return;
  const weightsSha256 = `hash-${turn.phase}`;
  const measures = [{ name: 'mmd2', value: value ?? 0 }];
  const outcome: EvaluationOutcome =
    value === undefined
      ? { type: 'failed', why: 'No memory.' }
      : { type: 'measured', weightsSha256, of: 'live', measures };
  story.on({ type: 'evaluationEnded', turn, outcome });
}

export function say(story: Scenario, { worker, run, kind, generationsAhead, phase, yes, weightsSha256 }: Saying): void {
  const now = story.at(worker, phase);
  const at = { runId: run ?? now.runId, generation: Math.max(0, now.generation + generationsAhead), phase };
  story.say(worker, message());

  function message(): RunMessage {
    switch (kind) {
      case 'ready':
        return { type: 'ready', ...at };
      case 'held':
        return { type: 'held', ...at, hasState: yes };
      case 'phaseReport':
        return phaseReport(at, weightsSha256);
      case 'failure':
        return { type: 'failure', ...at, message: 'Out of memory.', remedy: 'Use less.', fatal: yes };
      case 'roadBlocked':
        return { type: 'roadBlocked', ...at, peerId: 'a', message: 'Nobody answers.', transient: yes };
      case 'nonFinite':
        return { type: 'nonFinite', ...at, tensor: 'generator.0.bias', shards: [0], skipped: yes };
      case 'evaluationAnswer':
        return answer(story, worker, {
          isOwn: generationsAhead === 0,
          isTrue: weightsSha256 !== 'other',
          isMeasured: yes,
        });
      default:
        return { type: 'heartbeat', ...at, activity: 'exchange' };
    }
  }
}

/** To what this worker was asked to measure, or another; with what was asked for, or something else. */
function answer(
  story: Scenario,
  worker: string,
  { isOwn, isTrue, isMeasured }: { isOwn: boolean; isTrue: boolean; isMeasured: boolean },
): RunMessage {
  const { running } = story.state.evaluations;
  const part = running?.parts.find(({ workerId }) => (workerId === worker) === isOwn);
  const names = isTrue && running ? measuresFor(story.run(running.runId).config.data, part?.metrics ?? []) : ['mmd2'];
  const measures = names.map((name) => ({ name, value: 1 }));
  const outcome: EvaluationOutcome = isMeasured
    ? { type: 'measured', weightsSha256: `hash-${running?.phase}`, of: 'live', measures }
    : { type: 'failed', why: 'There are no data.' };
  return { type: 'evaluationAnswer', evaluationId: part?.partId ?? 0, outcome };
}
