/** Figure 1 of runs on the line, frame by frame: what was computed is kept, and a child computes what is new. */
import { join } from 'node:path';
import { checkpointPhases } from '../../checkpoint/verify.ts';
import { packageRoot } from '../../config/packageRoot.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { describeEnd, runQuietly } from '../../process/quietChild.ts';
import type { Figure1Frame, Figure1Frames } from './frame.ts';

/** A frame is some 10 kB. */
const FRAMES_MAX = 60;
/** Runs whose frames are kept. */
const RUNS_MAX = 4;
/** Frames that one child computes: 0.1 s each. It starts in 2 s. */
const LIMITS = { msMax: 120_000, resultCharsMax: 4 * 1024 * 1024 };
/** Between two children of one run: a core should train. */
const REST_MS = 10_000;

interface Film {
  frames: Figure1Frames | undefined;
  restsUntilMs: number;
}

export class Figure1Feed {
  readonly #films = new Map<string, Film>();
  readonly #closing = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();

  /** In ascending order of phases; frames of checkpoints that are gone are still there. Throws `run-failed` where none can be computed. */
  async frames(runId: string, folder: string): Promise<Figure1Frames> {
    const film = this.#filmOf(runId);
    // One child at a time, for all who ask.
    const turn = this.#turn.then(() => this.#extend(film, folder));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turn;
  }

  #filmOf(runId: string): Film {
    const film = this.#films.get(runId) ?? { frames: undefined, restsUntilMs: 0 };
    this.#films.delete(runId);
    this.#films.set(runId, film);
    for (const oldest of this.#films.keys()) if (this.#films.size > RUNS_MAX) this.#films.delete(oldest);
    return film;
  }

  async #extend(film: Film, folder: string): Promise<Figure1Frames> {
    const known = film.frames?.frames ?? [];
    const missing = phasesToDraw(await checkpointPhases(folder), known);
    if (film.frames && (missing.length === 0 || Date.now() < film.restsUntilMs)) return film.frames;
    const found = await this.#compute(folder, missing);
    film.restsUntilMs = Date.now() + REST_MS;
    film.frames = { ...found, frames: evenly(ascending([...known, ...found.frames]), FRAMES_MAX) };
    return film.frames;
  }

  async #compute(folder: string, phases: readonly number[]): Promise<Figure1Frames> {
    const program = join(packageRoot(), 'dist', 'services', 'page', 'live', 'figure1Program.js');
    const end = await runQuietly([program, folder, ...phases.map(String)], LIMITS, this.#closing.signal);
    if (end.exitCode === 0) return JSON.parse(end.result) as Figure1Frames;
    throw new GanglionError({
      code: 'run-failed',
      message: `Figure 1 could not be computed: ${describeEnd(end)}`,
      remedy: 'Try `ganglion figure1` on the run folder, which says more.',
    });
  }
}

/** Those that are not drawn yet, of as many as a film shows. */
export function phasesToDraw(phases: readonly number[], drawn: readonly { readonly phase: number }[]): number[] {
  const known = new Set(drawn.map(({ phase }) => phase));
  return evenly(phases, FRAMES_MAX).filter((phase) => !known.has(phase));
}

function ascending(frames: readonly Figure1Frame[]): Figure1Frame[] {
  return frames.toSorted((a, b) => a.phase - b.phase);
}

/** The first, the last, and the others evenly between. */
function evenly<Value>(all: readonly Value[], max: number): Value[] {
  return all.filter(
    (_, i) =>
      all.length <= max ||
      Math.floor((i * (max - 1)) / (all.length - 1)) !== Math.floor(((i - 1) * (max - 1)) / (all.length - 1)),
  );
}
