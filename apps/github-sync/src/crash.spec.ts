import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildWorkItemKey, inputRequested, redisKeys, storyVerified, type DataOf } from '@cascade/contracts';
import { failOnLeaks, payloadSamples, removeTemporaryFolder, temporaryFolder } from '@cascade/testing';
import fc from 'fast-check';
import { startGitStandIn, type GitStandIn } from './testing/git-stand-in.js';
import { MortalSync } from './testing/mortal-sync.js';
import { sampleEpic, sampleStory } from './testing/sample-items.js';
import { REPOSITORY, SyncWorld } from './testing/sync-world.js';

let world: SyncWorld;
let sync: MortalSync;
let folder: string;
let git: GitStandIn;

beforeAll(async () => {
  folder = temporaryFolder('mortal-sync');
  world = await SyncWorld.open();
  await world.reset();
  git = await startGitStandIn(world);
  sync = new MortalSync(world, folder);
});
afterAll(async () => {
  await sync.stop();
  await git.stop();
  await world.close();
  removeTemporaryFolder(folder);
});
failOnLeaks();

const sample = (fc.sample(payloadSamples(storyVerified.schema), { numRuns: 1, seed: 1 })[0] as DataOf<typeof storyVerified>).project;
const verified = (storyId: string, integrationSha: string): DataOf<typeof storyVerified> => ({
  project: { ...sample, repositoryId: 'shop-1', branch: 'main', epicId: 1, epicName: 'codes' }, storyId, gate: 'PASS', reasons: [], gatePath: 'docs/qa/gates/1.yml', integrationSha,
});

it('killed at every instruction with an effect, it creates, changes, comments and opens a pull request once', async () => {
  await world.accept('c1');
  await world.save(sampleEpic, sampleStory);
  await sync.untilQuiet();

  const ana = world.github.asPerson('ana');
  ana.comment({ repository: REPOSITORY, number: 1, body: '/cascade status' });
  await world.redis.hset(redisKeys.cascade('c1'), { state: 'waiting', 'question:size': 'Which size?' });
  await world.publisher.publish(inputRequested, { name: 'size', question: 'Which size?' }, { cascadeId: 'c1' });
  await sync.untilQuiet();

  ana.editIssue({ repository: REPOSITORY, number: 2, title: 'Read a discount code' });
  await world.save({ ...sampleStory, status: 'Done', columns: { qa_gate: 'PASS' } });
  await sync.untilQuiet();

  for (const [storyId, commit] of [['1.1', 'a'], ['1.2', 'b']] as const) {
    await world.publisher.publish(storyVerified, verified(storyId, commit.repeat(40)), { cascadeId: 'c1' });
    await sync.untilQuiet();
    await world.save({ ...sampleStory, status: 'Done', columns: { qa_gate: 'PASS', risk_score: '9' } });
  }
  await sync.untilQuiet();

  const issues = await world.issues();
  expect(issues.map(({ number, title, state }) => [number, title, state])).toEqual([[1, 'Discount codes', 'open'], [2, 'Read a discount code', 'closed']]);
  expect(await world.children(1)).toEqual([2]);
  expect(await world.redis.hgetall(buildWorkItemKey(sampleStory.key))).toMatchObject({ github_number: '2', title: 'Read a discount code', status: 'Done' });
  expect((await world.comments(1)).map((text) => text.slice(0, 20)).sort()).toEqual(['**Cascade asks** (`s', '/cascade status', 'Cascade `c1` waits f']);
  const effects = world.github.journal.writes().filter(({ operation }) => operation.startsWith('issues/create') && !operation.includes('label')).map(({ operation }) => operation).sort();
  expect(effects).toEqual(['issues/create', 'issues/create', 'issues/create-comment', 'issues/create-comment']);
  expect(world.github.journal.writes({ operation: 'pulls/create' })).toHaveLength(1);
  const died = sync.diedAt;
  console.log(`died ${died.length} times:\n${died.join('\n')}`);
  expect(died).toEqual(expect.arrayContaining([
    'before POST /repos/acme/shop/issues', 'after POST /repos/acme/shop/issues', 'before PATCH /repos/acme/shop/issues/n', 'after PATCH /repos/acme/shop/issues/n',
    'after POST /repos/acme/shop/issues/n/labels', 'after DELETE /repos/acme/shop/issues/n/labels/name',
    'before POST /repos/acme/shop/issues/n/comments', 'after POST /repos/acme/shop/issues/n/comments', 'after POST /repos/acme/shop/issues/n/sub_issues',
    'before POST /repos/acme/shop/pulls', 'after POST /repos/acme/shop/pulls', 'before PATCH /repos/acme/shop/pulls/n', 'after PATCH /repos/acme/shop/pulls/n', 'after write-as-leader.lua after POST /repos/acme/shop/issues',
  ]));
}, 600_000);
