/** The head of a run: its state in a sentence, how far it is, and the newest figures. */
import { duration, figure, whole } from '../figures.ts';
import { element, say } from './element.ts';
import { fileUrl } from './fileUrl.ts';
import { newest, type RunModel } from './runModel.ts';

const TILES = [
  ['value', 'V(D, G)'],
  ['dReal', 'D(x)'],
  ['dFake', 'D(G(z))'],
  ['discriminatorLoss', 'D loss'],
  ['generatorLoss', 'G loss'],
  ['penalty', 'penalty'],
  ['emaGap', 'EMA gap'],
  ['samplesPerSecond', 'samples/s'],
  ['phasesPerSecond', 'phases/s'],
] as const;

export class RunHead {
  readonly root: HTMLElement;
  readonly #state = element('span', { class: 'state' });
  readonly #why = element('p', { class: 'why' });
  readonly #facts = element('p', { class: 'words' });
  readonly #bar = element('progress', { max: 1, value: 0, 'aria-label': 'Committed phases' });
  readonly #place = element('span');
  readonly #rest = element('span');
  readonly #tiles = new Map(TILES.map(([name, label]) => [name, tile(label)] as const));

  constructor(runId: string) {
    const config = element('a', { href: fileUrl(runId, 'config.yaml'), download: true }, 'config');
    const metrics = element('a', { href: fileUrl(runId, 'metrics.jsonl'), download: true }, 'metrics');
    const events = element('a', { href: fileUrl(runId, 'events.jsonl'), download: true }, 'events');
    const title = element('div', { class: 'title' }, element('h1', {}, runId), this.#state);
    this.root = element(
      'div',
      { class: 'head' },
      element('div', {}, title, this.#why),
      element('p', { class: 'links' }, config, ' ', metrics, ' ', events),
      element('div', { class: 'progress' }, this.#bar, element('p', {}, this.#place, this.#rest)),
      element('dl', { class: 'tiles' }, ...[...this.#tiles.values()].map(({ root }) => root)),
      this.#facts,
    );
  }

  update({ run, curves, game }: RunModel): void {
    say(this.#state, run.state);
    this.#state.className = `state ${run.state}`;
    say(this.#why, run.why);
    this.#bar.max = Math.max(run.totalPhases, 1);
    this.#bar.value = run.phase;
    say(this.#place, `phase ${whole(run.phase)} of ${whole(run.totalPhases)}`);
    const perSecond = newest(curves, 'phasesPerSecond');
    const isMoving = run.state === 'running' && perSecond !== undefined && perSecond > 0;
    say(this.#rest, isMoving ? `about ${duration(((run.totalPhases - run.phase) / perSecond) * 1000)} to go` : '');
    for (const [name, { root, value }] of this.#tiles) {
      const found = newest(curves, name);
      root.hidden = found === undefined;
      if (found !== undefined) say(value, figure(Number(found.toPrecision(4))));
    }
    const { dataset, batchSize, shards, seed, loss } = game;
    say(
      this.#facts,
      `${dataset}, minibatches of ${whole(batchSize)} in ${shards} shard${shards === 1 ? '' : 's'}, ${loss} loss, seed ${seed}, generation ${run.generation}`,
    );
  }
}

function tile(label: string): { root: HTMLElement; value: HTMLElement } {
  const value = element('dd');
  return { root: element('div', {}, element('dt', {}, label), value), value };
}
