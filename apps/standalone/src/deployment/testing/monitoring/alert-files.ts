import { stringify } from 'yaml';
import { anchorOf, EVALUATED_AT, RUNBOOK, type Alert, type Series } from './alert.js';
import { outsideAlerts } from './outside-alerts.js';
import { serviceAlerts } from './service-alerts.js';

const groups: Readonly<Record<string, readonly Alert[]>> = { 'cascade-services': serviceAlerts, 'cascade-outside': outsideAlerts };
export const alerts: readonly Alert[] = Object.values(groups).flat();

const written = '# Written by npm run docs.\n';
const yaml = (value: object): string => `${written}${stringify(value, { lineWidth: 0 })}`;
const annotationsOf = (alert: Alert): Record<string, string> => ({ summary: alert.summary, runbook_url: `${RUNBOOK}#${anchorOf(alert)}` });

/** The alerts as Prometheus groups rules. */
export function ruleGroups(): readonly object[] {
  const ruleOf = (alert: Alert): object => ({ alert: alert.name, expr: alert.expr, for: alert.lasts, labels: { severity: alert.severity }, annotations: annotationsOf(alert) });
  return Object.entries(groups).map(([name, rules]) => ({ name, rules: rules.map(ruleOf) }));
}

/** deploy/prometheus/alerts.yml */
export const renderAlerts = (): string => yaml({ groups: ruleGroups() });

/** deploy/prometheus/alert-tests.yml, for promtool: with one set of series every alert fires, with another, nearly the same, none. */
export function renderAlertTests(): string {
  const testOf = (seriesOf: (alert: Alert) => Series, expected: (alert: Alert) => readonly object[]): object => ({
    interval: '1m',
    input_series: alerts.flatMap((alert) => Object.entries(seriesOf(alert)).map(([series, values]) => ({ series, values }))),
    alert_rule_test: alerts.map((alert) => ({ eval_time: EVALUATED_AT, alertname: alert.name, exp_alerts: expected(alert) })),
  });
  return yaml({ rule_files: ['alerts.yml'], evaluation_interval: '1m', tests: [testOf(({ fires }) => fires.series, (alert) => [firing(alert)]), testOf(({ quiet }) => quiet, () => [])] });
}

function firing(alert: Alert): object {
  const { labels } = alert.fires;
  const filled = Object.fromEntries(Object.entries(annotationsOf(alert)).map(([name, text]) => [name, text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')]));
  return { exp_labels: { severity: alert.severity, ...labels }, exp_annotations: filled };
}

const [begin, end] = ['<!-- alerts: written by npm run docs -->', '<!-- /alerts -->'];

/** `page` with the section of each alert between the marks. */
export function withAlertSections(page: string): string {
  const [before, after] = [page.slice(0, page.indexOf(begin) + begin.length), page.slice(page.indexOf(end))];
  const sections = alerts.map((alert) => `### ${anchorOf(alert)}\n\n\`${alert.name}\`, ${alert.severity}${alert.lasts === '0m' ? '' : `, after ${alert.lasts}`}: \`${alert.expr}\`\n\n${alert.section}`);
  return `${before}\n\n${sections.join('\n\n')}\n\n${after}`;
}
