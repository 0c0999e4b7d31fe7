import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cascadeCompleted, cascadeRequested, docsCypher, docsDescribe, docsFind, docsSearch, docsStats, docsSurroundings, redisKeys } from '@cascade/contracts';
import { failOnLeaks, removeTemporaryFolders, sampleGitRepository, startTestRedis, temporaryFolder, type SampleRepository, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { docsServices, startStandalone, type Standalone } from './standalone.js';
import { DocsCaller } from './testing/docs-caller.js';

failOnLeaks();

const shop = {
  'README.md': '# Shop\n\nSells things.\n\n## Tax\n\nHow taxOf works.\n',
  'package.json': '{ "name": "shop", "description": "Sells things" }\n',
  'src/tax.ts': '/** The tax of a sum. */\nexport function taxOf(sum: number): number {\n  return rate() * sum;\n}\nfunction rate(): number { return 0.2; }\n',
  'src/cart.ts': "import { taxOf } from './tax.js';\n\nexport class Cart {\n  total(): number { return taxOf(1); }\n}\n",
  'tools/report.py': 'def report(lines):\n    """Prints a report."""\n    return format_line(lines)\n\n\ndef format_line(line):\n    return line\n',
  'go/door.go': 'package door\n\n// Lock locks the door.\nfunc Lock() bool { return true }\n',
};

describe('the documentation graph as a service', () => {
  let server: TestRedis;
  let home: string;
  let standalone: Standalone;
  let caller: DocsCaller;
  let repository: SampleRepository;

  const start = async (env: Record<string, string> = {}): Promise<void> => { standalone = await startStandalone({ ...process.env, REDIS_URL: server.url, CASCADE_HOME: home, ...env }, undefined, docsServices); };
  const names = async (query: string, branch?: string): Promise<string[]> => (await caller.ask(docsSearch, { repository: repository.folder, query, limit: 10, ...(branch === undefined ? {} : { branch }) })).hits.map(({ name }) => name);

  beforeAll(async () => {
    server = await startTestRedis();
    home = temporaryFolder('docs-home');
    caller = new DocsCaller(server.url);
    repository = sampleGitRepository(shop, 'shop');
    await start();
  });
  afterAll(async () => {
    await caller.close();
    await standalone.stop();
    await server.stop();
    removeTemporaryFolders();
  });

  it('indexes a repository of several languages and answers with sources', async () => {
    const indexed = await caller.index({ repository: repository.folder });
    expect(indexed).toMatchObject({ branch: 'main', commit: repository.git('rev-parse', 'HEAD'), how: 'whole', reused: 0, functions: 6, classes: 1, skipped: {} });
    const { hits, ...state } = await caller.ask(docsSearch, { repository: path.join(repository.folder, 'src'), query: 'tax of a sum', limit: 3 });
    expect(hits[0]).toMatchObject({ name: 'taxOf', source: 'src/tax.ts#L2-L4' });
    expect(state).toMatchObject({ branch: 'main', indexed_commit: indexed.commit, stale: false, partial: false });
  });

  it('tells tiers which names there are, and what surrounds the files that they change', async () => {
    const scope = { repository: repository.folder, branch: 'main' };
    expect((await caller.ask(docsFind, { ...scope, names: ['Cart.total', 'taxOff'] })).names).toMatchObject([{ name: 'Cart.total', count: 1 }, { name: 'taxOff', count: 0, near: expect.arrayContaining(['taxOf']) }]);
    const { calls, calledBy, outline } = await caller.ask(docsSurroundings, { ...scope, paths: ['src/tax.ts'], shown: [], outlined: ['tools/report.py'], tokens: 500 });
    expect([calls, calledBy, outline].map((symbols) => symbols.map(({ source }) => source))).toEqual([[], ['src/cart.ts#L4-L4'], ['tools/report.py#L1-L3', 'tools/report.py#L6-L7']]);
  });

  it('does nothing for what is indexed already', async () => {
    expect(await caller.index({ repository: repository.folder })).toMatchObject({ how: 'unchanged', parsed: 0, reused: 0, functions: 6 });
  });

  it('says that a branch went on, and reads exactly what changed', async () => {
    repository.write({ 'src/tax.ts': 'export function vatOf(sum: number): number { return sum; }\n' });
    const commit = repository.commit('rename');
    expect(await caller.ask(docsStats, { repository: repository.folder })).toMatchObject({ stale: true, functions: 6 });
    expect(await caller.index({ repository: repository.folder })).toMatchObject({ how: 'changed', commit, parsed: 1, functions: 5 });
    expect((await names('vatOf'))[0]).toBe('vatOf');
    expect(await names('taxOf')).not.toContain('taxOf');
    expect(await caller.ask(docsStats, { repository: repository.folder })).toMatchObject({ stale: false, indexed_commit: commit });
  });

  it('keeps branches side by side, whose common files are read once', async () => {
    repository.git('checkout', '--quiet', '-b', 'side');
    repository.write({ 'src/side.ts': 'export function onlyHere(): void {}\n' });
    repository.commit('side');
    repository.git('checkout', '--quiet', 'main');
    expect(await caller.index({ repository: repository.folder, branch: 'side' })).toMatchObject({ how: 'whole', parsed: 1, branch: 'side' });
    expect(await names('onlyHere', 'side')).toEqual(['onlyHere']);
    expect(await names('onlyHere')).toEqual([]);
    await expect(names('onlyHere', 'none')).rejects.toMatchObject({ code: 'CASC_NOT_INDEXED', advice: expect.stringContaining('main') });
  });

  it('follows no symbolic link and enters no submodule', async () => {
    const inner = sampleGitRepository({ 'inside.ts': 'export function inside(): void {}\n' }, 'inner');
    symlinkSync('.', path.join(repository.folder, 'loop'));
    symlinkSync('../tax.ts', path.join(repository.folder, 'src/link.ts'));
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.folder, 'vendor');
    repository.commit('links');
    expect(await caller.index({ repository: repository.folder })).toMatchObject({ how: 'unchanged', parsed: 0, skipped: { symlink: 2, submodule: 1 }, functions: 5 });
  });

  it('counts by reason what nobody reads', async () => {
    const odd = sampleGitRepository({
      'good.ts': 'export function goodOne(): void {}\n', 'binary.ts': 'let a = "\0";\n', 'huge.py': `x = 1\n${'# much\n'.repeat(200_000)}`, 'packed.js': `f(${'a,'.repeat(2_000)}a);\n`,
      'made.go': '// Code generated by hand. DO NOT EDIT.\npackage made\n', 'deep.ts': `${'(\n'.repeat(2_000)}${')'.repeat(2_000)};\n`,
    }, 'odd');
    writeFileSync(path.join(odd.folder, 'latin.java'), Buffer.from('class Gr\xf6\xdfe {}\n', 'latin1'));
    symlinkSync('there', path.join(odd.folder, 'here'));
    symlinkSync('here', path.join(odd.folder, 'there'));
    odd.commit('odd');
    const skipped = { 'binary': 1, 'too-large': 1, 'minified': 1, 'generated': 1, 'too-deep': 1, 'not-utf8': 1, 'symlink': 2 };
    expect(await caller.index({ repository: odd.folder })).toMatchObject({ how: 'whole', functions: 1, skipped });
  });

  it('answers or refuses whatever it is asked, and goes on answering', async () => {
    const scope = { repository: repository.folder, branch: 'main' };
    const outcome = (answer: Promise<unknown>): Promise<string> => answer.then(() => 'answered', (error: { code?: string }) => error.code ?? 'no error of ours');
    const cypher = (query: string, parameters: Record<string, string>): Promise<unknown> => caller.ask(docsCypher, { ...scope, query, parameters, rows: 10, timeoutMs: 1_000 });
    for (const text of ['x'.repeat(100_000), 'tax\0of', '\u001b[2J\u0007', "') MATCH (n) DETACH DELETE n //", '\ud800']) {
      const outcomes = await Promise.all([
        outcome(caller.ask(docsSearch, { ...scope, query: text, limit: 3 })), outcome(caller.ask(docsFind, { ...scope, names: [text] })),
        outcome(caller.ask(docsDescribe, { ...scope, symbol: text })), outcome(cypher('MATCH (f:Function {name: $name}) RETURN f.id', { name: text })), outcome(cypher(`RETURN ${text}`, {})),
      ]);
      expect(outcomes).toEqual(outcomes.map(() => expect.stringMatching(/^answered$|^CASC_/)));
    }
    expect((await names('vatOf'))[0]).toBe('vatOf');
  });

  it('indexes a cascade\'s repository when it begins, and its result when it is complete', async () => {
    const redis = new Redis(server.url);
    const { cascadeId } = await caller.publisher.publish(cascadeRequested, { request: 'x', repository: repository.folder, branch: 'side' });
    expect(await caller.ended(cascadeId)).toMatchObject({ branch: 'side', how: 'unchanged' });
    await redis.hset(redisKeys.cascade('done'), { state: 'completed', request: 'x', repository: repository.folder, created_at: '2026-01-05T09:00:00.000Z', deadline: '2026-01-05T10:00:00.000Z' });
    repository.git('branch', 'cascade/1-shop', 'side');
    await caller.publisher.publish(cascadeCompleted, { summary: { branch: 'cascade/1-shop', commitSha: 'a'.repeat(40), stories: [], tasks: [], featureDirectory: 'specs/001-shop', gate: 'PASS' } }, { cascadeId: 'done' });
    expect(await caller.ended('done')).toMatchObject({ branch: 'cascade/1-shop', how: 'whole', parsed: 0, reused: 7 });
    redis.disconnect();
  });

  it('tries again what a server refused for a moment, and gives up at once what will not get better', async () => {
    const bare = path.join(temporaryFolder('served'), 'served.git');
    repository.git('clone', '--quiet', '--bare', repository.folder, bare);
    repository.git('--git-dir', bare, 'update-server-info');
    let refused = 0;
    const web = createServer((request, response) => {
      if (refused === 0) {
        refused += 1;
        response.writeHead(503).end();
        return;
      }
      const file = path.join(bare, new URL(request.url ?? '', 'http://localhost').pathname.replace('/served.git/', ''));
      readFile(file).then((bytes) => response.end(bytes), () => response.writeHead(404).end());
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const address = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    expect(await caller.index({ repository: `${address}/served.git`, branch: 'main' })).toMatchObject({ how: 'whole', branch: 'main' });
    expect(refused).toBe(1);
    await expect(caller.index({ repository: `${address}/none.git` })).rejects.toMatchObject({ code: 'CASC_REPOSITORY_NOT_FOUND' });
    web.closeAllConnections();
    web.close();
  });

  it('says why a repository that vanished cannot be indexed, and answers from what was indexed', async () => {
    await rename(repository.folder, `${repository.folder}-gone`);
    await expect(caller.index({ repository: repository.folder })).rejects.toMatchObject({ code: 'CASC_REPOSITORY_NOT_FOUND' });
    expect(await caller.ask(docsSearch, { repository: repository.folder, query: 'vatOf', limit: 1 })).toMatchObject({ stale: true, hits: [{ name: 'vatOf' }] });
    await rename(`${repository.folder}-gone`, repository.folder);
  });

  it('answers after a start as before it, without reading anything again', async () => {
    const before = await caller.ask(docsStats, { repository: repository.folder });
    await standalone.stop();
    await start();
    expect(await caller.ask(docsStats, { repository: repository.folder })).toEqual({ ...before, stale: false });
    expect(await caller.index({ repository: repository.folder })).toMatchObject({ how: 'unchanged', parsed: 0 });
  });

  it('searches by meaning, too, where a model makes vectors, and asks for each text once', async () => {
    const asked: string[] = [];
    const endpoint = createServer((request, response) => {
      void text(request).then((body) => {
        const { input } = JSON.parse(body) as { input: string[] };
        asked.push(...input);
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: input.map((one, index) => ({ index, embedding: [/vat|levy/i.test(one) ? 1 : 0, 0.1] })) }));
      });
    });
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const env = { OPENAI_BASE_URL: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`, CASCADE_EMBEDDINGS_MODEL: 'meaning' };
    const startAndFind = async (): Promise<void> => {
      await standalone.stop();
      await start(env);
      // Until every text has its vector, words answer.
      while ((await names('levy'))[0] !== 'vatOf') asked.splice(0, asked.length, ...asked.filter((one) => one !== 'levy'));
    };
    await startAndFind();
    expect(asked.filter((one) => one !== 'levy').length).toBeGreaterThan(5);
    asked.length = 0;
    await startAndFind();
    expect(asked.filter((one) => one !== 'levy')).toEqual([]);
    await standalone.stop();
    await start();
    endpoint.closeAllConnections();
    endpoint.close();
  });

  it('indexes again at once what a removed graph had, from the facts that it kept', async () => {
    await standalone.stop();
    await rename(path.join(home, 'docs/graph'), path.join(home, 'docs/graph-gone'));
    await start();
    expect(await caller.index({ repository: repository.folder })).toMatchObject({ how: expect.stringMatching(/rebuilt|unchanged/), parsed: 0, functions: 5 });
    expect((await names('vatOf'))[0]).toBe('vatOf');
  });

  it('indexes anew what neither its facts nor git can give again', async () => {
    repository.write({ 'src/tax.ts': 'export function exciseOf(sum: number): number { return sum; }\n' });
    repository.commit('soon forgotten');
    await caller.index({ repository: repository.folder });
    await standalone.stop();
    await rm(path.join(home, 'docs/facts'), { recursive: true });
    repository.write({ 'src/tax.ts': 'export function dutyOf(sum: number): number { return sum; }\n' });
    repository.git('commit', '--quiet', '--all', '--amend', '--message', 'other');
    repository.git('reflog', 'expire', '--expire=now', '--all');
    repository.git('gc', '--quiet', '--prune=now');
    await start();
    expect(await caller.index({ repository: repository.folder })).toMatchObject({ how: 'rebuilt', commit: repository.git('rev-parse', 'HEAD') });
    expect((await names('dutyOf'))[0]).toBe('dutyOf');
  });
});
