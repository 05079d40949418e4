/** PromQL of a panel, and what every panel of ours selects by. */
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source that the person chose above. */
export const DATA_SOURCE = { type: 'prometheus', uid: '$datasource' };
/** Every series of the coordinators that were chosen. */
export const FLEET = 'job=~"$job",instance=~"$instance"';
/** Every series of the runs that were chosen. */
export const RUN = `${FLEET},run=~"$run"`;
/** Grafana's: four scrapes or the step between two points, whichever is longer. */
export const WINDOW = '$__rate_interval';

/** `legend` has labels as `{{run}}`. */
export function query(expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATA_SOURCE).expr(expr).legendFormat(legend).range();
}
