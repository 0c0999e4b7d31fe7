import { describe, expect, it } from '@jest/globals';
import { SourceReader } from '../facts/source-reader.js';
import { ScopeGraph } from '../indexing/scope-graph.js';
import { DocsReadModel } from './read-model.js';

const files: Readonly<Record<string, string>> = {
  'src/money.js': '/** Cents of an amount. The rest is lost. */\nexport function cents(amount) {\n  return amount * 100;\n}\n',
  'src/cart.js': 'import { cents } from \'./money.js\';\nimport { log } from \'./log.js\';\nexport class Cart {\n  total(items) {\n    log(items);\n    return cents(items[0]);\n  }\n}\n',
  'src/log.js': 'export function log(text) {\n  return text;\n}\n',
  'src/shop.js': 'import { sum } from \'./sum.js\';\nexport function sell(items) {\n  return sum(items);\n}\n',
  'src/sum.js': 'import { cents } from \'./money.js\';\nexport function sum(items) {\n  return cents(items[0]);\n}\n',
  'test/sum.test.js': 'import { test } from \'node:test\';\nimport { sum } from \'../src/sum.js\';\ntest(\'adds\', () => { sum([]); });\n',
};

async function model(): Promise<DocsReadModel> {
  const scope = { repository: 'shop', branch: 'main' };
  const reader = await SourceReader.open(['javascript']);
  const graph = new ScopeGraph(scope);
  graph.change({ put: Object.entries(files).map(([path, text], index) => ({ path, blob: String(index), facts: reader.read(path, Buffer.from(text)) })), remove: [] });
  reader.close();
  const loaded = new DocsReadModel(scope);
  loaded.load(graph.slices());
  return loaded;
}
const named = (symbols: readonly { source: string; signature: string }[]): string[] => symbols.map(({ source, signature }) => `${source} ${signature}`);

describe('surroundings of files', () => {
  it('are the signatures of what they call and of what calls them, tests left out', async () => {
    const found = (await model()).surroundings({ paths: ['src/sum.js', 'src/new.js'], outlined: [], shown: [], tokens: 1000 });
    expect(named(found.calls)).toEqual(['src/money.js#L2-L4 cents(amount)']);
    expect(found.calls[0]?.summary).toBe('Cents of an amount.');
    expect(named(found.calledBy)).toEqual(['src/shop.js#L2-L4 sell(items)']);
    expect([found.outline, found.more]).toEqual([[], false]);
  });

  it('name nothing that is read whole, and outline what is not, methods too', async () => {
    const found = (await model()).surroundings({ paths: ['src/cart.js'], outlined: ['src/sum.js', 'src/cart.js'], shown: ['src/money.js'], tokens: 1000 });
    expect(named(found.calls)).toEqual(['src/log.js#L1-L3 log(text)']);
    expect(named(found.outline)).toEqual(['src/sum.js#L2-L4 sum(items)']);
  });

  it('stay within their tokens, and say so', async () => {
    const found = (await model()).surroundings({ paths: ['src/cart.js', 'src/sum.js'], outlined: ['src/shop.js'], shown: [], tokens: 30 });
    expect([found.calls.length + found.calledBy.length + found.outline.length, found.more]).toEqual([1, true]);
  });
});

describe('names', () => {
  it('are there once, several times, or not at all, and then others are like them', async () => {
    expect((await model()).lookUp(['Cart.total', 'src/sum.js#sum', 'sums', 'x'.repeat(9_000)])).toEqual([
      { name: 'Cart.total', count: 1, near: [] }, { name: 'src/sum.js#sum', count: 1, near: [] }, { name: 'sums', count: 0, near: expect.arrayContaining(['sum']) }, { name: 'x'.repeat(9_000), count: 0, near: [] },
    ]);
  });
});
