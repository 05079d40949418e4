/** All open pages. A clock ticks while there is one: then each is told what is new since the tick before. */
import type { ServerResponse } from 'node:http';
import { describeError, GanglionError } from '../../errors/ganglionError.ts';
import { overviewOf } from './overview.ts';
import type { PageSource } from './pageSource.ts';
import { RunChannel } from './runChannel.ts';
import { parseCursor } from './runStory.ts';
import { ALIVE, eventText, Viewer } from './viewer.ts';

/** As quickly as a person reads figures. However fast the phases are, this bounds what is written. */
const TICK_MS = 250;
const OVERVIEW_TICKS = 4;
const ALIVE_TICKS = 60;
/** A run that nobody looks at any more is kept for those who come back: a page that is loaded again, a slow viewer. */
const LINGER_TICKS = 240;
export const VIEWERS_MAX = 100;

interface Kept {
  readonly channel: RunChannel;
  idleTicks: number;
}

export class LiveHub {
  readonly #source: PageSource;
  readonly #viewers = new Set<Viewer>();
  readonly #channels = new Map<string, Kept>();
  #clock: NodeJS.Timeout | undefined;
  #ticks = 0;
  #overview = '';

  constructor(source: PageSource) {
    this.#source = source;
  }

  get isFull(): boolean {
    return this.#viewers.size >= VIEWERS_MAX;
  }

  /**
   * @param runId the run that the viewer looks at; undefined: only the overview. One that is not there is told as a problem: a
   * browser does not read what another answer says.
   * @param cursor what it knows of it; undefined: nothing.
   */
  join(
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    { runId, cursor }: { readonly runId: string | undefined; readonly cursor: string | undefined },
  ): void {
    const viewer = new Viewer(response, headers);
    response.once('close', () => this.#viewers.delete(viewer));
    this.#viewers.add(viewer);
    viewer.send(eventText('overview', overviewOf(this.#source)));
    if (runId !== undefined) this.#joinRun(viewer, response, runId, cursor);
    this.#clock ??= setInterval(() => this.#tick(), TICK_MS);
  }

  close(): void {
    clearInterval(this.#clock);
    for (const viewer of this.#viewers) viewer.end();
    for (const { channel } of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  #joinRun(viewer: Viewer, response: ServerResponse, runId: string, cursor: string | undefined): void {
    try {
      const channel = this.#channelOf(runId);
      response.once('close', () => channel.leave(viewer));
      channel.join(viewer, parseCursor(cursor));
    } catch (error) {
      if (!(error instanceof GanglionError)) throw error;
      viewer.send(eventText('problem', { message: describeError(error) }));
    }
  }

  #channelOf(runId: string): RunChannel {
    const kept = this.#channels.get(runId);
    if (kept) return kept.channel;
    this.#source.glance(runId);
    const channel = new RunChannel(runId, this.#source);
    this.#channels.set(runId, { channel, idleTicks: 0 });
    return channel;
  }

  #tick(): void {
    this.#ticks += 1;
    for (const [runId, kept] of this.#channels) {
      kept.idleTicks = kept.channel.viewerCount === 0 ? kept.idleTicks + 1 : 0;
      if (kept.idleTicks < LINGER_TICKS) kept.channel.tell();
      else {
        kept.channel.close();
        this.#channels.delete(runId);
      }
    }
    if (this.#ticks % OVERVIEW_TICKS === 0) this.#tellOverview();
    if (this.#ticks % ALIVE_TICKS === 0) for (const viewer of this.#viewers) viewer.send(ALIVE);
    if (this.#viewers.size > 0 || this.#channels.size > 0) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  #tellOverview(): void {
    const text = eventText('overview', overviewOf(this.#source));
    if (text === this.#overview) return;
    this.#overview = text;
    for (const viewer of this.#viewers) viewer.send(text);
  }
}
