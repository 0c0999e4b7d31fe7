import { DashboardBuilder, DashboardCursorSync, DatasourceVariableBuilder, type Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** What one panel shows. */
export interface Panel {
  readonly title: string;
  /** Of Grafana: `s`, `short`, `percentunit`, `ops`, … */
  readonly unit: string;
  /** Query → legend. */
  readonly queries: Readonly<Record<string, string>>;
  /** What it means, and when to worry. */
  readonly about: string;
  /** The last number alone. */
  readonly isStat?: true;
  /** Why the check of all queries against a running system need not find data for it. */
  readonly quiet?: string;
}

export interface DashboardDefinition {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const datasource = { type: 'prometheus', uid: '${datasource}' };
const COLUMNS = 24;

/** Grafana's JSON of a dashboard: small numbers four in a row, then graphs two in a row. */
export function dashboardOf({ uid, title, panels }: DashboardDefinition): Dashboard {
  const dashboard = new DashboardBuilder(title).uid(uid).tags(['cascade']).refresh('30s').time({ from: 'now-3h', to: 'now' }).timezone('browser').tooltip(DashboardCursorSync.Crosshair).readonly()
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
  let [x, y, height] = [0, 0, 0];
  for (const panel of panels) {
    const [w, h] = panel.isStat === true ? [COLUMNS / 4, 4] : [COLUMNS / 2, 8];
    if (x + w > COLUMNS || (height !== h && x > 0)) [x, y] = [0, y + height];
    height = h;
    dashboard.withPanel(builderOf(panel).gridPos({ x, y, w, h }));
    x += w;
  }
  return dashboard.build();
}

function builderOf({ title, unit, about, queries, isStat }: Panel): StatBuilder | TimeseriesBuilder {
  const builder = isStat === true ? new StatBuilder() : new TimeseriesBuilder().fillOpacity(10).min(0);
  builder.title(title).unit(unit).description(about).datasource(datasource);
  for (const [index, [expr, legend]] of Object.entries(queries).entries()) {
    builder.withTarget(new DataqueryBuilder().expr(expr).legendFormat(legend).refId(String.fromCodePoint(65 + index)).datasource(datasource));
  }
  return builder;
}

/** Gauges that every replica reads from Redis alike: of each series one replica's, then the sum. A label that a gauge does not have is no difference. */
export const overPartitions = (metric: string, by = ''): string => `sum by (${by}) (max by (partition, stream, group, state, tier) (${metric}))`;
/** Counters of all processes, which begin anew with each. */
export const perSecond = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}[$__rate_interval]))`;
export const inRange = (metric: string, by: string): string => `sum by (${by}) (increase(${metric}[$__range]))`;
export const quantile = (part: number, histogram: string, by = ''): string => `histogram_quantile(${part}, sum by (${['le', ...(by === '' ? [] : [by])].join(', ')}) (rate(${histogram}_bucket[$__rate_interval])))`;
