/** What a run's events tell the page, folded as they come: pure, bounded, and the same whoever folds them. */
import type { RunEvent } from '../../report/runEvent.ts';
import { CurveBuckets } from './curveBuckets.ts';
import type { EvaluationLine, Happening, PictureLine, RunFrame } from './frame.ts';
import { Thinned } from './thinned.ts';

/** Of more, the oldest are left out: 500 of at most some 2 kB. */
const HAPPENINGS_MAX = 500;
const PICTURES_MAX = 500;
const EVALUATIONS_MAX = 500;
/** Of a membership, so many workers are named. */
const WORKERS_MAX = 64;

/** Up to where somebody knows a story: the sequence of the newest event, and the width of the curves' buckets. */
export interface Cursor {
  readonly sequence: number;
  readonly width: number;
}

/** Of somebody who knows nothing. */
const BEGINNING: Cursor = { sequence: -1, width: 0 };

export function cursorText({ sequence, width }: Cursor): string {
  return `${sequence}-${width}`;
}

/** The beginning for what is no cursor. */
export function parseCursor(text: string | undefined): Cursor {
  const [, sequence, width] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '') ?? [];
  return sequence === undefined ? BEGINNING : { sequence: Number(sequence), width: Number(width) };
}

export class RunStory {
  readonly #curves = new CurveBuckets();
  readonly #pictures = new Thinned<PictureLine>(PICTURES_MAX);
  readonly #evaluations = new Thinned<EvaluationLine>(EVALUATIONS_MAX);
  readonly #happenings: Happening[] = [];
  #sequence = -1;
  #timeMs = 0;

  get cursor(): Cursor {
    return { sequence: this.#sequence, width: this.#curves.width };
  }

  /** Events come in ascending order of their sequence. */
  add(event: RunEvent): void {
    const { sequence, phase } = event;
    this.#sequence = sequence;
    this.#timeMs = event.timeMs;
    if (event.kind === 'phase') {
      const { statistics, timings, samplesPerSecond, phasesPerSecond } = event;
      return this.#curves.add(sequence, phase, { ...statistics, ...timings, samplesPerSecond, phasesPerSecond });
    }
    if (event.kind === 'snapshot') return this.#pictures.add({ sequence, phase, artifact: event.artifact });
    if (event.kind === 'evaluation') this.#evaluations.add({ sequence, phase, measures: event.measures });
    this.#happenings.push(happeningOf(event));
    if (this.#happenings.length > HAPPENINGS_MAX) this.#happenings.shift();
  }

  /** What is new since a cursor. One that is ahead of this story is of another, which is told as a whole. */
  since(cursor: Cursor): Pick<RunFrame, 'whole' | 'timeMs' | 'curves' | 'happenings' | 'pictures' | 'evaluations'> {
    const { sequence, width } = cursor.sequence > this.#sequence ? BEGINNING : cursor;
    const isNew = (one: { readonly sequence: number }) => one.sequence > sequence;
    return {
      whole: sequence < 0,
      timeMs: this.#timeMs,
      curves: this.#curves.since(sequence, width),
      happenings: this.#happenings.filter(isNew),
      pictures: this.#pictures.values.filter(isNew),
      evaluations: this.#evaluations.values.filter(isNew),
    };
  }
}

function happeningOf(event: Exclude<RunEvent, { kind: 'phase' | 'snapshot' }>): Happening {
  const { sequence, timeMs, phase } = event;
  const told = { sequence, timeMs, phase };
  switch (event.kind) {
    case 'state':
      return { ...told, kind: 'state', state: event.state, why: event.why };
    case 'membership': {
      const workers = event.members.slice(0, WORKERS_MAX).map(({ workerId }) => workerId);
      return { ...told, kind: 'membership', generation: event.generation, workers, why: event.why };
    }
    case 'alarm': {
      const { name, active, message, advice } = event;
      return { ...told, kind: 'alarm', name, active, advice, why: message };
    }
    case 'evaluation':
      return { ...told, kind: 'evaluation', why: event.why };
  }
}
