/** G's samples over the phases of a run: as pictures, as points in the plane, or as figure 1 on the line. */
import type { Game } from '../live/frame.ts';
import { element } from './element.ts';
import { LineView } from './lineView.ts';
import { PhasePlayer } from './phasePlayer.ts';
import { PictureView } from './pictureView.ts';
import { PlaneView } from './planeView.ts';
import type { RunModel } from './runModel.ts';

/** How moments of a run are looked at. */
export interface Look {
  readonly root: HTMLElement;
  /** Phases of the moments that can be shown now. */
  moments(run: RunModel): readonly number[];
  show(index: number): void;
  redraw(): void;
}

const TITLES: Readonly<Record<Game['look'], string>> = {
  pictures: 'Samples of G, from the same latents',
  plane: 'Samples of G and of the data',
  line: 'Figure 1: data, G and D on the line',
};

export class SampleView {
  readonly root: HTMLElement;
  readonly #look: Look;
  readonly #player: PhasePlayer;
  #run: RunModel | undefined;
  #known = '';

  constructor(runId: string, game: Game) {
    this.#player = new PhasePlayer('Phase of the samples', (index) => this.#look.show(index));
    this.#look = lookOf(runId, game, () => this.#refresh());
    const heading = element('h2', { id: 'samples' }, TITLES[game.look]);
    this.root = element(
      'section',
      { class: 'samples', 'aria-labelledby': 'samples' },
      heading,
      this.#look.root,
      this.#player.root,
    );
  }

  update(run: RunModel): void {
    this.#run = run;
    this.#refresh();
  }

  redraw(): void {
    this.#look.redraw();
  }

  close(): void {
    this.#player.stop();
  }

  #refresh(): void {
    if (!this.#run) return;
    const phases = this.#look.moments(this.#run);
    const known = phases.join();
    if (known === this.#known) return;
    this.#known = known;
    this.#player.update(phases);
  }
}

function lookOf(runId: string, game: Game, changed: () => void): Look {
  if (game.look === 'line') return new LineView(runId, changed);
  return game.look === 'plane' ? new PlaneView(runId, game) : new PictureView(runId);
}
