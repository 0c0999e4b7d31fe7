import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { cascadeRequested, gitCommit, gitReadFiles, redisKeys, specReady, storiesApproved, toEntry, type EventOf, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { requireModelConfig } from '@cascade/llm';
import { HostConfig, startService, type RunningService } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { OnCommand } from '@cascade/streams';
import { removeTemporaryFolders, ScriptedModel, startTestRedis, temporaryFolder } from '@cascade/testing';
import { Redis } from 'ioredis';
import { service } from './index.js';
import { approved, specificationAnswer, tasksAnswer } from './testing/sample-feature.js';
import { ShopRepository } from './testing/shop-repository.js';

let shop: ShopRepository;

/** Stands where git-worker stands, with real git. */
@Controller()
class GitHandlers {
  @OnCommand(gitReadFiles)
  readFiles(request: RequestOf<typeof gitReadFiles>): Promise<ReplyOf<typeof gitReadFiles>> {
    return shop.readFiles(request);
  }
  @OnCommand(gitCommit)
  commit(request: RequestOf<typeof gitCommit>): Promise<ReplyOf<typeof gitCommit>> {
    return shop.commit(request);
  }
}
@Module({ controllers: [GitHandlers] })
class GitModule {}

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let script: ScriptedModel;
let running: RunningService[];

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  script = await ScriptedModel.start();
  shop = new ShopRepository(temporaryFolder());
  const config = new HostConfig(server.url, '/nowhere', '/nowhere', 2, 5000, requireModelConfig(script.env));
  running = await Promise.all([startService(service, config), startService({ name: 'git-worker', module: GitModule }, config)]);
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  redis.disconnect();
  await script.close();
  await server.stop();
  removeTemporaryFolders();
});

describe('the service', () => {
  it('answers stories.approved with spec.ready and saves the tasks with it', async () => {
    const opened = await shop.git.open('c1', shop.path);
    const attributes = { id: 'e1', source: 'urn:test', time: new Date().toISOString(), cascadeId: 'c1' };
    const request = { request: 'Add discount codes', repository: shop.path, deadlineMinutes: 5 };
    await new Cascades(redis).accept({ ...attributes, type: cascadeRequested.type, dataschema: cascadeRequested.dataschema, data: request } as EventOf<typeof cascadeRequested>);
    script.answer({ kind: 'json', value: specificationAnswer }, { kind: 'json', value: tasksAnswer });
    const entry = toEntry({ ...attributes, id: 'e2', type: storiesApproved.type, dataschema: storiesApproved.dataschema, data: approved(opened.repositoryId, opened.baseSha) });
    await redis.xadd(redisKeys.stream(storiesApproved.type), '*', ...Object.entries(entry).flat());

    const reader = redis.duplicate();
    const answer = await reader.xread('COUNT', 1, 'BLOCK', 120_000, 'STREAMS', redisKeys.stream(specReady.type), '0');
    reader.disconnect();
    const fields = answer?.[0]?.[1][0]?.[1] ?? [];
    const data = specReady.schema.parse(JSON.parse(fields[fields.indexOf('data') + 1] ?? 'null'));
    expect(data.tasks).toHaveLength(7);
    expect(await redis.hgetall('repo-shop_branch-main_epics-1-discount-codes_stories-1.1-read-a-code_tasks-T003')).toMatchObject({ task_id: 'T003', status: 'Draft', task_kind: 'code', parallel: 'true' });
  });
});
