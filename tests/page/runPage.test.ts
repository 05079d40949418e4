/**
 * Proves that a report is one file that needs nothing else and says what the run folder says: hostile words stay words, what
 * cannot be read is told, pictures have words for who cannot see them.
 */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRunHistory } from '../../services/page/runHistory.ts';
import { runPage } from '../../services/page/runPage.ts';
import { encodeGrid } from '../../services/picture/grid.ts';
import { mnistRun, writeRun } from '../sampling/runs.ts';
import { phaseEvent, stateEvent } from '../telemetry/events.ts';

const HOSTILE = '</td><script>alert("x")</script>';

/** What every event has. */
function bare(sequence: number) {
  const { schema, runId, timeMs } = stateEvent(sequence);
  return { schema, runId, timeMs, sequence };
}

let folder: string;
let page: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-page-'));
  await writeRun(folder, mnistRun(), { phases: [0, 10] });
  const lines = (all: readonly unknown[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');
  const alarm = {
    kind: 'alarm',
    name: 'modeCollapse',
    active: true,
    phase: 9,
    message: 'Fakes are alike.',
    advice: '-',
  };
  const events = [
    { ...stateEvent(0), why: HOSTILE },
    { ...bare(1), ...alarm },
    { ...bare(2), kind: 'of-later', novelty: 7 },
  ];
  await writeFile(join(folder, 'events.jsonl'), `${lines(events)}not JSON\n{"torn`);
  const statistics = { value: -1.25, dReal: 0.75, dFake: 0.25, discriminatorLoss: 1.25, ofLater: 1 };
  const reports = [0, 10, 20].map((phase) => ({ ...phaseEvent(phase), phase, statistics }));
  await writeFile(join(folder, 'metrics.jsonl'), lines(reports));
  const measures = { logLikelihood: { value: 225.25, standardError: 2.125 }, 'of-later': 7.5 };
  const evaluation = { phase: 10, timeMs: 1, of: 'ema', weightsSha256: 'ab'.repeat(32), measures };
  await writeFile(join(folder, 'metrics-evaluation.jsonl'), lines([evaluation]));
  const png = encodeGrid(new Uint8Array(4), { width: 2, height: 2, channels: 1, rows: 1, columns: 1 });
  for (const name of [
    'reals',
    'fakes_init',
    ...Array.from({ length: 20 }, (_, i) => `fakes_${String(i + 1).padStart(6, '0')}`),
  ]) {
    await writeFile(join(folder, `${name}.png`), png);
  }
  page = runPage(await readRunHistory(folder));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the page', () => {
  it('is one file: no script, nothing fetched, and every link inside of it leads somewhere', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|<link|@import|url\((?!#)/);
    for (const [, source = ''] of page.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(source).toMatch(/^(#|data:image\/png;base64,)/);
    for (const [, id = ''] of page.matchAll(/href="#([^"]*)"/g)) expect(page).toContain(`id="${id}"`);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps hostile words as words', () => {
    expect(page).toContain('&lt;/td&gt;&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  });

  it('tells states, alarms, what it does not know, evaluations, hashes and the config', () => {
    expect(page).toContain('<span class="alarm">alarm modeCollapse raised</span>');
    expect(page).toContain('Fakes are alike.');
    expect(page).toContain('novelty 7');
    for (const title of ['logLikelihood', 'logLikelihood ± SE', 'measures.of-later'])
      expect(page).toContain(`<th scope="col">${title}</th>`);
    for (const value of ['225.25', '2.125', '7.5']) expect(page).toContain(`<td>${value}</td>`);
    expect(page).not.toContain('ab'.repeat(32));
    expect(page.match(/<code>[0-9a-f]{64}<\/code>/g)).toHaveLength(6);
    expect(page).toContain('name: small');
    expect(page).toContain('Value of the game');
  });

  it('says which lines could not be read; one that is still being written is none', () => {
    expect(page).toContain('1 line(s) of events.jsonl could not be read');
    expect(page).not.toContain('of metrics.jsonl could not be read');
  });

  it('shows the first and the last picture and some between, each with words, and a caption on every table', () => {
    const alts = [...page.matchAll(/<img [^>]*alt="([^"]*)"/g)].map(([, alt]) => alt);
    expect(alts).toHaveLength(12);
    expect([alts[0], alts.at(-1)]).toEqual([
      'Samples of the data',
      'Samples of G after phase 20, from the same latents as the others',
    ]);
    expect(page).toContain('10 more are in the run folder');
    expect(page.match(/<table>\n<caption>[^<]/g)?.length).toBe(page.match(/<table>/g)?.length);
    expect(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)?.length).toBe(page.match(/<svg /g)?.length);
  });

  it('of a run that has only begun is a page too, and of a broken checkpoint says so', async () => {
    const young = join(folder, 'young');
    await writeRun(young, mnistRun(), { phases: [0] });
    await appendFile(join(young, 'checkpoints', 'phase-000000000', 'manifest.json'), 'x');
    const text = runPage(await readRunHistory(young));
    expect(text).toContain('The run has no events yet.');
    expect(text).toMatch(/manifest.json cannot be read as a manifest/);
  });
});
