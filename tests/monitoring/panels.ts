/** What our generated dashboards ask, panel by panel. */
import { fleetDashboard } from '../../services/monitoring/dashboards/fleetDashboard.ts';
import { runDashboard } from '../../services/monitoring/dashboards/runDashboard.ts';

export interface Panel {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: { readonly type?: string; readonly uid?: string };
  readonly targets?: readonly { readonly expr: string; readonly datasource?: { readonly uid?: string } }[];
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
}

export const DASHBOARDS = [runDashboard(), fleetDashboard()];

export function panelsOf(dashboard: (typeof DASHBOARDS)[number]): Panel[] {
  return (dashboard.panels ?? []).map((panel) => panel as unknown as Panel);
}

/** Every query of panels and annotations, with the place that asks it. */
export const QUERIES = DASHBOARDS.flatMap((dashboard) => [
  ...panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ place: `${dashboard.title} / ${title}`, expr })),
  ),
  ...(dashboard.annotations.list ?? []).map(({ name, expr = '' }) => ({
    place: `${dashboard.title} / annotation ${name}`,
    expr,
  })),
]);
