/** How fast a run goes, from the events that it tells of itself. */
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { PhaseEvent, RunEvent } from '../report/runEvent.ts';
import type { Timings } from '../report/statistics.ts';
import { BATCH_SIZE, PHASES_PER_ITERATION } from './networks.ts';

export interface RunRates {
  readonly measuredSeconds: number;
  /** Real images that D learns from, of all workers together. */
  readonly imagesPerSecond: number;
  readonly iterationMs: number;
  /** Where an iteration's time goes on the worker that works longest; the rest is between its threads. */
  readonly parts: Timings;
}

export interface MeasuredTime {
  /** From the moment that all workers train. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface IterationSize {
  /** Real ones that D learns from, of all workers together. */
  readonly images: number;
  readonly phases: number;
}

const BENCH_ITERATION: IterationSize = { images: BATCH_SIZE, phases: PHASES_PER_ITERATION };

/** Reads a run's events until its rates are known. Throws `run-failed` where the run stops training before that. */
export async function measureRates(
  events: AsyncIterable<RunEvent>,
  time: MeasuredTime,
  iteration = BENCH_ITERATION,
): Promise<RunRates> {
  let beginMs = Number.POSITIVE_INFINITY;
  const phases: PhaseEvent[] = [];
  for await (const event of events) {
    if (event.kind === 'state' && event.state === 'running') beginMs = event.timeMs + time.warmUpMs;
    else if (event.kind === 'state' && Number.isFinite(beginMs)) throw stopped(event.why);
    if (event.kind !== 'phase' || event.timeMs < beginMs) continue;
    phases.push(event);
    if (event.timeMs - must(phases[0], 'event').timeMs >= time.measureMs && phases.length > 1)
      return rates(phases, iteration);
  }
  throw stopped('Its events ended.');
}

/** The first event only says when the measured time began. */
function rates([first, ...measured]: readonly PhaseEvent[], iteration: IterationSize): RunRates {
  const [begin, end] = [must(first, 'first event'), must(measured.at(-1), 'last event')];
  const measuredSeconds = (end.timeMs - begin.timeMs) / 1000;
  const imagesPerSecond = (end.samples - begin.samples) / measuredSeconds;
  // Each event tells the mean of as many phases as the others, so that the mean of the means is the mean.
  const mean = (part: keyof Timings) => measured.reduce((sum, { timings }) => sum + timings[part], 0) / measured.length;
  return {
    measuredSeconds,
    imagesPerSecond,
    iterationMs: (iteration.images / imagesPerSecond) * 1000,
    parts: {
      computeMs: mean('computeMs') * iteration.phases,
      exchangeMs: mean('exchangeMs') * iteration.phases,
      waitMs: mean('waitMs') * iteration.phases,
      applyMs: mean('applyMs') * iteration.phases,
    },
  };
}

export function stopped(why: string): GanglionError {
  return new GanglionError({
    code: 'run-failed',
    message: `The measured run stopped: ${why}`,
    remedy: 'GANGLION_LOG_LEVEL=debug shows what coordinator and workers say.',
  });
}
