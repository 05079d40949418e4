/** A slider over moments of a run, with a button that plays them. At its end it stays at the newest as others come. */
import { whole } from '../figures.ts';
import { element, say } from './element.ts';

const FRAME_MS = 125;

export class PhasePlayer {
  readonly root: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #button: HTMLButtonElement;
  readonly #place: HTMLOutputElement;
  readonly #show: (index: number) => void;
  #phases: readonly number[] = [];
  #timer: number | undefined;

  /** @param show is called with the index of the moment to show. */
  constructor(label: string, show: (index: number) => void) {
    this.#show = show;
    this.#slider = element('input', { type: 'range', min: 0, max: 0, value: 0, step: 1, 'aria-label': label });
    this.#button = element('button', { type: 'button' }, 'Play');
    this.#place = element('output', { class: 'place' });
    this.root = element('div', { class: 'player', hidden: true }, this.#button, this.#slider, this.#place);
    this.#slider.addEventListener('input', () => this.#choose());
    this.#button.addEventListener('click', () => this.#toggle());
  }

  /** @param phases of the moments, in ascending order. */
  update(phases: readonly number[]): void {
    const wasAtEnd = this.#index >= this.#phases.length - 1;
    const shown = this.#phases[this.#index];
    this.#phases = phases;
    this.root.hidden = phases.length < 2;
    this.#slider.max = String(Math.max(phases.length - 1, 0));
    const index = wasAtEnd || shown === undefined ? phases.length - 1 : phases.indexOf(shown);
    this.#slider.value = String(Math.max(index, 0));
    if (phases.length > 0) this.#choose();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    say(this.#button, 'Play');
  }

  get #index(): number {
    return Number(this.#slider.value);
  }

  #choose(): void {
    const words = `phase ${whole(this.#phases[this.#index] ?? 0)}`;
    say(this.#place, words);
    this.#slider.setAttribute('aria-valuetext', words);
    this.#show(this.#index);
  }

  #toggle(): void {
    if (this.#timer !== undefined) return this.stop();
    say(this.#button, 'Stop');
    if (this.#index === this.#phases.length - 1) this.#slider.value = '0';
    this.#choose();
    this.#timer = setInterval(() => this.#next(), FRAME_MS);
  }

  #next(): void {
    if (this.#index >= this.#phases.length - 1) return this.stop();
    this.#slider.value = String(this.#index + 1);
    this.#choose();
  }
}
