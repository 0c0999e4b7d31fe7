import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { metricDefinitions, renderMetricsDocs, type MetricDefinition } from './metric-definitions.js';

const file = new URL('../../../docs/metrics.md', import.meta.url);
const all: MetricDefinition[] = Object.values(metricDefinitions);

describe('docs/metrics.md', () => {
  it('is what the definitions say (`npm run docs` writes it)', () => {
    if (process.env['CASCADE_WRITE_DOCS'] === '1') writeFileSync(file, renderMetricsDocs());
    expect(readFileSync(file, 'utf8')).toBe(renderMetricsDocs());
  });
});

/** What `promtool check metrics` refuses, for gauges. */
it.each(all)('$name is named as Prometheus asks', ({ name, help, labels }) => {
  expect(name).toMatch(/^cascade(_[a-z]+)+$/);
  expect(name).not.toMatch(/_(total|count|sum|bucket|info)$|milliseconds|_ms$|minutes|gauge/);
  if (name.includes('_age')) expect(name).toMatch(/_seconds$/);
  expect(help).toMatch(/^.+\.$/);
  expect(labels.filter((label) => name.includes(`_by_${label}`))).toEqual([]);
});

it('gives no name twice', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
