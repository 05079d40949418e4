/** Figure 1 of Goodfellow et al. 2014, a frame a checkpoint: p_data dotted, p_g green, D blue and dashed, D* thin; z → x below. */
import { whole } from '../figures.ts';
import type { Figure1Frame, Figure1Frames } from '../live/frame.ts';
import { colour } from './colour.ts';
import { element, say } from './element.ts';
import type { RunModel } from './runModel.ts';
import type { Look } from './sampleView.ts';

const WIDTH = 720;
const BOX = { left: 24, top: 10, width: 672, height: 300 };
const X_LINE = 324;
const Z_LINE = 384;
const HEIGHT = 396;
/** The highest density of the data, in heights of the box. */
const DATA_HEIGHT = 0.68;
/** A coordinator computes new frames every 10 s at most. */
const ASK_AGAIN_MS = 12_000;

export class LineView implements Look {
  readonly root: HTMLElement;
  readonly #runId: string;
  readonly #changed: () => void;
  readonly #canvas = element('canvas', { width: WIDTH, height: HEIGHT, role: 'img', class: 'wide' });
  readonly #words = element('p', { class: 'words' }, 'Figure 1 is being computed from the checkpoints.');
  #film: Figure1Frames | undefined;
  /** Newest checkpoint that was asked about, and when. */
  #asked = { phase: -1, atMs: 0 };
  #index = 0;

  constructor(runId: string, changed: () => void) {
    this.#runId = runId;
    this.#changed = changed;
    this.root = element('div', { class: 'look' }, element('div', { class: 'stage wide' }, this.#canvas), this.#words);
  }

  moments({ run }: RunModel): readonly number[] {
    const newest = run.checkpointPhases.at(-1) ?? -1;
    const isDue = newest !== this.#asked.phase && Date.now() - this.#asked.atMs > ASK_AGAIN_MS;
    if (isDue) void this.#ask(newest);
    return this.#film?.frames.map(({ phase }) => phase) ?? [];
  }

  show(index: number): void {
    this.#index = index;
    const frame = this.#film?.frames[index];
    if (this.#film && frame) this.#draw(this.#film, frame);
  }

  redraw(): void {
    this.show(this.#index);
  }

  async #ask(phase: number): Promise<void> {
    this.#asked = { phase: this.#asked.phase, atMs: Date.now() };
    try {
      const answer = await fetch(`/runs/${encodeURIComponent(this.#runId)}/figure1`);
      if (!answer.ok) return say(this.#words, await answer.text());
      this.#film = (await answer.json()) as Figure1Frames;
      const drawn = this.#film.frames.at(-1)?.phase ?? -1;
      this.#asked = { phase: drawn >= phase ? phase : this.#asked.phase, atMs: Date.now() };
      this.#changed();
      if (drawn < phase) setTimeout(() => this.#changed(), ASK_AGAIN_MS + 1_000);
    } catch {
      // The coordinator is away: asked again with a later frame.
    }
  }

  #draw(film: Figure1Frames, frame: Figure1Frame): void {
    const pen = this.#canvas.getContext('2d');
    if (!pen) return;
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    const { left, top, width, height } = BOX;
    const bottom = top + height;
    const highest = Math.max(...film.data) / DATA_HEIGHT;
    const ofDensity = (value: number) => bottom - (value / highest) * height;
    const ofD = (value: number) => bottom - (value / 1.04) * height;
    const ofX = (x: number) => left + ((x - film.low) / (film.high - film.low)) * width;
    const curve = (
      values: readonly number[],
      y: (value: number) => number,
      stroke: string,
      thick: number,
      dash: number[] = [],
    ) => {
      pen.strokeStyle = stroke;
      pen.lineWidth = thick;
      pen.setLineDash(dash);
      pen.beginPath();
      for (const [i, value] of values.entries()) pen.lineTo(left + ((i + 0.5) / values.length) * width, y(value));
      pen.stroke();
      pen.setLineDash([]);
    };
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    if (film.isProbability) {
      curve([0.5, 0.5], ofD, colour('gridline'), 1);
      curve(optimum(film.data, frame.generated), ofD, colour('muted'), 1.1, [2, 2]);
    }
    curve(frame.generated, ofDensity, colour('generator'), 2.2);
    curve(film.data, ofDensity, colour('data'), 2.4, [2, 4]);
    curve(frame.discriminator, ofD, colour('discriminator'), 2, [7, 4]);
    pen.restore();
    pen.strokeStyle = colour('ink');
    pen.lineWidth = 1.2;
    const level = (y: number) => {
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(left + width, y);
      pen.stroke();
    };
    for (const y of [bottom, X_LINE, Z_LINE]) level(y);
    const [zLow, zHigh] = film.latentRange;
    pen.lineWidth = 0.7;
    for (const { z, x } of frame.arrows) {
      if (x < film.low || x > film.high) continue;
      pen.beginPath();
      pen.moveTo(left + ((z - zLow) / (zHigh - zLow)) * width, Z_LINE);
      pen.lineTo(ofX(x), X_LINE);
      pen.stroke();
    }
    pen.fillStyle = colour('ink');
    pen.font = 'italic 14px system-ui, sans-serif';
    pen.fillText('x', 8, X_LINE + 4);
    pen.fillText('z', 8, Z_LINE + 4);
    const keys = film.isProbability
      ? 'D blue, D* = p_data / (p_data + p_g) thin'
      : 'D blue, from its least to its greatest';
    this.#canvas.setAttribute('aria-label', `Densities of data and fakes, and D, after phase ${whole(frame.phase)}.`);
    say(this.#words, `p_data dotted, p_g green, ${keys}; below, where G puts each z.`);
  }
}

/** D* of proposition 1; ½ where there is next to nothing. */
function optimum(data: readonly number[], generated: readonly number[]): number[] {
  const least = Math.max(...data) * 0.01;
  return data.map((p, i) => {
    const q = generated[i] ?? 0;
    return p + q < least ? Number.NaN : p / (p + q);
  });
}
