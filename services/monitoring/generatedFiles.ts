/** Every generated file, by its path in deploy/. */
import { asyncApiText } from '../telemetry/asyncApi.ts';
import { messageSchemaText } from '../telemetry/messageSchema.ts';
import { fleetDashboard } from './dashboards/fleetDashboard.ts';
import { runDashboard } from './dashboards/runDashboard.ts';
import { podMonitor, prometheusRule, ruleFile } from './ruleFiles.ts';

export function generatedFiles(): ReadonlyMap<string, string> {
  const grafana = { 'ganglion-run.json': runDashboard(), 'ganglion-fleet.json': fleetDashboard() };
  const dashboards = Object.entries(grafana).flatMap(([name, dashboard]) => {
    const text = `${JSON.stringify(dashboard, null, 2)}\n`;
    // Kustomize reads no file outside of a component's folder.
    return [`grafana/${name}`, `components/grafana-dashboards/${name}`].map((file) => [file, text] as const);
  });
  return new Map([
    ...dashboards,
    ['prometheus/ganglion.rules.yml', ruleFile()],
    ['components/prometheus-operator/prometheusRule.yaml', prometheusRule()],
    ['components/prometheus-operator/podMonitor.yaml', podMonitor()],
    ['nats/asyncapi.json', asyncApiText()],
    ['local/nats-messages.schema.json', messageSchemaText()],
  ]);
}
