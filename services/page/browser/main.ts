/** The live page: the address says which run is looked at, the coordinator's events say the rest. */
import type { Overview, RunFrame } from '../live/frame.ts';
import { onColoursChange } from './colour.ts';
import { Connection } from './connection.ts';
import { element, say } from './element.ts';
import { RunList, runHash, runOfHash } from './runList.ts';
import { type RunModel, withFrame } from './runModel.ts';
import { RunView } from './runView.ts';

const link = byId('link');
const place = byId('run');
const list = new RunList(byId('runs'));

let runId: string | undefined;
let model: RunModel | undefined;
let view: RunView | undefined;
let overview: Overview | undefined;

const connection = new Connection({
  overview(found) {
    overview = found;
    // Without a run in the address the newest is looked at, as soon as there is one.
    const first = found.runs[0]?.runId;
    if (runId === undefined && first !== undefined) return location.replace(runHash(first));
    list.update(found, runId);
  },
  frame: (frame) => onFrame(frame),
  problem: ({ message }) => tell(message),
  connected(isConnected) {
    link.className = isConnected ? 'link on' : 'link off';
    say(link, isConnected ? 'live' : 'The coordinator does not answer; trying again.');
  },
});

function onFrame(frame: RunFrame): void {
  if (frame.run.runId !== runId) return;
  const isOther = frame.whole && model !== undefined;
  model = withFrame(model, frame);
  if (view === undefined || isOther) {
    view?.close();
    view = new RunView(model);
    place.replaceChildren(view.root);
  }
  view.update(model);
  const { run } = model;
  const share = Math.floor((100 * run.phase) / Math.max(run.totalPhases, 1));
  document.title = `${share} % ${run.runId} – Ganglion`;
}

function onAddress(): void {
  const wanted = runOfHash(location.hash);
  if (wanted === runId && wanted !== undefined) return;
  runId = wanted;
  view?.close();
  view = undefined;
  model = undefined;
  tell(runId === undefined ? 'There is no run yet.' : 'Reading the run.');
  if (overview) list.update(overview, runId);
  connection.look(runId);
}

function tell(words: string): void {
  place.replaceChildren(element('p', { class: 'nothing' }, words));
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has #${id}`);
  return found;
}

// Not by the address, which says the run that is looked at.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  place.focus();
});
addEventListener('hashchange', onAddress);
onColoursChange(() => view?.redraw());
onAddress();
