/** Proves that the dashboards keep the rules of Grafana's dashboard-linter, that their PromQL parses, and that they are the committed ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { ALERTS } from '../../services/monitoring/alerts.ts';
import { generatedFiles } from '../../services/monitoring/generatedFiles.ts';
import { RECORDING_RULES } from '../../services/monitoring/recordingRules.ts';
import { DASHBOARDS, panelsOf, QUERIES } from './panels.ts';

/** Told by another exporter, whose job and instance are not ours. */
const isForeign = (expr: string) => /^DCGM_/.test(expr);
const OURS = QUERIES.filter(({ expr }) => !isForeign(expr));

/** Where the parser finds no PromQL. Grafana's variables are put in first. */
function errorsOf(expr: string): number[] {
  const errors: number[] = [];
  const text = expr.replaceAll('$__rate_interval', '1m');
  parser.parse(text).iterate({ enter: ({ type, from }) => void (type.isError && errors.push(from)) });
  return errors;
}

describe.each(DASHBOARDS.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_, dashboard) => {
  const panels = panelsOf(dashboard).filter(({ type }) => type !== 'row');
  const variables = new Map((dashboard.templating.list ?? []).map((variable) => [variable.name, variable]));

  it('is read-only, has an id of its own and a time that is there', () => {
    expect(dashboard.editable).toBe(false);
    expect(dashboard.uid).toMatch(/^ganglion-/);
    expect(dashboard.time).toEqual({ from: 'now-1h', to: 'now' });
  });

  it('lets people choose data source, job and instance', () => {
    expect(variables.get('datasource')).toMatchObject({
      type: 'datasource',
      query: 'prometheus',
      label: 'Data source',
    });
    for (const [name, label] of [
      ['job', 'Job'],
      ['instance', 'Instance'],
    ] as const) {
      expect(variables.get(name)).toMatchObject({
        ...{ type: 'query', label, multi: true, includeAll: true, allValue: '.+' },
        // 2: again whenever the time range changes.
        ...{ refresh: 2, datasource: { type: 'prometheus', uid: '$datasource' } },
      });
    }
  });

  it('has a title and a description on each panel, each title once', () => {
    for (const { title, description } of panels) {
      expect(title, JSON.stringify(title)).toBeTruthy();
      expect(description, title).toMatch(/\.$/);
    }
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('has a unit, the chosen data source and a query on each panel that shows numbers', () => {
    for (const { type, title, fieldConfig, datasource, targets = [] } of panels) {
      if (type === 'text') continue;
      expect(fieldConfig?.defaults?.unit, title).toBeTruthy();
      expect(datasource, title).toEqual({ type: 'prometheus', uid: '$datasource' });
      expect(targets.length, title).toBeGreaterThan(0);
      for (const target of targets) expect(target.datasource?.uid).toBe('$datasource');
    }
  });

  it('marks alarms and changes of membership', () => {
    const names = (dashboard.annotations.list ?? []).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Alarms', 'Membership']));
  });
});

describe('every query', () => {
  const all = [
    ...QUERIES,
    ...RECORDING_RULES.map(({ record: place, expr }) => ({ place, expr })),
    ...ALERTS.map(({ alert: place, expr }) => ({ place, expr })),
  ];

  it('is PromQL; the parser knows what is not', () => {
    for (const { place, expr } of all) expect(errorsOf(expr), `${place}: ${expr}`).toEqual([]);
    expect(errorsOf('sum by (job (up)').length).toBeGreaterThan(0);
  });

  it('selects by job and instance in each selector of ours', () => {
    for (const { place, expr } of OURS) {
      const selectors = [...expr.matchAll(/\b(?:\w+:)?(?:ganglion|nodejs|process|up)\w*(?::\w+)*(\{[^}]*\})?/g)].map(
        ([, labels = '']) => labels,
      );
      expect(selectors.length, `${place}: ${expr}`).toBeGreaterThan(0);
      for (const labels of selectors)
        expect(labels, `${place}: ${expr}`).toMatch(/^\{job=~"\$job",instance=~"\$instance"/);
    }
  });

  it('takes rates over $__rate_interval, and counters only by a rate that is aggregated', () => {
    for (const { place, expr } of QUERIES) {
      const windows = [...expr.matchAll(/\[([^\]]+)\]/g)].map(([, window]) => window);
      expect(new Set(windows), place).toEqual(new Set(windows.length > 0 ? ['$__rate_interval'] : []));
      if (!/_total\b/.test(expr)) continue;
      expect(expr, place).toMatch(/^sum by \(.*\) \((rate|increase)\(/);
    }
  });
});

describe('what is generated', () => {
  it.each([...generatedFiles()])('%s is the committed file', (name, text) => {
    expect(readFileSync(join(packageRoot(), 'deploy', name), 'utf8'), 'Run `npm run generate` and commit.').toBe(text);
  });

  it('is the same rules for Prometheus and for its operator', () => {
    const files = generatedFiles();
    const of = (name: string) => parse(files.get(name) ?? '') as { groups?: unknown; spec?: { groups: unknown } };
    expect(of('components/prometheus-operator/prometheusRule.yaml').spec?.groups).toEqual(
      of('prometheus/ganglion.rules.yml').groups,
    );
  });
});
