/** What happened, newest first, and the alarms that are raised. */
import { clock, whole } from '../figures.ts';
import type { Happening } from '../live/frame.ts';
import { element } from './element.ts';
import type { RunModel } from './runModel.ts';

const SHOWN_MAX = 150;

export class HappeningView {
  readonly root: HTMLElement;
  /** Read out as they come. */
  readonly alarms = element('div', { class: 'alarms', role: 'status' });
  readonly #list = element('ol', { class: 'happenings', tabindex: 0, 'aria-labelledby': 'happenings' });
  #newest = -1;
  #raised = '';

  constructor() {
    const heading = element('h2', { id: 'happenings' }, 'What happened');
    this.root = element('section', { 'aria-labelledby': 'happenings' }, heading, this.#list);
  }

  update({ run, happenings }: RunModel): void {
    const raised = JSON.stringify(run.alarms);
    if (raised !== this.#raised) {
      this.#raised = raised;
      this.alarms.replaceChildren(
        ...run.alarms.map(({ name, phase, message, advice }) =>
          element(
            'section',
            { class: 'alarm' },
            element('h2', {}, name, element('span', {}, ` since phase ${whole(phase)}`)),
            element('p', {}, message),
            element('p', { class: 'words' }, advice),
          ),
        ),
      );
    }
    const fresh = happenings.filter(({ sequence }) => sequence > this.#newest);
    if (fresh.length === 0) return;
    this.#newest = fresh.at(-1)?.sequence ?? this.#newest;
    this.#list.prepend(...fresh.slice(-SHOWN_MAX).reverse().map(line));
    while (this.#list.childElementCount > SHOWN_MAX) this.#list.lastElementChild?.remove();
  }
}

function line(happening: Happening): HTMLElement {
  const time = new Date(happening.timeMs).toISOString();
  return element(
    'li',
    { class: happening.kind === 'alarm' && happening.active ? 'of-alarm raised' : `of-${happening.kind}` },
    element(
      'span',
      { class: 'when' },
      element('time', { datetime: time, title: `${clock(happening.timeMs)} UTC` }, time.slice(11, 19)),
      ` phase ${whole(happening.phase)}`,
    ),
    element('b', {}, titleOf(happening)),
    ` ${happening.why}`,
  );
}

function titleOf(happening: Happening): string {
  switch (happening.kind) {
    case 'state':
      return happening.state;
    case 'membership':
      return `generation ${happening.generation}`;
    case 'alarm':
      return `alarm ${happening.name} ${happening.active ? 'raised' : 'over'}`;
    case 'evaluation':
      return 'evaluation';
  }
}
