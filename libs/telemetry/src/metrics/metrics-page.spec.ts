import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { registry } from '../registry.js';
import { metricGroups } from './all-metrics.js';
import { counter } from './counter.js';
import { histogram } from './histogram.js';
import { namesOf, oneOf } from './label-values.js';
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

/** Every value is a time series for ever: it is listed, or is one of a bounded number of names of ours. */
describe('labels', () => {
  it('have listed values, or are told apart up to a bound', () => {
    for (const { labelSets } of all) for (const { listed, atMost } of Object.values(labelSets)) expect(listed?.length ?? atMost).toBeLessThanOrEqual(1_000);
    expect(all.flatMap(({ labelSets }) => Object.keys(labelSets)).filter((label) => /id$|path|repository|cascade$|user|message/.test(label))).toEqual([]);
  });

  it('beyond their bound count as other', async () => {
    const family = counter({ name: 'cascade_spec_total', help: 'For this spec.', labels: { name: namesOf('any', 2), listed: oneOf('a', 'b') } });
    for (const name of ['x', 'y', 'z', 'w', 'x']) family.add({ name, listed: 'a' });
    expect((await family.get()).values.map(({ labels, value }) => [labels['name'], value])).toEqual([['x', 2], ['y', 1], ['other', 2]]);
    family.add({ name: 'x', listed: 'nonsense' as 'a' });
    expect(family.at({ name: 'x', listed: 'other' as 'a' }).value).toBe(1);
    family.reset();
    family.begin({ name: 'x' });
    expect((await family.get()).values.map(({ labels }) => labels['listed'])).toEqual(['a', 'b']);
  });
});

it('prints histograms as Prometheus has them', async () => {
  const family = histogram({ name: 'cascade_spec_seconds', help: 'For this spec.', labels: { of: oneOf('a') }, buckets: [0.1, 1] });
  for (const value of [0.1, 0.5, 7]) family.observe({ of: 'a' }, value);
  const text = await registry.getSingleMetricAsString('cascade_spec_seconds');
  expect(text.split('\n').slice(2)).toEqual(['_bucket{of="a",le="0.1"} 1', '_bucket{of="a",le="1"} 2', '_bucket{of="a",le="+Inf"} 3', '_sum{of="a"} 7.6', '_count{of="a"} 3'].map((line) => `cascade_spec_seconds${line}`));
});
