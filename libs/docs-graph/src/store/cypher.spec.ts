import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { removeTemporaryFolder, temporaryFolder } from '@cascade/testing';
import { cypherBounds } from './cypher-bounds.js';
import type { CypherAnswer, GraphStore } from './graph-store.js';
import { openGraphStore } from './open-graph-store.js';
import { changeOf, packagesSlice, sampleScope, sampleSlice } from './testing/sample-graph.js';
import { installedEngines } from './testing/stored-rows.js';

const nested = (before: string, after: string, times: number): string => `RETURN ${before.repeat(times)}1${after.repeat(times)}`;
/** Each of them, run in the process of the graph, has ended it, held it for minutes or taken gigabytes. */
const hostile: readonly (readonly [string, string])[] = [
  ['nesting that crashes the engine', nested('{a:', '}', 2_000)],
  ['nesting that its parser takes exponential time for', nested('CASE WHEN true THEN ', ' END', 40)],
  ['a list that fills the memory', 'RETURN size(range(1, 900000000))'],
  ['a product of tables', 'MATCH (a:Function),(b:Function),(c:Function),(d:Function),(e:Function),(f:Function) RETURN count(DISTINCT a.id + b.id + c.id + d.id + e.id + f.id)'],
  ['100 KB of parentheses', nested('(', ')', 49_000)],
  ['100 KB of nothing', `RETURN ${'\0\u0001\u001b[31m(){}[]'.repeat(9_000)}`],
];

describe.each(installedEngines)('Cypher from operators, by %s', (engine) => {
  let folder: string;
  let store: GraphStore;
  const ask = (text: string, parameters = {}, bounds = {}): Promise<CypherAnswer> => store.cypher(text, parameters, { rows: 10, timeoutMs: 1_000, ...bounds });
  const functions = async (): Promise<unknown> => (await ask('MATCH (f:Function) RETURN count(*)')).rows;
  beforeAll(async () => {
    folder = temporaryFolder('graph');
    store = await openGraphStore({ engine, folder, bufferPoolBytes: 64 * 2 ** 20 });
    await store.apply(sampleScope, 'c1', changeOf([], [packagesSlice(sampleScope), sampleSlice(sampleScope, 'a.ts', { functions: 30 })]));
  });
  afterAll(async () => {
    await store.close();
    removeTemporaryFolder(folder);
  });

  it('is answered within the bounds of rows and bytes, and says that there is more', async () => {
    expect(await ask('MATCH (f:Function) RETURN f.name AS name, f.start_line AS line ORDER BY f.id', {}, { rows: 2 })).toEqual({ columns: ['name', 'line'], rows: [['C.f0', 1], ['C.f1', 1]], more: true });
    expect(await ask('RETURN 1 AS one')).toEqual({ columns: ['one'], rows: [[1]], more: false });
    expect((await ask('UNWIND range(1, 2000) AS i RETURN i', {}, { rows: 1e9 })).rows).toHaveLength(cypherBounds.rows);
    expect(await ask('RETURN $text', { text: 'x'.repeat(90_000) })).toMatchObject({ rows: [['x'.repeat(90_000)]] });
    expect(await ask("UNWIND range(1, 9) AS i RETURN repeat('x', 300000)")).toMatchObject({ rows: [expect.anything(), expect.anything(), expect.anything()], more: true });
  });

  it('takes parameters as values, never as text', async () => {
    const name = "C.f1' OR true //";
    expect((await ask('MATCH (f:Function) WHERE f.name = $name RETURN f.id', { name })).rows).toEqual([]);
    expect((await ask('RETURN $text, $number, $truth', { text: '\ud800"\u0001', number: 1.5, truth: false })).rows).toEqual([['\ufffd"\u0001', 1.5, false]]);
    await expect(ask('RETURN $text', { text: 'x'.repeat(cypherBounds.parameterBytes) })).rejects.toMatchObject({ code: 'CASC_CYPHER_REFUSED' });
  });

  it('gives nodes, edges, paths, lists and times as plain values', async () => {
    const { rows } = await ask("MATCH p=(r:Repository)-[c:CONTAINS]->(k:Package) RETURN r, c, p, ['a'], date('2020-01-02'), cast('9007199254740993', 'INT128')");
    expect(rows).toEqual([[
      expect.objectContaining({ _label: 'Repository', name: 'shop' }), expect.objectContaining({ _label: 'CONTAINS' }), expect.objectContaining({ _nodes: [expect.anything(), expect.anything()] }), ['a'],
      '2020-01-02T00:00:00.000Z', '9007199254740993',
    ]]);
    expect(JSON.stringify(rows)).not.toContain('"_id"');
  });

  it.each([
    "MATCH (f:Function) SET f.name = 'x'", 'MATCH (f:Function) DETACH DELETE f', "WITH 1 AS a CREATE (:Package {id: 'x'})", "WITH 1 AS a MERGE (:Package {id: 'x'})", 'RETURN 1; DROP TABLE TESTS', 'RETURN 1; COMMIT; MATCH (f:Function) DETACH DELETE f',
    'MATCH (f:Nothing) RETURN f', 'RETURN f.x', "RETURN nextval('s')", 'MATCH',
  ])('refuses %j, and nothing is changed', async (text) => {
    await expect(ask(text)).rejects.toMatchObject({ code: 'CASC_CYPHER_REFUSED', kind: 'terminal' });
    expect(await functions()).toEqual([[30]]);
  });

  it('reads and writes no file', async () => {
    const file = path.join(folder, 'written.csv');
    for (const text of [`COPY (MATCH (f:Function) RETURN f.id) TO '${file}'`, `LOAD FROM '/etc/passwd' (file_format='csv') RETURN *`, `WITH 1 AS a LOAD FROM '/etc/passwd' (file_format='csv') RETURN *`]) {
      await expect(ask(text)).rejects.toMatchObject({ code: 'CASC_CYPHER_REFUSED' });
    }
    expect(existsSync(file)).toBe(false);
  });

  it.each(hostile)('survives %s', async (_, text) => {
    await ask(text, {}, { timeoutMs: 300 }).then((answer) => expect(answer.rows).toHaveLength(1), (error: unknown) => {
      expect(error).toMatchObject({ code: expect.stringMatching(/^CASC_CYPHER_(REFUSED|TOO_LONG)$/) });
    });
    expect(await functions()).toEqual([[30]]);
  });

  it('lets only so many questions wait, and takes more when they are answered', async () => {
    const asked = await Promise.allSettled(Array.from({ length: cypherBounds.waiting + 3 }, functions));
    expect(asked.map(({ status }) => status)).toEqual([...Array.from({ length: cypherBounds.waiting }, () => 'fulfilled'), 'rejected', 'rejected', 'rejected']);
    expect(asked.at(-1)).toMatchObject({ reason: { code: 'CASC_CYPHER_BUSY', kind: 'retryable' } });
    expect(await functions()).toEqual([[30]]);
  });

  it('sees every change that was made before the question', async () => {
    await store.apply(sampleScope, 'c2', changeOf([sampleSlice(sampleScope, 'a.ts', { functions: 30 })], [sampleSlice(sampleScope, 'a.ts', { functions: 31 })]));
    expect(await functions()).toEqual([[31]]);
  });
});
