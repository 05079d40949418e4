/** A page for each alert, and the table of all: its rule, and what people do when it wakes them up. */
import { ALERTS, type AlertName, type AlertRule } from '../../monitoring/alerts.ts';
import { bullets, numbered, table } from '../markdown.ts';
import { FAULT_RUNBOOKS } from './faultRunbooks.ts';
import { GAME_RUNBOOKS } from './gameRunbooks.ts';
import type { Runbook } from './runbook.ts';

const RUNBOOKS: Readonly<Record<AlertName, Runbook>> = { ...FAULT_RUNBOOKS, ...GAME_RUNBOOKS };

const HEAD = `# Alerts

Rules of Prometheus that wake somebody up, in \`deploy/prometheus/ganglion.rules.yml\`; each links to its page. \`critical\`: training stands, or its result is wrong. \`warning\`: it soon may be. CoordinatorDown looks for \`job="ganglion"\`: whoever
scrapes by the pods' annotations relabels \`job\` to that. The links begin with a placeholder, in \`services/monitoring/alerts.ts\`. Made by \`npm run generate\`; do not edit.
`;

export function alertIndex(): string {
  const rows = ALERTS.map(({ alert, severity, for: held, summary }) => [
    `[${alert}](alerts/${alert}.md)`,
    severity,
    duration(held),
    worded(summary),
  ]);
  return [HEAD, ...table(['alert', 'severity', 'after', 'says'], rows), ''].join('\n');
}

/** By their file names in docs/. */
export function alertPages(): Readonly<Record<string, () => string>> {
  return Object.fromEntries(
    ALERTS.map((rule) => [`alerts/${rule.alert}.md`, () => alertPage(rule, RUNBOOKS[rule.alert])]),
  );
}

function alertPage(rule: AlertRule, { means, look, panels, steps, over }: Runbook): string {
  const shown = Object.entries(panels).map(([dashboard, titles]) => `*${dashboard}*: ${titles.join('; ')}`);
  return [
    `# ${rule.alert}`,
    '',
    `> ${worded(rule.summary)} ${worded(rule.description)}`,
    '',
    means,
    '',
    ...['```promql', rule.expr, '```', ''],
    `Severity \`${rule.severity}\`, ${rule.for === '0m' ? 'at once' : `once it has held for ${duration(rule.for)}`}.`,
    '',
    ...['## Look', '', ...numbered([...look, `Panels of ${shown.join('. Of ')}.`]), ''],
    ...['## What people usually do', '', ...bullets(steps), ''],
    ...['## When it is over', '', over, ''],
    'Made by `npm run generate`; do not edit. [All alerts](../alerts.md); [reading the dashboards](../reading-the-dashboards.md).',
    '',
  ].join('\n');
}

function duration(held: string): string {
  return held === '0m' ? 'at once' : held.replace(/m$/, ' min');
}

/** A template of Prometheus with what its labels stand for. */
function worded(template: string): string {
  return template
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => label.toUpperCase())
    .replaceAll(/\{\{ \$value[^}]*\}\}/g, 'N');
}
