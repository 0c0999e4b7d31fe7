import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildWorkItemKey, cascadeRequested, newEventId, redisKeys, workItemWrite } from '@cascade/contracts';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { artefactPlace, taskCommits } from './artefact-places.js';
import { CascadeDirectory } from './cascade-directory.js';
import { Cascades } from './cascades.js';
import { appendLine, readTimeline } from './timeline.js';
import { workItemColumns, WorkItems } from './work-items.js';

let server: TestRedis;
let partitions: Redis[];

beforeAll(async () => {
  server = await startTestRedis();
  partitions = ['{p00}:', '{p01}:', '{p02}:'].map((keyPrefix) => new Redis(server.url, { keyPrefix }));
});
afterAll(async () => {
  for (const redis of partitions) redis.disconnect();
  await server.stop();
});

const accept = (redis: Redis, id: string, at: number): Promise<unknown> => new Cascades(redis).accept({
  id, cascadeId: id, type: cascadeRequested.type, source: 'urn:test', time: new Date(at).toISOString(), dataschema: cascadeRequested.dataschema, data: { request: 'r', repository: `/srv/${id}` },
});

describe('a directory of three partitions', () => {
  it('pages through all of them, newest first, also where many were asked for in one millisecond', async () => {
    const now = Date.now();
    const ids = Array.from({ length: 23 }, (_, index) => `c${String(index).padStart(2, '0')}`);
    await Promise.all(ids.map((id, index) => accept(partitions[index % 3]!, id, now + (index < 15 ? 0 : index))));
    const directory = new CascadeDirectory(partitions);
    const pages: string[][] = [];
    for (let after: { at: number; id: string } | undefined; pages.length < 10;) {
      const page = await directory.list(5, after);
      if (page.length === 0) break;
      pages.push(page.map(({ id }) => id));
      after = { at: Date.parse(page.at(-1)!.createdAt), id: page.at(-1)!.id };
    }
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 5, 5, 3]);
    expect(pages.flat()).toEqual(ids.toReversed());
  });

  it('finds a cascade wherever it is', async () => {
    await accept(partitions[2]!, 'only-here', Date.now());
    const found = await new CascadeDirectory(partitions).require('only-here');
    expect(found.redis).toBe(partitions[2]);
    expect(found.record.repository).toBe('/srv/only-here');
    await expect(new CascadeDirectory(partitions).require('nowhere')).rejects.toMatchObject({ code: 'CASC_CASCADE_UNKNOWN' });
  });

  it('finds work items by their cascade, by their key, and all of them', async () => {
    const write = (epicId: string, cascadeId: string, modifiedAt: number) => workItemWrite({ key: { kind: 'epic', repo: 'shop', branch: 'main', epicId, epicName: 'x' }, status: 'Approved', title: epicId, documentPath: 'd', document: { epicId }, cascadeId, modifiedAt, columns: { story_count: '1' } });
    for (const [redis, item] of [[partitions[0]!, write('1', 'a', 2)], [partitions[2]!, write('2', 'b', 1)], [partitions[2]!, write('3', 'b', 0)]] as const) {
      await redis.hset(item.key, item.fields);
      await redis.sadd(item.indexIn!, item.key);
      await redis.zadd(item.scoreIn!.key, item.scoreIn!.score, item.scoreIn!.member);
    }
    const items = new WorkItems(partitions);
    expect((await items.ofCascade(partitions[2]!, 'b')).map(({ title }) => title)).toEqual(['3', '2']);
    expect(await items.find(buildWorkItemKey({ kind: 'epic', repo: 'shop', branch: 'main', epicId: '2', epicName: 'x' }))).toMatchObject({ cascadeId: 'b', document: { epicId: '2' }, columns: { story_count: '1', repo_name: 'shop' } });
    expect(await workItemColumns(partitions[2]!, 'b', ['title', 'story_count', 'missing'])).toEqual(['3', '2'].map((title) => ({ key: expect.stringContaining('_epics-'), columns: { title, story_count: '1' } })));
    expect(await items.find('cascade:b')).toBeUndefined();
    const seen: string[] = [];
    for (let page = await items.scan(10, ({ kind }) => kind === 'epic'); ; page = await items.scan(10, ({ kind }) => kind === 'epic', page.next)) {
      seen.push(...page.items.map(({ title }) => title));
      if (page.next === undefined) break;
    }
    expect(seen.toSorted()).toEqual(['1', '2', '3']);
  });
});

it('reads the timeline page by page, and passes over what it does not understand', async () => {
  const redis = partitions[0]!;
  await redis.hset(redisKeys.cascade('told'), 'state', 'running');
  for (const text of ['one', 'two']) await appendLine(redis, 'told', 'agent-00-stories', { kind: 'tier', text });
  await redis.xadd(redisKeys.timeline('told'), '*', 'line', 'not JSON');
  const [first] = await readTimeline(redis, 'told', { after: '0', count: 1 });
  expect(first?.line?.line.text).toBe('one');
  const rest = await readTimeline(redis, 'told', { after: first!.id, count: 10 });
  expect(rest.map(({ line }) => line?.line.text)).toEqual(['two', undefined]);
});

describe('where artefacts are', () => {
  const sha = (digit: string): string => digit.repeat(40);
  const journal = (id: string, steps: Record<string, unknown>): Promise<unknown> => partitions[1]!.hset(redisKeys.journal(id), Object.fromEntries(Object.entries(steps).map(([name, value]) => [name, JSON.stringify({ value })])));

  it('is the newest commit of the cascade, and no other than its own', async () => {
    const id = newEventId();
    await accept(partitions[1]!, id, Date.now());
    const redis = partitions[1]!;
    const place = async (wanted?: string) => artefactPlace(redis, (await new Cascades(redis).require(id)), wanted);
    expect(await place()).toBeUndefined();
    await journal(id, { [`effect/git.repository//srv/${id}`]: { repositoryId: 'shop-1', baseSha: sha('1') } });
    expect(await place()).toBeUndefined();
    await journal(id, { 'stories/commit documents': { sha: sha('2') } });
    await redis.hset(redisKeys.cascade(id), 'review', JSON.stringify({ repositoryId: 'shop-1', commit: sha('2'), paths: [] }));
    await journal(id, { 'specs/commit': { sha: sha('3') } });
    expect(await place()).toEqual({ repositoryId: 'shop-1', commit: sha('3'), base: sha('1') });
    await redis.hset(redisKeys.cascade(id), 'review', JSON.stringify({ repositoryId: 'shop-1', commit: sha('9'), paths: [] }));
    expect(await place()).toEqual({ repositoryId: 'shop-1', commit: sha('9'), base: sha('1') });
    expect(await place(sha('1'))).toEqual({ repositoryId: 'shop-1', commit: sha('1'), base: sha('1') });
    expect(await place(sha('8'))).toBeUndefined();
    const task = workItemWrite({ key: { kind: 'task', repo: 'shop', branch: 'main', epicId: '1', epicName: 'x', storyId: '1.1', storyName: 's', taskId: 'T001' }, status: 'Done', title: 't', documentPath: 'd', document: {}, cascadeId: id, modifiedAt: 0, columns: { commit_sha: sha('8') } });
    await redis.hset(task.key, task.fields);
    await redis.zadd(redisKeys.items(id), 0, task.key);
    expect(await place(sha('8'))).toEqual({ repositoryId: 'shop-1', commit: sha('8'), base: sha('1') });
    await journal(id, { 'merge/T001/1/merge/1': { tip: sha('5'), candidate: sha('6') } });
    expect(await place(sha('6'))).toEqual({ repositoryId: 'shop-1', commit: sha('6'), base: sha('1') });
    expect([await taskCommits(redis, id), await taskCommits(redis, id, 'T001'), await taskCommits(redis, id, 'T002')]).toEqual([[sha('8')], [sha('8')], []]);
  });
});
