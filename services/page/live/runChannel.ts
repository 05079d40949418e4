/** One run for all who look at it: its events are read once, and what is new is written once, for everybody. */

import { describeError } from '../../errors/ganglionError.ts';
import { isFinal } from '../../report/runEvent.ts';
import type { RunFrame } from './frame.ts';
import { gameOf } from './overview.ts';
import type { PageSource } from './pageSource.ts';
import { type Cursor, cursorText, RunStory } from './runStory.ts';
import { eventText, type Viewer } from './viewer.ts';

export class RunChannel {
  readonly #runId: string;
  readonly #source: PageSource;
  readonly #closing = new AbortController();
  readonly #viewers = new Set<Viewer>();
  /** Those that came while the history is read, and what they know. */
  readonly #waiting = new Map<Viewer, Cursor>();
  readonly #story = new RunStory();
  #isCaughtUp = false;
  #isFollowing = false;
  #problem: string | undefined;
  #told: Cursor;
  /** Run and lanes as they were last told. */
  #toldState = '';

  constructor(runId: string, source: PageSource) {
    this.#runId = runId;
    this.#source = source;
    this.#told = this.#story.cursor;
    this.#follow();
  }

  get viewerCount(): number {
    return this.#viewers.size + this.#waiting.size;
  }

  join(viewer: Viewer, knows: Cursor): void {
    if (this.#problem !== undefined) return this.#tellProblem(viewer, this.#problem);
    if (!this.#isCaughtUp) return void this.#waiting.set(viewer, knows);
    // Everybody knows the same afterwards.
    this.tell();
    this.#viewers.add(viewer);
    viewer.send(this.#frame(knows));
  }

  leave(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.#waiting.delete(viewer);
  }

  /** Tells everybody what is new; nothing where nothing is. */
  tell(): void {
    if (!this.#isCaughtUp || this.#problem !== undefined) return;
    // Somebody resumed a run that had ended.
    if (!this.#isFollowing && !isFinal(this.#source.glance(this.#runId).state)) this.#follow();
    const cursor = this.#story.cursor;
    const state = JSON.stringify([this.#source.glance(this.#runId), this.#source.lanes(this.#runId)]);
    if (cursor.sequence === this.#told.sequence && state === this.#toldState) return;
    if (this.#viewers.size > 0) {
      const text = this.#frame(this.#told);
      for (const viewer of this.#viewers) viewer.send(text);
    }
    this.#told = cursor;
    this.#toldState = state;
  }

  close(): void {
    this.#closing.abort();
  }

  #frame(knows: Cursor): string {
    const frame: RunFrame = {
      run: this.#source.glance(this.#runId),
      lanes: this.#source.lanes(this.#runId),
      game: gameOf(this.#source, this.#runId),
      ...this.#story.since(knows),
    };
    return eventText('run', frame, cursorText(this.#story.cursor));
  }

  #follow(): void {
    this.#isFollowing = true;
    this.#read()
      .catch((error: unknown) => {
        this.#problem = describeError(error);
        for (const viewer of [...this.#viewers, ...this.#waiting.keys()]) this.#tellProblem(viewer, this.#problem);
      })
      .finally(() => {
        this.#isFollowing = false;
      });
  }

  async #read(): Promise<void> {
    const { signal } = this.#closing;
    const from = this.#story.cursor.sequence + 1;
    for await (const event of this.#source.watchRun(this.#runId, from, signal, () => this.#caughtUp())) {
      this.#story.add(event);
    }
  }

  #caughtUp(): void {
    this.#isCaughtUp = true;
    for (const [viewer, knows] of this.#waiting) {
      this.#viewers.add(viewer);
      viewer.send(this.#frame(knows));
    }
    this.#waiting.clear();
    this.#told = this.#story.cursor;
  }

  #tellProblem(viewer: Viewer, message: string): void {
    viewer.send(eventText('problem', { message }));
  }
}
