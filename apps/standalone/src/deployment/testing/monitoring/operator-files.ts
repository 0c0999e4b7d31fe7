import { stringify } from 'yaml';
import { ruleGroups } from './alert-files.js';
import { dashboardOf } from './dashboard.js';
import { dashboards } from './dashboards.js';

const labels = { 'app.kubernetes.io/part-of': 'cascade' };
const yaml = (...documents: readonly object[]): string => `# Written by npm run docs.\n${documents.map((one) => stringify(one, { lineWidth: 0 })).join('---\n')}`;

/** deploy/kubernetes/components/monitoring/alerts.yaml: the alerts, as the Prometheus operator takes them. */
export function renderPrometheusRule(): string {
  return yaml({ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name: 'cascade', labels }, spec: { groups: ruleGroups() } });
}

/**
 * deploy/kubernetes/components/monitoring/dashboards.yaml: a ConfigMap for each dashboard, by the label that Grafana's sidecar
 * looks for; one for all would be more than `kubectl apply` can annotate (256 KiB).
 */
export function renderDashboardMaps(): string {
  return yaml(...dashboards.map((definition) => ({
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `dashboard-${definition.uid}`, labels: { ...labels, grafana_dashboard: '1' } }, data: { [`${definition.uid}.json`]: JSON.stringify(dashboardOf(definition)) },
  })));
}
