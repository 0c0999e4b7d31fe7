import { describe, expect, it } from '@jest/globals';
import { docsIndex, docsMap, terminal, type CommandBus } from '@cascade/contracts';
import { MemoryRun } from '@cascade/testing';
import { DocsClient } from './docs-client.js';

const map = { branch: 'main', indexed_commit: 'a'.repeat(40), stale: false, partial: false, text: 'src/a.ts\n  1 total(cart)\n', tokens: 7, counts: { files: 1, symbols: 1, ofFiles: 1, ofSymbols: 1 } };
const scope = { repository: '/shop', branch: 'main' };
const at = { ...scope, commit: map.indexed_commit };

/** Answers with what `answer` gives, and counts. */
function client(answer: (type: string, signal: AbortSignal) => Promise<unknown>): { docs: DocsClient; sent: string[] } {
  const sent: string[] = [];
  const bus: CommandBus = {
    send: async (definition, _request, options) => {
      sent.push(`${definition.type} ${options.key}`);
      return (await answer(definition.type, options.signal)) as never;
    },
  };
  return { docs: new DocsClient(bus), sent };
}

describe('DocsClient', () => {
  it('gives an answer, and the same one to a repeated run', async () => {
    const { docs, sent } = client(async () => map);
    const run = new MemoryRun();
    expect(await docs.ask(run, 'stories/map', docsMap, { ...scope, tokens: 500 })).toEqual(map);
    expect(await docs.ask(run.restart(), 'stories/map', docsMap, { ...scope, tokens: 500 })).toEqual(map);
    expect(sent).toEqual(['docs.map stories/map']);
  });

  it('goes on without one when the graph cannot be asked, says so, and does not ask again', async () => {
    const { docs, sent } = client(async () => { throw terminal('CASC_GRAPH_IN_USE', 'another process has it'); });
    const run = new MemoryRun();
    expect(await docs.isIndexed(run, 'stories', at)).toBe(false);
    expect(await docs.isIndexed(run.restart(), 'stories', at)).toBe(false);
    expect(sent).toEqual([`${docsIndex.type} stories/index`]);
    expect(run.lines).toEqual([{ kind: 'notice', text: expect.stringContaining('docs.index (CASC_GRAPH_IN_USE)') }]);
  });

  it('ends with the cascade: its end is no missing answer', async () => {
    const ended = new AbortController();
    const { docs } = client(async () => {
      ended.abort(terminal('CASC_DEADLINE_PASSED', 'too late'));
      throw terminal('CASC_COMMAND_TIMEOUT', 'given up');
    });
    const run = new MemoryRun({ signal: ended.signal });
    await expect(docs.ask(run, 'stories/map', docsMap, { ...scope, tokens: 500 })).rejects.toMatchObject({ code: 'CASC_DEADLINE_PASSED' });
    expect(run.steps).toEqual([]);
  });
});
