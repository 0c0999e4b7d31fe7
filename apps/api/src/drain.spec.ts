import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { cascadeRequested, gitReadFiles, redisKeys, type ReplyOf } from '@cascade/contracts';
import { HostConfig, startService } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { OnCommand } from '@cascade/streams';
import { freePort, removeTemporaryFolders, startTestRedis, temporaryFolder, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const SHA = 'a'.repeat(40);

/** Stands where git-worker stands. */
@Controller()
class StandIns {
  @OnCommand(gitReadFiles)
  async read(): Promise<ReplyOf<typeof gitReadFiles>> {
    return { entries: [{ path: 'a.md', bytes: 1 }], files: [], omitted: [] };
  }
}
@Module({ controllers: [StandIns] })
class StandInsModule {}

let server: TestRedis;
let redis: Redis;
let child: ChildProcess;
let port: number;
/** One connection for each request, kept: what is asked after the end of listening goes over one that is open. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  port = await freePort();
  child = spawn(process.execPath, ['--no-warnings', main], { env: { PATH: process.env['PATH'], REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('drain'), CASCADE_API_PORT: String(port), CASCADE_API_DRAIN_MS: '1500' }, stdio: 'ignore' });
  await untilTrue(async () => await status('/ready') === 200, 'the process to be ready');
});
afterAll(async () => {
  agent.destroy();
  if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  redis?.disconnect();
  await server?.stop();
  removeTemporaryFolders();
});

const status = (path: string, kept?: Agent): Promise<number> => new Promise((resolve) => {
  httpRequest({ port, host: '127.0.0.1', path, ...(kept === undefined ? {} : { agent: kept }) }, (response) => { response.resume(); resolve(response.statusCode ?? 0); }).on('error', () => resolve(0)).end();
});

it('stops in good order: says so to probes, answers what is under way, and sends who follows to another process', async () => {
  await new Cascades(redis).accept({ id: 'here', cascadeId: 'here', type: cascadeRequested.type, source: 'urn:test', time: new Date().toISOString(), dataschema: cascadeRequested.dataschema, data: { request: 'Add codes', repository: '/srv/shop' } });
  await redis.hset(redisKeys.cascade('here'), { summary: JSON.stringify({ branch: 'cascade/1-x', commitSha: SHA, stories: [], tasks: [], featureDirectory: 'specs/001', gate: 'PASS' }) });
  await redis.hset(redisKeys.journal('here'), 'effect/git.repository//srv/shop', JSON.stringify({ value: { repositoryId: 'shop-1', baseSha: SHA } }));
  const events = await fetch(`http://127.0.0.1:${port}/v1/cascades/here/events`);
  // Nobody reads artefacts yet: it is under way until somebody does.
  const underWay = fetch(`http://127.0.0.1:${port}/v1/cascades/here/artefacts`);
  const stream = redisKeys.stream(gitReadFiles.type);
  await untilTrue(async () => await redis.xlen(stream) === 1, 'the question to git-worker');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await untilTrue(async () => await status('/ready', agent) === 503, 'the process to say that it stops');
  expect(await status('/v1/cascades/here', agent)).toBe(200); // until others have noticed
  expect(await events.text()).toMatch(/^retry: 2000\n\n[^]*\n\nretry: \d{4}\n\n$/);
  const host = new HostConfig(server.url, temporaryFolder('drain'), temporaryFolder('drain'), 4, 5_000, undefined);
  const worker = await startService({ name: 'git-worker', module: StandInsModule, besideCascades: true }, host);
  const answer = await underWay;
  expect([answer.status, await answer.json()]).toEqual([200, { commit: SHA, files: [{ path: 'a.md', bytes: 1 }], more: false }]);
  expect(await ended).toEqual([0, null]);
  await worker.stop();
});
