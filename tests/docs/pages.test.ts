/** Proves that the generated pages of docs/ say what schema, commands, error codes and contracts say, and leave nothing out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { DOCUMENTS } from '../../services/docs/documents.ts';
import { PAGES } from '../../services/docs/pages.ts';
import { ERROR_CODES } from '../../services/errors/errorCodes.ts';
import { ALERTS } from '../../services/monitoring/alerts.ts';
import { ALARM_NAMES } from '../../services/report/alarms.ts';
import { EXPERIMENTS } from '../../services/reproduce/experiments.ts';
import { DASHBOARDS, panelsOf } from '../monitoring/panels.ts';

const committed = (file: string) => readFileSync(join(packageRoot(), 'docs', file), 'utf8');

describe('generated pages', () => {
  it.each(Object.entries(PAGES))('%s is current (`npm run generate` writes it)', (file, page) => {
    expect(page()).toBe(committed(file));
  });

  it('have every kind of layer, data set, optimizer and loss', () => {
    const page = committed('config.md');
    const kinds = ['type: maxout-conv', 'type: minibatch-std', 'dataset: stacked-mnist', 'type: rmsprop'];
    for (const kind of kinds) expect(page).toContain(`, ${kind}\n`);
    expect(page).toMatch(/\| `loss` \| .*`relativistic`/);
  });

  it('have every call, and no line of a contract without a comment', () => {
    const page = committed('protocol.md');
    for (const name of ['CreateRun', 'WatchRun', 'Control', 'StreamMinibatches', 'Reduce']) {
      expect(page).toContain(`| \`${name}\` |`);
    }
    expect(page).not.toMatch(/\| \d+ \| {2}\|$/m);
  });

  it.each([
    ['errors', Object.keys(ERROR_CODES)],
    ['alerts', ALERTS.map(({ alert }) => alert)],
    ['alarms', ALARM_NAMES],
  ])('%s: each has its page, and no page is of another', (folder, names) => {
    const files = readdirSync(join(packageRoot(), 'docs', folder));
    expect(files.sort()).toEqual(names.map((name) => `${name}.md`).sort());
  });

  it('schemas: each document has one, and no file is of another', () => {
    const files = readdirSync(join(packageRoot(), 'docs', 'schemas'));
    expect(files.sort()).toEqual(
      Object.keys(DOCUMENTS)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it('name panels that the dashboards have', () => {
    const titles = DASHBOARDS.flatMap((dashboard) =>
      panelsOf(dashboard).map(({ title }) => `${dashboard.title?.replace('Ganglion / ', '')}: ${title}`),
    );
    for (const { alert } of ALERTS) {
      const line = /^\d\. Panels of (.*)\.$/m.exec(committed(`alerts/${alert}.md`))?.[1] ?? '';
      const named = line.split('. Of ').flatMap((part) => {
        const [, dashboard = '', panels = ''] = /^\*(\w+)\*: (.*)$/.exec(part) ?? [];
        return panels.split('; ').map((title) => `${dashboard}: ${title}`);
      });
      expect(titles, alert).toEqual(expect.arrayContaining(named));
      expect(named.length, alert).toBeGreaterThan(0);
    }
  });
});

it('the page on the paper names experiments that there are', () => {
  const named = [...committed('reproduce-the-paper.md').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(EXPERIMENTS.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  expect(named.length).toBeGreaterThan(2);
});
