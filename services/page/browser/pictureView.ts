/** Grids of pictures, as they are in the run folder. */
import { whole } from '../figures.ts';
import type { PictureLine } from '../live/frame.ts';
import { element } from './element.ts';
import { fileUrl } from './fileUrl.ts';
import type { RunModel } from './runModel.ts';
import type { Look } from './sampleView.ts';

/** Pictures that are kept, so that a film does not flicker: some 50 kB each, and their pixels. */
const KEPT_MAX = 60;

export class PictureView implements Look {
  readonly root: HTMLElement;
  readonly #runId: string;
  readonly #image = element('img', { class: 'grid', decoding: 'async' });
  readonly #reals = element('button', { type: 'button', 'aria-pressed': false }, 'Show the data');
  readonly #kept = new Map<string, HTMLImageElement>();
  #pictures: readonly PictureLine[] = [];
  #index = 0;
  #showsReals = false;

  constructor(runId: string) {
    this.#runId = runId;
    this.root = element('div', { class: 'look' }, element('div', { class: 'stage' }, this.#image), this.#reals);
    this.#reals.addEventListener('click', () => {
      this.#showsReals = !this.#showsReals;
      this.#reals.setAttribute('aria-pressed', String(this.#showsReals));
      this.show(this.#index);
    });
  }

  moments({ pictures }: RunModel): readonly number[] {
    this.#pictures = pictures;
    this.root.hidden = pictures.length === 0;
    return pictures.map(({ phase }) => phase);
  }

  show(index: number): void {
    this.#index = index;
    const picture = this.#pictures[index];
    if (!picture) return;
    for (const ahead of this.#pictures.slice(index + 1, index + 4)) this.#load(ahead.artifact);
    const name = this.#showsReals ? 'reals.png' : picture.artifact;
    this.#image.alt = this.#showsReals
      ? 'Samples of the data'
      : `Samples of G after phase ${whole(picture.phase)}, from the same latents as the others`;
    const loaded = this.#load(name);
    const isCurrent = () => this.#index === index && this.#image.src !== loaded.src;
    // One that was thinned out or is not there stays away; the one before stays in sight.
    loaded.decode().then(
      () => isCurrent() && this.#image.setAttribute('src', loaded.src),
      () => undefined,
    );
  }

  redraw(): void {
    // A picture has its own colours.
  }

  #load(name: string): HTMLImageElement {
    const kept = this.#kept.get(name);
    if (kept) return kept;
    const image = new Image();
    image.src = fileUrl(this.#runId, name);
    this.#kept.set(name, image);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > KEPT_MAX) this.#kept.delete(oldest);
    return image;
  }
}
