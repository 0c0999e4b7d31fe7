import { describe, expect, it } from '@jest/globals';
import { docsFind, type CommandBus, type Project, type Story } from '@cascade/contracts';
import { DocsClient } from '@cascade/docs-client';
import { MemoryRun } from '@cascade/testing';
import { feasibility, namedByNotes } from './feasibility.js';

const notes = (...texts: string[]): Pick<Story, 'devNotes'> => ({ devNotes: texts.map((note) => ({ note, source: 'src/a.ts#L1' })) });

describe('namedByNotes', () => {
  it('finds calls and members in backticks, each once, and neither files nor values nor prose', () => {
    expect(namedByNotes([
      notes('`total(cart)` adds `cents`, and `Cart.total` in `src/cart.ts` returns `90.00`', 'see `cart.js` and `total()`'), notes('call format() with `{ "a": 1 }` or `a b()`'),
    ])).toEqual(['Cart.total', 'total']);
  });
});

describe('feasibility', () => {
  const story = notes('`total(cart)` and `sums()`') as Story;
  const project = { branch: 'main', docs: { repository: '/shop' } } as Project;
  const asked: unknown[] = [];
  const bus: CommandBus = {
    send: async (_definition, request) => {
      asked.push(request);
      return docsFind.reply.parse({ branch: 'main', indexed_commit: 'a'.repeat(40), stale: false, partial: false, names: [{ name: 'sums', count: 0, near: ['sum'] }, { name: 'total', count: 2, near: [] }] }) as never;
    },
  };

  it('puts what is unknown before people and the writer, with what is like it', async () => {
    const run = new MemoryRun();
    expect(await feasibility(new DocsClient(bus), run, project, [story])).toBe('The notes name these, and no file of the repository defines them (a library may):\n- `sums`; there is `sum`');
    expect(asked).toEqual([{ repository: '/shop', branch: 'main', names: ['sums', 'total'] }]);
    expect(run.lines.map(({ text }) => text)).toEqual(['the stories\' notes name a function that the repository does not define: sums']);
  });

  it('says nothing where the graph was not needed', async () => {
    expect(await feasibility(new DocsClient(bus), new MemoryRun(), { branch: 'main' } as Project, [story])).toBe('');
    expect(asked).toHaveLength(1);
  });
});
