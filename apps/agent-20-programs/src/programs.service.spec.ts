import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { cascadeRequested, gitCommit, gitReadFiles, programsReady, redisKeys, specReady, toEntry, type EventOf, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { requireModelConfig } from '@cascade/llm';
import { parseProgram, programHash } from '@cascade/programs';
import { HostConfig, startService, type RunningService } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { OnCommand } from '@cascade/streams';
import { removeTemporaryFolders, sampleGitRepository, ScriptedModel, startTestRedis, temporaryFolder } from '@cascade/testing';
import { Redis } from 'ioredis';
import { service } from './index.js';
import { good, repositoryFiles, specified } from './testing/sample-spec.js';

const SLOW = 120_000;
let git: GitRepositories;

/** Stands where git-worker stands, with real git. */
@Controller()
class GitHandlers {
  @OnCommand(gitReadFiles)
  readFiles({ repositoryId, commit, paths, maxBytes }: RequestOf<typeof gitReadFiles>): Promise<ReplyOf<typeof gitReadFiles>> {
    return git.readFiles(repositoryId, commit, paths, maxBytes);
  }

  @OnCommand(gitCommit)
  commit(request: RequestOf<typeof gitCommit>): Promise<ReplyOf<typeof gitCommit>> {
    return git.commitFiles(request.cascadeId, request.repositoryId, request.files, request);
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
  const root = temporaryFolder('programs');
  git = new GitRepositories({ cache: join(root, 'git'), workspaces: join(root, 'workspaces') });
  const config = new HostConfig(server.url, root, root, 2, 10_000, requireModelConfig(script.env));
  running = await Promise.all([startService(service, config), startService({ name: 'git-worker', module: GitModule }, config)]);
}, SLOW);
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  redis.disconnect();
  await script.close();
  await server.stop();
  removeTemporaryFolders();
}, SLOW);

describe('the service', () => {
  it('answers spec.ready with programs.ready, after one design that the model had to mend', async () => {
    const repository = sampleGitRepository(repositoryFiles, 'shop');
    const opened = await git.open('c1', repository.folder);
    const { sha } = await git.commitFiles('c1', opened.repositoryId, [{ path: 'specs/001-coupons/plan.md', content: '# Plan\n\nOne file per rule.\n' }], { subject: 'docs: plan', body: '', trailers: [] });
    const attributes = { source: 'urn:test', time: new Date().toISOString(), cascadeId: 'c1' };
    await new Cascades(redis).accept({ ...attributes, id: 'e1', type: cascadeRequested.type, dataschema: cascadeRequested.dataschema, data: { request: 'Add coupons', repository: repository.folder, deadlineMinutes: 5 } } as EventOf<typeof cascadeRequested>);
    script.answer({ kind: 'json', value: { tasks: good.slice(1), end: 'END' } }, { kind: 'json', value: { tasks: good, end: 'END' } });
    const entry = toEntry({ ...attributes, id: 'e2', type: specReady.type, dataschema: specReady.dataschema, data: specified(opened.repositoryId, opened.baseSha, sha) });
    await redis.xadd(redisKeys.stream(specReady.type), '*', ...Object.entries(entry).flat());

    const reader = redis.duplicate();
    const answer = await reader.xread('COUNT', 1, 'BLOCK', 120_000, 'STREAMS', redisKeys.stream(programsReady.type), '0');
    reader.disconnect();
    const fields = answer?.[0]?.[1][0]?.[1] ?? [];
    const data = programsReady.schema.parse(JSON.parse(fields[fields.indexOf('data') + 1] ?? 'null'));
    expect(data.programs.map((program) => program.id)).toEqual(['t001', 't002', 't003', 't004', 't005', 't006', 't007']);
    const written = await git.readFiles(opened.repositoryId, data.integrationSha, ['specs/001-coupons/programs/T002.json'], 100_000);
    expect(parseProgram(JSON.parse(written.files[0]?.text ?? 'null'))).toEqual(data.programs[1]);
    expect(await redis.hgetall('repo-shop_branch-main_epics-1-coupons_stories-1.1-coupons_tasks-T002')).toMatchObject({ status: 'Approved', program_hash: programHash(data.programs[1]!), tdd_required: 'true' });
    expect(script.requests).toHaveLength(2);
    expect(script.requests[0]!.prompt).toContain('One file per rule.');
    expect(script.requests[1]!.prompt).toContain('T002 has no entry');
    expect(await redis.hget('agent-c1-20', 'tier')).toBe('2');
  }, SLOW);
});
