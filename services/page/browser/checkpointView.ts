/** The checkpoints that are kept: hash, manifest, download. */
import { clock, whole } from '../figures.ts';
import type { CheckpointLine } from '../live/frame.ts';
import { element } from './element.ts';
import { fileUrl } from './fileUrl.ts';
import type { RunModel } from './runModel.ts';

export class CheckpointView {
  readonly root: HTMLElement;
  readonly #runId: string;
  readonly #body = element('tbody');
  #known = '';

  constructor(runId: string) {
    this.#runId = runId;
    const heads = ['Phase', 'Saved (UTC)', 'SHA-256 of the weights', 'Size', 'Files'];
    const head = element('tr', {}, ...heads.map((title) => element('th', { scope: 'col' }, title)));
    const table = element('table', {}, element('thead', {}, head), this.#body);
    const scroll = element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Checkpoints, as a table' },
      table,
    );
    this.root = element(
      'section',
      { 'aria-labelledby': 'checkpoints' },
      element('h2', { id: 'checkpoints' }, 'Checkpoints'),
      scroll,
    );
  }

  update({ run }: RunModel): void {
    const known = `${run.checkpointPhases.join()} ${run.best?.phase}`;
    if (known === this.#known) return;
    this.#known = known;
    void this.#read(known, run.best?.phase);
  }

  async #read(known: string, best: number | undefined): Promise<void> {
    try {
      const answer = await fetch(`/runs/${encodeURIComponent(this.#runId)}/checkpoints`);
      const lines = (await answer.json()) as readonly CheckpointLine[];
      if (known === this.#known)
        this.#body.replaceChildren(...lines.map((line) => this.#row(line, line.phase === best)));
    } catch {
      this.#known = ''; // The coordinator is away: asked again with the next frame.
    }
  }

  #row({ phase, savedAtMs, fileBytes, weightsSha256, manifest, state }: CheckpointLine, isBest: boolean): HTMLElement {
    const link = (name: string, words: string) =>
      element(
        'a',
        { href: fileUrl(this.#runId, name), download: true, 'aria-label': `${words} of phase ${phase}` },
        words,
      );
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, whole(phase), isBest ? ' (best)' : ''),
      element('td', {}, clock(savedAtMs)),
      element('td', {}, element('code', { title: weightsSha256 }, weightsSha256)),
      element('td', {}, `${(fileBytes / 1e6).toFixed(2)} MB`),
      element('td', {}, link(manifest, 'manifest'), ' ', link(state, 'weights')),
    );
  }
}
