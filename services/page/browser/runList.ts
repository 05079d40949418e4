/** The runs of this coordinator, newest first, and its workers. */
import type { Overview, RunLine } from '../live/frame.ts';
import { element } from './element.ts';

export function runHash(runId: string): string {
  return `#/runs/${encodeURIComponent(runId)}`;
}

/** Undefined where the address names no run. */
export function runOfHash(hash: string): string | undefined {
  const name = /^#\/runs\/(.+)$/.exec(hash)?.[1];
  try {
    return name === undefined ? undefined : decodeURIComponent(name);
  } catch {
    return undefined; // A % that means nothing.
  }
}

export class RunList {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** @param current the run that is looked at. */
  update({ runs, runsLeft, workers }: Overview, current: string | undefined): void {
    const focused = document.activeElement?.getAttribute('href');
    const items = runs.map((run) => element('li', {}, link(run, run.runId === current)));
    const idle = workers.filter(({ runId }) => runId === '').length;
    const count = `${workers.length} worker${workers.length === 1 ? '' : 's'} connected`;
    this.#root.replaceChildren(
      element('h2', {}, 'Runs'),
      runs.length > 0
        ? element('ul', {}, ...items)
        : element('p', { class: 'words' }, 'No runs yet. Start one with `ganglion launch`.'),
      element('p', { class: 'words' }, runsLeft > 0 ? `${runsLeft} older runs are not shown.` : ''),
      element('p', { class: 'words' }, `${count}${idle > 0 ? `, ${idle} idle` : ''}`),
    );
    // A list that is written again keeps the place of who walks through it by keyboard.
    if (focused) this.#root.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }
}

function link({ runId, state, phase, totalPhases, alarms }: RunLine, isCurrent: boolean): HTMLElement {
  const share = totalPhases === 0 ? 0 : Math.floor((100 * phase) / totalPhases);
  return element(
    'a',
    { href: runHash(runId), 'aria-current': isCurrent ? 'page' : undefined },
    element('span', { class: 'name' }, runId),
    element('span', { class: `state ${state}` }, state),
    element('span', { class: 'share' }, `${share} %`),
    alarms > 0 ? element('span', { class: 'alarm-count' }, `${alarms} alarm${alarms === 1 ? '' : 's'}`) : '',
  );
}
