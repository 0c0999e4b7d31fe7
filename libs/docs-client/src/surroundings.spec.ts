import { describe, expect, it } from '@jest/globals';
import { docsSurroundings, type CommandBus, type Project, type RequestOf } from '@cascade/contracts';
import { MemoryRun } from '@cascade/testing';
import { DocsClient } from './docs-client.js';
import { surroundings } from './surroundings.js';

const symbol = (source: string, signature: string, summary = '') => ({ id: source, kind: 'function', name: 'f', signature, summary, source });
const project = { branch: 'main', docs: { repository: '/shop' } } as Project;
const files = { paths: ['src/cart.ts'], shown: ['src/money.ts'], outlined: [], tokens: 500 };
const asked: RequestOf<typeof docsSurroundings>[] = [];
let found: object = { calls: [], calledBy: [], outline: [] };
const bus: CommandBus = {
  send: async (_definition, request) => {
    asked.push(request as never);
    return docsSurroundings.reply.parse({ branch: 'main', indexed_commit: 'a'.repeat(40), stale: false, partial: false, more: false, ...found }) as never;
  },
};
const docs = new DocsClient(bus);

describe('surroundings in a prompt', () => {
  it('are signatures with their places, under what they are to the files that change', async () => {
    found = { calls: [symbol('src/log.ts#L1-L3', 'log(text)', 'Writes a line.')], calledBy: [symbol('src/shop.ts#L5-L9', 'sell(cart)')], outline: [] };
    expect(await surroundings(docs, new MemoryRun(), 'docs', project, files)).toBe([
      'What the files that change call in files that are not shown:', '- src/log.ts#L1-L3 log(text): Writes a line.', '',
      'What calls the files that change, in files that are not shown:', '- src/shop.ts#L5-L9 sell(cart)',
    ].join('\n'));
    expect(asked.at(-1)).toEqual({ repository: '/shop', branch: 'main', ...files });
  });

  it('are nothing where there are none, and are not asked for where the graph was not needed', async () => {
    found = { calls: [], calledBy: [], outline: [] };
    expect(await surroundings(docs, new MemoryRun(), 'docs', project, files)).toBeUndefined();
    const before = asked.length;
    expect(await surroundings(docs, new MemoryRun(), 'docs', { branch: 'main' } as Project, files)).toBeUndefined();
    expect(asked).toHaveLength(before);
  });
});
