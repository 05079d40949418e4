/** Samples of two values as points: data grey, fakes green, and the reach of each mode as a ring. */
import { whole } from '../figures.ts';
import type { Game, PictureLine } from '../live/frame.ts';
import { colour } from './colour.ts';
import { element, say } from './element.ts';
import { fileUrl } from './fileUrl.ts';
import { npyPoints, type Points } from './npyPoints.ts';
import type { RunModel } from './runModel.ts';
import type { Look } from './sampleView.ts';

const SIDE = 640;
const KEPT_MAX = 100;
const MARGIN = 0.15;

export class PlaneView implements Look {
  readonly root: HTMLElement;
  readonly #runId: string;
  readonly #game: Game;
  readonly #canvas = element('canvas', { width: SIDE, height: SIDE, role: 'img' });
  readonly #words = element('p', { class: 'words' });
  readonly #kept = new Map<string, Promise<Points | undefined>>();
  #pictures: readonly PictureLine[] = [];
  #index = 0;

  constructor(runId: string, game: Game) {
    this.#runId = runId;
    this.#game = game;
    this.root = element('div', { class: 'look' }, element('div', { class: 'stage' }, this.#canvas), this.#words);
  }

  moments({ pictures }: RunModel): readonly number[] {
    this.#pictures = pictures;
    return pictures.map(({ phase }) => phase);
  }

  show(index: number): void {
    this.#index = index;
    const picture = this.#pictures[index];
    if (!picture) return;
    for (const ahead of this.#pictures.slice(index + 1, index + 4)) void this.#load(ahead.artifact);
    // Beside the data they lie as they are; the run folder's reals are as many as the fakes.
    void Promise.all([this.#load('reals.png'), this.#load(picture.artifact)]).then(([reals, fakes]) => {
      if (this.#index === index && fakes) this.#draw(reals, fakes, picture.phase);
    });
  }

  redraw(): void {
    this.show(this.#index);
  }

  /** The points behind a picture. */
  #load(picture: string): Promise<Points | undefined> {
    const kept = this.#kept.get(picture);
    if (kept) return kept;
    const name = picture.replace(/\.png$/, '.npy');
    const points = fetch(fileUrl(this.#runId, name)).then(
      async (answer) => (answer.ok ? npyPoints(await answer.arrayBuffer()) : undefined),
      () => undefined,
    );
    this.#kept.set(picture, points);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > KEPT_MAX) this.#kept.delete(oldest);
    return points;
  }

  #draw(reals: Points | undefined, fakes: Points, phase: number): void {
    const pen = this.#canvas.getContext('2d');
    if (!pen) return;
    const { modes } = this.#game;
    const frame = squareAround(reals ?? fakes);
    const place = (value: number, axis: 0 | 1) => {
      const part = (value - frame.low[axis]) / frame.side;
      return SIDE * (axis === 0 ? part : 1 - part);
    };
    pen.clearRect(0, 0, SIDE, SIDE);
    const dots = ({ values, count }: Points, fill: string, opacity: number) => {
      pen.fillStyle = fill;
      pen.globalAlpha = opacity;
      for (let i = 0; i < count; i += 1) {
        pen.beginPath();
        pen.arc(place(values[2 * i] ?? 0, 0), place(values[2 * i + 1] ?? 0, 1), 3, 0, 2 * Math.PI);
        pen.fill();
      }
    };
    if (reals) dots(reals, colour('muted'), 0.35);
    dots(fakes, colour('generator'), 0.75);
    pen.globalAlpha = 1;
    pen.strokeStyle = colour('reference');
    for (const { mean, radius } of modes) {
      pen.beginPath();
      pen.arc(
        place(mean[0] ?? 0, 0),
        place(mean[1] ?? 0, 1),
        Math.max((radius / frame.side) * SIDE, 4),
        0,
        2 * Math.PI,
      );
      pen.stroke();
    }
    const words = wordsOf(fakes, modes);
    this.#canvas.setAttribute('aria-label', `${words} After phase ${whole(phase)}.`);
    say(this.#words, words);
  }
}

/** How many modes have a sample within their reach. */
function wordsOf({ values, count }: Points, modes: Game['modes']): string {
  if (modes.length === 0) return `${whole(count)} samples.`;
  const reached = new Set<number>();
  let near = 0;
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [values[2 * i] ?? 0, values[2 * i + 1] ?? 0];
    const found = modes.findIndex(({ mean, radius }) => Math.hypot(x - (mean[0] ?? 0), y - (mean[1] ?? 0)) <= radius);
    if (found >= 0) reached.add(found);
    if (found >= 0) near += 1;
  }
  const share = Math.round((100 * near) / Math.max(count, 1));
  return `${reached.size} of ${modes.length} modes have one of these ${whole(count)} samples; ${share} % lie within reach of a mode.`;
}

function squareAround({ values, count }: Points): { low: readonly [number, number]; side: number } {
  const limits = ([0, 1] as const).map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < count; i += 1) {
      low = Math.min(low, values[2 * i + axis] ?? low);
      high = Math.max(high, values[2 * i + axis] ?? high);
    }
    return { middle: (low + high) / 2, width: high - low };
  });
  const [x = { middle: 0, width: 1 }, y = { middle: 0, width: 1 }] = limits;
  const side = (Math.max(x.width, y.width) || 1) * (1 + 2 * MARGIN);
  return { low: [x.middle - side / 2, y.middle - side / 2], side };
}
