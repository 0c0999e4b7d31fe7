import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { metricGroups } from './all-metrics.js';
import { renderMetricsPage } from './metrics-page.js';

const file = new URL('../../../../docs/metrics.md', import.meta.url);
const all = metricGroups.flatMap(({ metrics }) => metrics);

it('docs/metrics.md is what the definitions say (`npm run docs` writes it)', () => {
  if (process.env['CASCADE_WRITE_DOCS'] === '1') writeFileSync(file, renderMetricsPage());
  expect(readFileSync(file, 'utf8')).toBe(renderMetricsPage());
});

/** What `promtool check metrics` refuses. */
it.each(all.map(({ name, help, type, labelSets }) => ({ name, help, type, labels: Object.keys(labelSets) })))('$name is named as Prometheus asks', ({ name, help, type, labels }) => {
  expect(name).toMatch(/^(cascade|gen_ai_client)(_[a-z]+)+$/);
  expect(name.endsWith('_total')).toBe(type === 'counter');
  expect(name).not.toMatch(/_(count|sum|bucket|info)$|milliseconds|_ms$|minutes|gauge/);
  if (name.includes('_age')) expect(name).toMatch(/_seconds$/);
  expect(help).toMatch(/^.+\.$/);
  for (const label of labels) expect([label, name.includes(`_by_${label}`)]).toEqual([expect.stringMatching(/^[a-z]+(_[a-z]+)*$/), false]);
});

it('gives no name twice', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
