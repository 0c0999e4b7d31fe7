import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startService } from '@cascade/service-host';
import { failOnLeaks } from '@cascade/testing';
import { githubSync } from './index.js';
import { sampleEpic, sampleStory } from './testing/sample-items.js';
import { REPOSITORY, SyncWorld } from './testing/sync-world.js';

let world: SyncWorld;

beforeAll(async () => {
  world = await SyncWorld.open();
  await world.reset();
});
afterAll(() => world.close());
failOnLeaks();

/** Everything that Redis holds, as text. */
async function everythingInRedis(): Promise<string> {
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => world.redis.get(key), hash: (key) => world.redis.hgetall(key), set: (key) => world.redis.smembers(key),
    zset: (key) => world.redis.zrange(key, 0, '-1'), stream: (key) => world.redis.xrange(key, '-', '+'), list: (key) => world.redis.lrange(key, 0, -1),
  };
  const keys = await world.redis.keys('*');
  return JSON.stringify(await Promise.all(keys.map(async (key) => [key, await read[await world.redis.type(key)]?.(key)])));
}

it('credentials are in no log, event, key, issue or comment, whatever fails', async () => {
  await world.accept('c1');
  for (const fault of ['error-before', 'answer-lost', 'connection-reset', 'secondary-limit'] as const) world.github.faults.order({ fault, operation: 'issues/create', seconds: 1 });
  const broken = await startService(githubSync(world.settings()), world.host, world.logger);
  await world.save(sampleEpic, sampleStory);
  await world.quiet();
  world.github.asPerson('ana').comment({ repository: REPOSITORY, number: 1, body: '/cascade status' });
  await world.quiet();
  await broken.stop();
  const stranger = await startService(githubSync(world.settingsWith({ CASCADE_GITHUB_TOKEN: 'a-token-that-github-does-not-know' })), world.host, world.logger);
  await world.save({ ...sampleEpic, title: 'Other codes' });
  await world.loggedLine('does not know the credentials');
  await stranger.stop();

  const written = [await everythingInRedis(), ...world.logged, ...(await world.issues()).map((issue) => JSON.stringify(issue)), ...await world.comments(1)].join('\n');
  expect(written).toContain('CASC_GITHUB_UNAUTHORIZED'); // the look is one at the right things
  for (const secret of [world.token, 'a-token-that-github-does-not-know', world.env['CASCADE_GITHUB_MARKER_SECRET']!]) expect(written).not.toContain(secret);
});
