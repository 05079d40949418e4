/** What the person chooses above a dashboard. */
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCE, FLEET } from './query.ts';

export const dataSource = () => new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');

export const job = () => ofLabel('job', 'Job', 'label_values(ganglion_build_info, job)');

export const instance = () =>
  ofLabel('instance', 'Instance', 'label_values(ganglion_build_info{job=~"$job"}, instance)');

export const run = () => ofLabel('run', 'Run', `label_values(ganglion_phase{${FLEET}}, run)`);

/** Where a browser finds the coordinator's metrics port: pictures come from there. */
export const coordinatorUrl = () =>
  new TextBoxVariableBuilder('coordinator').label('Coordinator’s address').defaultValue('http://127.0.0.1:9464');

function ofLabel(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .query(query)
    .datasource(DATA_SOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.+');
}
