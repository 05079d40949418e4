/** What each worker's time goes into: a lane a worker, a column a report, and the newest as figures. */
import { figure, whole } from '../figures.ts';
import type { RunFrame } from '../live/frame.ts';
import { type Colour, colour } from './colour.ts';
import { element, say } from './element.ts';

type LaneLine = RunFrame['lanes'][number];
type Part = 'compute' | 'exchange' | 'wait' | 'apply';

const PARTS: readonly Part[] = ['compute', 'exchange', 'wait', 'apply'];
const COLUMNS = 160;
const COLUMN_WIDTH = 4;
const HEIGHT = 44;
/** Of more workers the first are shown. */
const LANES_MAX = 16;

interface Row {
  readonly root: HTMLTableRowElement;
  readonly canvas: HTMLCanvasElement;
  readonly doing: HTMLElement;
  readonly figures: Readonly<Record<Part, HTMLElement>>;
  readonly times: Record<Part, number>[];
  newest: string;
}

export class LaneView {
  readonly root: HTMLElement;
  readonly #body = element('tbody');
  readonly #rows = new Map<string, Row>();
  readonly #left = element('p', { class: 'words' });

  constructor() {
    const heads = PARTS.map((part) => element('th', { scope: 'col' }, element('span', { class: `key ${part}` }, part)));
    const table = element(
      'table',
      { class: 'lanes' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'Worker'),
          element('th', { scope: 'col' }, 'Its reports, oldest to newest, and the newest in ms'),
          ...heads,
        ),
      ),
      this.#body,
    );
    const scroll = element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Workers, as a table' },
      table,
    );
    this.root = element(
      'section',
      { 'aria-labelledby': 'lanes' },
      element('h2', { id: 'lanes' }, 'Workers'),
      scroll,
      this.#left,
    );
  }

  update(lanes: readonly LaneLine[]): void {
    // By name: ranks change with every generation.
    const shown = lanes.toSorted((a, b) => (a.workerId < b.workerId ? -1 : 1)).slice(0, LANES_MAX);
    for (const lane of shown) this.#updateRow(lane);
    const here = new Set(shown.map(({ workerId }) => workerId));
    for (const [workerId, { root }] of this.#rows) {
      if (here.has(workerId)) continue;
      root.remove();
      this.#rows.delete(workerId);
    }
    for (const [i, { workerId }] of shown.entries()) this.#place(workerId, i);
    const left = lanes.length - shown.length;
    say(
      this.#left,
      lanes.length === 0 ? 'No worker is at work for this run.' : left > 0 ? `${left} more work for this run.` : '',
    );
  }

  #place(workerId: string, index: number): void {
    const row = this.#rows.get(workerId)?.root;
    const there = this.#body.children[index] ?? null;
    if (row && row !== there) this.#body.insertBefore(row, there);
  }

  redraw(): void {
    for (const row of this.#rows.values()) draw(row);
  }

  #updateRow(lane: LaneLine): void {
    const row = this.#rows.get(lane.workerId) ?? this.#addRow(lane.workerId);
    row.doing.title = lane.activity;
    say(row.doing, `${lane.activity}, ${lane.shards.length} shard${lane.shards.length === 1 ? '' : 's'}`);
    // A report that was shown already is no second one.
    const newest = `${lane.phase} ${JSON.stringify(lane.timings)}`;
    if (lane.timings === undefined || newest === row.newest) return;
    row.newest = newest;
    const { computeMs, exchangeMs, waitMs, applyMs } = lane.timings;
    const times = { compute: computeMs, exchange: exchangeMs, wait: waitMs, apply: applyMs };
    for (const part of PARTS) say(row.figures[part], figure(Number(times[part].toPrecision(3))));
    row.times.push(times);
    if (row.times.length > COLUMNS) row.times.shift();
    const words = PARTS.map((part) => `${part} ${row.figures[part].textContent} ms`).join(', ');
    row.canvas.setAttribute('aria-label', `The last ${whole(row.times.length)} reports; the newest: ${words}.`);
    draw(row);
  }

  #addRow(workerId: string): Row {
    const canvas = element('canvas', {
      width: COLUMNS * COLUMN_WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-label': 'No report yet',
    });
    const doing = element('span', { class: 'doing' });
    const figures = { compute: element('td'), exchange: element('td'), wait: element('td'), apply: element('td') };
    const name = element('th', { scope: 'row' }, workerId, doing);
    const root = element(
      'tr',
      {},
      name,
      element('td', { class: 'lane' }, canvas),
      ...PARTS.map((part) => figures[part]),
    );
    const row: Row = { root, canvas, doing, figures, times: [], newest: '' };
    this.#rows.set(workerId, row);
    this.#body.append(root);
    return row;
  }
}

function draw({ canvas, times }: Row): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  const total = (one: Record<Part, number>) => PARTS.reduce((sum, part) => sum + one[part], 0);
  // A single slow phase does not press the others flat.
  const highest = times.map(total).sort((a, b) => a - b)[Math.floor(0.95 * (times.length - 1))] || 1;
  const colours = Object.fromEntries(PARTS.map((part) => [part, colour(part satisfies Colour)]));
  for (const [i, one] of times.entries()) {
    let y = canvas.height;
    for (const part of PARTS) {
      const height = (one[part] / highest) * (canvas.height - 4);
      pen.fillStyle = colours[part] ?? '';
      pen.fillRect((COLUMNS - times.length + i) * COLUMN_WIDTH, y - height, COLUMN_WIDTH - 1, height);
      y -= height;
    }
  }
}
