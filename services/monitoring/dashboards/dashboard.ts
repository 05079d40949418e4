/** What our dashboards have in common: read-only, a crosshair over all panels, alarms and changes of membership as marks. */
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCE, WINDOW } from './query.ts';
import { dataSource, instance, job } from './variables.ts';

const TAGS = ['ganglion'];

/** `series` selects what the marks are of. */
export function dashboard(title: string, uid: string, description: string, series: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(TAGS)
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .withVariable(dataSource())
    .withVariable(job())
    .withVariable(instance())
    .annotation(mark('Alarms', 'red', `ganglion_alarm{${series}} == 1`, '{{run}}: {{alarm}}'))
    .annotation(
      mark(
        'Membership',
        'blue',
        `changes(ganglion_generation{${series}}[${WINDOW}]) > 0`,
        '{{run}}: its workers changed',
      ),
    );
}

function mark(name: string, color: string, expr: string, title: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .titleFormat(title)
    .step('10s');
}
