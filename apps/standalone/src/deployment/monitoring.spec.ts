import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { metricGroups } from '@cascade/telemetry';
import { itWith } from '@cascade/testing';
import { checkout } from './testing/checkout.js';
import { anchorOf } from './testing/monitoring/alert.js';
import { alerts, renderAlerts, renderAlertTests, withAlertSections } from './testing/monitoring/alert-files.js';
import { dashboardOf } from './testing/monitoring/dashboard.js';
import { dashboards } from './testing/monitoring/dashboards.js';
import { renderDashboardMaps, renderPrometheusRule } from './testing/monitoring/operator-files.js';

/** Metrics that are not Cascade's own. */
const others = new Set(['up', 'nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']);
const known = new Set([...others, ...metricGroups.flatMap(({ metrics }) => metrics.flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])))]);
const operations = join(checkout, 'docs/operations.md');

/** Whether a committed file is what it is made of; `npm run docs` writes it. */
function isCurrent(file: string, content: string): boolean {
  const path = join(checkout, file);
  if (process.env['CASCADE_WRITE_DOCS'] === '1') writeFileSync(path, content);
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}

/** The metrics that a query names; throws what is no PromQL. */
function metricsIn(query: string): string[] {
  const text = query.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h');
  const names: string[] = [];
  parser.parse(text).iterate({ enter: ({ name, from, to, type }) => {
    if (type.isError) throw new SyntaxError(`not PromQL at ${from}: ${text}`);
    if (name === 'Identifier' && text.slice(from, to) !== '') names.push(text.slice(from, to));
  } });
  return names;
}

describe('dashboards', () => {
  it('are committed as they are described', () => {
    const outdated = dashboards.filter((definition) => !isCurrent(`deploy/grafana/dashboards/${definition.uid}.json`, `${JSON.stringify(dashboardOf(definition), undefined, 2)}\n`));
    expect(outdated.map(({ uid }) => uid)).toEqual([]);
  });

  it('can be told apart, and so can their panels', () => {
    for (const name of ['uid', 'title'] as const) expect(new Set(dashboards.map((one) => one[name])).size).toBe(dashboards.length);
    for (const { panels } of dashboards) {
      expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
      const queries = panels.flatMap((panel) => Object.keys(panel.queries).map((query) => `${query} ${panel.isStat === true}`));
      expect(new Set(queries).size).toBe(queries.length);
      for (const { about, unit } of panels) expect([about, unit]).toEqual([expect.stringMatching(/.[.:?]/), expect.stringMatching(/^\w+$/)]);
    }
  });

  it('ask the data source that is chosen, and nothing overlaps', () => {
    for (const definition of dashboards) {
      const { panels = [], templating } = dashboardOf(definition);
      expect(templating?.list?.map(({ name, type }) => [name, type])).toEqual([['datasource', 'datasource']]);
      const cells = panels.flatMap((panel) => {
        if (!('targets' in panel)) return [];
        expect([panel.datasource?.uid, panel.targets?.length]).toEqual(['${datasource}', expect.any(Number)]);
        const { x, y, w, h } = panel.gridPos!;
        expect(x + w).toBeLessThanOrEqual(24);
        return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
      });
      expect(new Set(cells).size).toBe(cells.length);
    }
  });

  it('ask in PromQL, for metrics that there are', () => {
    const queries = [...dashboards.flatMap(({ panels }) => panels.flatMap((panel) => Object.keys(panel.queries))), ...alerts.map(({ expr }) => expr)];
    for (const query of queries) expect(metricsIn(query).filter((name) => !known.has(name))).toEqual([]);
    expect(() => metricsIn('sum(rate(')).toThrow(SyntaxError);
    expect(metricsIn('sum by (a) (rate(no_such_total{b="c"}[5m]))')).toEqual(['no_such_total']);
  });

  it('show every metric, or an alert does', () => {
    const used = new Set([...dashboards.flatMap(({ panels }) => panels.flatMap((panel) => Object.keys(panel.queries))), ...alerts.map(({ expr }) => expr)].flatMap(metricsIn).map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect(metricGroups.flatMap(({ metrics }) => metrics.map(({ name }) => name)).filter((name) => !used.has(name))).toEqual([]);
  });
});

it('alerts and dashboards are committed as the operator and Grafana\'s sidecar take them in a cluster', () => {
  const files = { 'alerts.yaml': renderPrometheusRule(), 'dashboards.yaml': renderDashboardMaps() };
  expect(Object.entries(files).filter(([file, content]) => !isCurrent(`deploy/kubernetes/components/monitoring/${file}`, content)).map(([file]) => file)).toEqual([]);
});

describe('alerts', () => {
  it('are committed as they are described, with tests and a section for each', () => {
    const files = { 'deploy/prometheus/alerts.yml': renderAlerts(), 'deploy/prometheus/alert-tests.yml': renderAlertTests(), 'docs/operations.md': withAlertSections(readFileSync(operations, 'utf8')) };
    expect(Object.entries(files).filter(([file, content]) => !isCurrent(file, content)).map(([file]) => file)).toEqual([]);
    const headings = [...readFileSync(operations, 'utf8').matchAll(/^### (\S+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(expect.arrayContaining(alerts.map(anchorOf)));
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
    for (const set of [alerts.map(({ fires }) => fires.series), alerts.map(({ quiet }) => quiet)]) {
      const series = set.flatMap((one) => Object.keys(one)); // of all alerts in one test
      expect(new Set(series).size).toBe(series.length);
    }
  });

  itWith(['promtool', '--version'], 'the unit tests of the alerts (Debian: prometheus)')('fire when they should, and only then', () => {
    const folder = join(checkout, 'deploy/prometheus');
    const rules = spawnSync('promtool', ['test', 'rules', 'alert-tests.yml'], { cwd: folder, encoding: 'utf8' });
    expect(rules.stdout + rules.stderr).toMatch(/SUCCESS\s*$/);
    const config = spawnSync('promtool', ['check', 'config', 'prometheus.yml'], { cwd: folder, encoding: 'utf8' });
    expect([config.status, config.stdout + config.stderr]).toEqual([0, expect.stringContaining(`${alerts.length} rules found`)]);
  });
});
