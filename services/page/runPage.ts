/** A run as one page of HTML that needs nothing else: no script, no file beside it, no network. */
import { runCurves } from '../picture/curves.ts';
import { PAGE } from '../picture/palette.ts';
import { svg } from '../picture/svg.ts';
import { clock, duration, figure, whole } from './figures.ts';
import { type Html, html, raw, table } from './html.ts';
import type { Happening, RunHistory } from './runHistory.ts';
import { STYLE } from './style.ts';

/** Events in the timeline: of more, the oldest are left out. */
const EVENTS_MAX = 200;
/** Checkpoints in their table: of more, the oldest are left out. */
const CHECKPOINTS_MAX = 50;

export function runPage(history: RunHistory): string {
  const { runId, summary } = summaryOf(history);
  const sections = [
    section('summary', 'Summary', summary),
    section('curves', 'Curves', curves(history)),
    section('pictures', 'Pictures', pictures(history)),
    section('evaluation', 'Evaluation', evaluations(history.evaluations)),
    section('timeline', 'Timeline', timeline(history.events)),
    section('checkpoints', 'Checkpoints', checkpoints(history)),
    section('config', 'Config', config(history)),
  ].filter((one) => one !== undefined);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${runId} – Ganglion</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>${runId}</h1>
<p class="lead">${leadOf(history)}</p>
<nav aria-label="Sections">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>
<main>
${sections.map(({ body }) => body)}
</main>
</body>
</html>
`;
  return page.markup;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

function section(id: string, title: string, body: Html | undefined): Section | undefined {
  return (
    body && { id, title, body: html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>` }
  );
}

function leadOf({ events, problems }: RunHistory): string {
  const state = events.findLast(({ kind }) => kind === 'state');
  return [state ? `${state.state}: ${state.why}` : 'The run has no events yet.', ...problems].join(' ');
}

function summaryOf({ config, events, reports, checkpoints }: RunHistory) {
  const runId = events[0]?.runId ?? checkpoints[0]?.runId ?? config.name;
  const [first, last] = [events[0], [...events, ...reports].reduce(later, events[0])];
  const report = reports.at(-1);
  const total = report?.totalPhases ?? checkpoints[0]?.totalPhases;
  const reported = report === undefined ? 0 : report.phase + 1;
  const phase = events.reduce((furthest, event) => Math.max(furthest, event.phase ?? 0), reported);
  const weights = checkpoints.at(-1);
  const members = new Set(events.flatMap((event) => (event.kind === 'membership' ? workerIds(event) : [])));
  const rows: [string, Html | string][] = [
    ['Phases', total === undefined ? whole(phase) : `${whole(phase)} of ${whole(total)}`],
    ['Data', `${config.data.dataset}, minibatches of ${whole(config.batchSize)}`],
    ['Objective', config.objective.loss],
    ['Workers', `${[...members].join(', ') || 'none yet'}; ${config.shards} shard(s)`],
    ['Seed', String(config.seed)],
  ];
  if (first && last)
    rows.push(['Time', `${clock(first.timeMs)} to ${clock(last.timeMs)}, ${duration(last.timeMs - first.timeMs)}`]);
  if (report)
    rows.push([
      'Samples',
      `${whole(report.samples)}; ${whole(Math.round(report.samplesPerSecond))} a second at the end`,
    ]);
  if (weights) {
    rows.push([`Weights after phase ${whole(weights.phase)}`, html`SHA-256 <code>${weights.weightsSha256}</code>`]);
  }
  return { runId, summary: table('The run in short', ['What', 'Value'], rows) };
}

function later<Event extends { readonly timeMs: number }>(a: Event | undefined, b: Event): Event {
  return a === undefined || b.timeMs > a.timeMs ? b : a;
}

function workerIds({ members }: Happening): string[] {
  if (!Array.isArray(members)) return [];
  return members.flatMap((member: { workerId?: unknown }) =>
    typeof member.workerId === 'string' ? [member.workerId] : [],
  );
}

function curves({ reports, config }: RunHistory): Html | undefined {
  if (reports.length < 2) return undefined;
  const drawings = runCurves(reports, config.objective.loss === 'log' ? 'log' : 'other', PAGE);
  return html`<div class="curves">${drawings.map(
    ({ drawing }) =>
      html`<figure>${raw(svg(drawing))}<figcaption>${drawing.title}. ${drawing.description}</figcaption></figure>`,
  )}</div>`;
}

function pictures({ pictures: shown, picturesLeft: left }: RunHistory): Html | undefined {
  if (shown.length === 0) return undefined;
  const words = left > 0 ? html`<p>${whole(left)} more are in the run folder.</p>` : '';
  return html`${words}<div class="pictures">${shown.map(({ phase, bytes }) => {
    const what = phase === undefined ? 'Samples of the data' : `Samples of G after phase ${whole(phase)}`;
    const alt = phase === undefined ? what : `${what}, from the same latents as the others`;
    const source = `data:image/png;base64,${bytes.toString('base64')}`;
    return html`<figure><img src="${source}" alt="${alt}"><figcaption>${what}</figcaption></figure>`;
  })}</div>`;
}

function evaluations(lines: RunHistory['evaluations']): Html | undefined {
  if (lines.length === 0) return undefined;
  // The weights' hash is among the checkpoints, and would be wider than all the rest.
  const flat = lines.map(({ weightsSha256: _, ...line }) => {
    return new Map(leaves(line).map(([path, value]) => [measureOf(path), value]));
  });
  const names = [...new Set(flat.flatMap((line) => [...line.keys()]))];
  const [first = '', ...others] = names.includes('phase')
    ? ['phase', ...names.filter((name) => name !== 'phase')]
    : names;
  const rows = flat.map((line) => [first, ...others].map((name) => line.get(name) ?? '–'));
  return table('Metrics of samples, measured while the run went on', [first, ...others], rows);
}

/** `measures.swd.value` is swd, and `measures.swd.standardError` swd ± SE; other paths are what they are. */
function measureOf(path: string): string {
  return path.replace(/^measures\.([^.]+)\.value$/, '$1').replace(/^measures\.([^.]+)\.standardError$/, '$1 ± SE');
}

const UNTOLD = new Set(['schema', 'runId', 'sequence', 'kind']);

/** Numbers and words, under their path. */
function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'number') return [[path, path.endsWith('timeMs') ? clock(value) : figure(value)]];
  if (typeof value === 'string' || typeof value === 'boolean') return [[path, String(value)]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => !UNTOLD.has(key))
    .flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

function timeline(events: readonly Happening[]): Html | undefined {
  const told = events.filter(({ kind }) => kind !== 'snapshot');
  if (told.length === 0) return undefined;
  const shown = told.slice(-EVENTS_MAX);
  const left = told.length - shown.length;
  const caption = `What happened, oldest first${left > 0 ? `; ${whole(left)} older events are in events.jsonl` : ''}`;
  return table(
    caption,
    ['Time (UTC)', 'Phase', 'Kind', 'What'],
    shown.map((event) => [
      clock(event.timeMs),
      event.phase === undefined ? '–' : whole(event.phase),
      kindOf(event),
      wordsOf(event),
    ]),
  );
}

function kindOf({ kind, active, name }: Happening): Html | string {
  if (kind !== 'alarm') return kind;
  const words = `alarm ${name ?? ''} ${active === false ? 'over' : 'raised'}`;
  return active === false ? words : html`<span class="alarm">${words}</span>`;
}

function wordsOf({ state, why, message, ...rest }: Happening): string {
  const words = [state, why ?? message].filter((one) => one !== undefined).join(': ');
  return words === ''
    ? leaves(rest)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')
    : words;
}

function checkpoints({ checkpoints: all }: RunHistory): Html | undefined {
  if (all.length === 0) return undefined;
  const shown = all.slice(-CHECKPOINTS_MAX);
  return table(
    'Checkpoints that are kept, and the SHA-256 of their weights and of their files',
    ['Phase', 'Saved (UTC)', 'Weights', 'File'],
    shown.map(({ phase, savedAtMs, weightsSha256, fileSha256 }) => [
      whole(phase),
      clock(savedAtMs),
      html`<code>${weightsSha256}</code>`,
      html`<code>${fileSha256}</code>`,
    ]),
  );
}

function config({ configYaml, configSha256 }: RunHistory): Html {
  return html`<p>Everything that decides the bits of the run, with every default filled in. SHA-256 <code>${configSha256}</code>.</p>
<pre>${configYaml}</pre>`;
}
