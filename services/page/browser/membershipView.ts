/** Who worked for the run when: a bar from coming to leaving, a line a worker. */
import { clock, duration } from '../figures.ts';
import type { Happening } from '../live/frame.ts';
import { element, svgElement } from './element.ts';
import { type Membership, membershipsOf } from './memberships.ts';

const WIDTH = 1000;
const LEFT = 130;
const ROW = 20;
const TOP = 22;
/** Of more workers, those that came last. */
const ROWS_MAX = 24;

export class MembershipView {
  readonly root: HTMLElement;
  readonly #figure = element('div', { class: 'memberships' });
  #shown = '';

  constructor() {
    this.root = element(
      'section',
      { 'aria-labelledby': 'memberships' },
      element('h2', { id: 'memberships' }, 'Membership'),
      this.#figure,
    );
  }

  /** @param endMs of the run's newest event. */
  update(happenings: readonly Happening[], endMs: number): void {
    const memberships = membershipsOf(happenings);
    const begin = happenings[0]?.timeMs;
    this.root.hidden = memberships.length === 0 || begin === undefined;
    const shown = `${happenings.at(-1)?.sequence} ${Math.round(endMs / 2_000)}`;
    if (begin === undefined || shown === this.#shown) return;
    this.#shown = shown;
    this.#figure.replaceChildren(draw(memberships, begin, Math.max(endMs, begin + 1)));
  }
}

function draw(memberships: readonly Membership[], beginMs: number, endMs: number): SVGElement {
  const workers = [...new Set(memberships.map(({ workerId }) => workerId))].slice(-ROWS_MAX);
  const height = TOP + workers.length * ROW + 6;
  const x = (timeMs: number) => LEFT + ((timeMs - beginMs) / (endMs - beginMs)) * (WIDTH - LEFT - 8);
  const words = memberships.map(describe).join(' ');
  const picture = svgElement('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': words });
  picture.append(
    svgElement('text', { x: LEFT, y: 12, class: 'time' }, clock(beginMs)),
    svgElement(
      'text',
      { x: WIDTH - 8, y: 12, class: 'time', 'text-anchor': 'end' },
      `${duration(endMs - beginMs)} later`,
    ),
  );
  for (const [i, workerId] of workers.entries()) {
    const y = TOP + i * ROW;
    picture.append(
      svgElement(
        'text',
        { x: LEFT - 10, y: y + 11, 'text-anchor': 'end' },
        workerId.length > 18 ? `${workerId.slice(0, 17)}…` : workerId,
      ),
      svgElement('line', { x1: LEFT, x2: WIDTH - 8, y1: y + 7, y2: y + 7, class: 'base' }),
    );
  }
  for (const membership of memberships) {
    const { workerId, fromMs, toMs } = membership;
    const row = workers.indexOf(workerId);
    if (row < 0) continue;
    const [left, right] = [x(fromMs), x(toMs ?? endMs)];
    const bar = { x: left, y: TOP + row * ROW, width: Math.max(right - left, 2), height: 14, rx: 3 };
    picture.append(
      svgElement(
        'rect',
        { ...bar, class: toMs === undefined ? 'member here' : 'member' },
        svgElement('title', {}, describe(membership)),
      ),
    );
  }
  return picture;
}

function describe({ workerId, fromMs, toMs, generation }: Membership): string {
  return `${workerId} from ${clock(fromMs)} (generation ${generation}) ${toMs === undefined ? 'on' : `to ${clock(toMs)}`}.`;
}
