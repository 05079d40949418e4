/** One chart: a line a curve, a band from its least to its greatest, and the same as words and as a table. */
import { figure, whole } from '../figures.ts';
import type { ChartSpec } from './charts.ts';
import { element } from './element.ts';
import { type ChartData, plotData, plotOptions } from './plot.ts';

const HEIGHT = 190;
const ROWS_MAX = 24;

export class CurveChart {
  readonly root: HTMLElement;
  readonly #spec: ChartSpec;
  readonly #plotHost: HTMLElement;
  readonly #legend: HTMLElement;
  readonly #table: HTMLTableElement;
  readonly #details: HTMLDetailsElement;
  #plot: uPlot | undefined;
  #data: ChartData = { phases: [], curves: [] };

  constructor(spec: ChartSpec) {
    this.#spec = spec;
    this.#plotHost = element('div', { class: 'plot', role: 'group', tabindex: 0, 'aria-roledescription': 'chart' });
    this.#legend = element('p', { class: 'legend' });
    this.#table = element('table');
    this.#details = element('details', {}, element('summary', {}, 'As a table'), this.#scrolled());
    const heading = element('h2', { id: `chart-${spec.id}` }, spec.title);
    this.#plotHost.setAttribute('aria-labelledby', heading.id);
    this.root = element('section', { class: 'chart', 'aria-labelledby': heading.id });
    this.root.append(element('div', { class: 'chart-head' }, heading, this.#legend), this.#plotHost, this.#details);
    this.#details.addEventListener('toggle', () => this.#writeTable());
    this.#plotHost.addEventListener('keydown', (event) => this.#onKey(event));
    this.#plotHost.addEventListener('blur', () => this.#plot?.setCursor({ left: -10, top: -10 }));
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#plotHost);
  }

  update(data: ChartData): void {
    this.#data = data;
    // Nothing to see of what was never measured.
    const isEmpty = data.curves.every(({ mean }) => mean.every((value) => value === null));
    this.root.hidden = isEmpty;
    if (isEmpty) return;
    this.#plot ??= this.#draw();
    this.#plot.setData(plotData(data, this.#spec));
    this.#writeLegend(this.#plot.cursor.idx ?? undefined);
    if (this.#details.open) this.#writeTable();
  }

  /** In colours that have changed. */
  redraw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.update(this.#data);
  }

  #draw(): uPlot {
    const options = plotOptions(this.#spec, this.#size(), (index) => this.#writeLegend(index));
    return new uPlot(options, plotData(this.#data, this.#spec), this.#plotHost);
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(this.#plotHost.clientWidth, 120), height: HEIGHT };
  }

  /** @param index of the bucket under the cursor; undefined: the newest. */
  #writeLegend(index: number | undefined): void {
    const { phases, curves } = this.#data;
    const { reference } = this.#spec;
    const keys = this.#spec.curves.flatMap(({ label, colour: name }, i) => {
      const mean = curves[i]?.mean ?? [];
      if (mean.every((value) => value === null)) return [];
      const value = index === undefined ? mean.findLast((one) => one !== null) : mean[index];
      const words = element('span', { class: `key ${name}` }, `${label} `, element('b', {}, shown(value)));
      return [words];
    });
    const phase = index === undefined ? undefined : phases[index];
    const place = phase === undefined ? [] : [element('span', { class: 'at' }, `phase ${whole(Math.floor(phase))}`)];
    const known = reference ? [element('span', { class: 'key reference' }, reference.label)] : [];
    this.#legend.replaceChildren(...place, ...keys, ...known);
  }

  #onKey(event: KeyboardEvent): void {
    const { key } = event;
    const plot = this.#plot;
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };
    if (!plot || event.ctrlKey || event.metaKey || event.altKey) return;

    const last = this.#data.phases.length - 1;
    const at = plot.cursor.idx ?? last;
    const next = key === 'Home' ? 0 : key === 'End' ? last : steps[key] === undefined ? undefined : at + steps[key];
    if (next === undefined) return;
    event.preventDefault();
    const phase = this.#data.phases[Math.min(Math.max(next, 0), last)] ?? 0;
    plot.setCursor({ left: plot.valToPos(phase, 'x'), top: 10 });
    this.#plotHost.setAttribute('aria-description', this.#legend.textContent ?? '');
  }

  #scrolled(): HTMLElement {
    return element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': `${this.#spec.title}, as a table` },
      this.#table,
    );
  }

  #writeTable(): void {
    if (!this.#details.open) return;
    const { phases, curves } = this.#data;
    const chosen = evenly(phases.length, ROWS_MAX);
    const head = ['Phase', ...this.#spec.curves.map(({ label }) => label)];
    const rows = chosen.map((i) => [whole(Math.floor(phases[i] ?? 0)), ...curves.map(({ mean }) => shown(mean[i]))]);
    this.#table.replaceChildren(
      element('thead', {}, element('tr', {}, ...head.map((title) => element('th', { scope: 'col' }, title)))),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, cell))))),
    );
  }
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : figure(Number(value.toPrecision(4)));
}

/** Indices: the first, the last, and the others evenly between. */
function evenly(count: number, max: number): number[] {
  if (count <= max) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: max }, (_, i) => Math.round((i * (count - 1)) / (max - 1)));
}
