/** The kinds of panel that our dashboards are made of. A row is 24 wide. */
import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  StackingConfigBuilder,
  StackingMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { DATA_SOURCE } from './query.ts';

interface Shown {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's; `none` is a plain number. */
  readonly unit: string;
  readonly queries: readonly DataqueryBuilder[];
}

/** The value now, in large. */
export function stat(shown: Shown): Stat {
  return titled(new Stat(), shown).graphMode(BigValueGraphMode.None).height(4).span(4);
}

/** The name of what is there now: the value says nothing. */
export function nameStat(shown: Shown): Stat {
  return stat(shown).textMode(BigValueTextMode.Name);
}

export function curves(shown: Shown): TimeSeries {
  return titled(new TimeSeries(), shown).lineWidth(1).height(8).span(8);
}

export function stacked(shown: Shown): TimeSeries {
  return curves(shown).fillOpacity(30).stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** With a dashed line at what theory says of the game's end. */
export function curvesBeside(expected: number, shown: Shown): TimeSeries {
  const steps = [
    { color: 'transparent', value: null },
    { color: 'orange', value: expected },
  ];
  return curves(shown)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/** The longest bar first, as the query sorts them. */
export function ranking(shown: Shown): BarGauge {
  return titled(new BarGauge(), shown).orientation(VizOrientation.Horizontal).height(8).span(8);
}

interface Titled {
  title(text: string): this;
  description(text: string): this;
  unit(unit: string): this;
  datasource(source: typeof DATA_SOURCE): this;
  withTarget(query: DataqueryBuilder): this;
}

function titled<Panel extends Titled>(panel: Panel, { title, description, unit, queries }: Shown): Panel {
  panel.title(title).description(description).unit(unit).datasource(DATA_SOURCE);
  for (const query of queries) panel.withTarget(query);
  return panel;
}
