import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cascadeCancelled, cascadeCompleted, redisKeys, storyVerified, type CascadeSummary, type DataOf, type GateDecision } from '@cascade/contracts';
import type { PullRequest } from '@cascade/github';
import { startService, type RunningService } from '@cascade/service-host';
import { failOnLeaks, payloadSamples } from '@cascade/testing';
import fc from 'fast-check';
import { githubSync } from '../index.js';
import { startGitStandIn, type GitStandIn } from '../testing/git-stand-in.js';
import { sampleEpic, sampleStory, sampleTask } from '../testing/sample-items.js';
import { REPOSITORY, SyncWorld } from '../testing/sync-world.js';

let world: SyncWorld;
let service: RunningService;
let git: GitStandIn;

beforeAll(async () => { world = await SyncWorld.open(); });
afterAll(() => world.close());
failOnLeaks();
beforeEach(async () => {
  await world.reset();
  [service, git] = await Promise.all([startService(githubSync(world.settings()), world.host, world.logger), startGitStandIn(world)]);
  await world.accept('c1');
  await world.save(sampleEpic, sampleStory, sampleTask);
  await world.quiet();
});
afterEach(() => Promise.all([service.stop(), git.stop()]));

const branch = 'cascade/1-codes';
const sha = (letter: string): string => letter.repeat(40);
const project = { ...(fc.sample(payloadSamples(storyVerified.schema), { numRuns: 1, seed: 1 })[0] as DataOf<typeof storyVerified>).project, repositoryId: 'shop-1', branch: 'main', epicId: 1, epicName: 'codes' };

async function verified(gate: GateDecision, commit: string, storyId = '1.1'): Promise<void> {
  await world.save({ ...sampleStory, status: 'Done', columns: { risk_score: '4', qa_gate: gate, criteria_tests: JSON.stringify([{ id: 1, tests: ['AC1: reads | a code', 'AC1: refuses @all'] }]) } });
  await world.publisher.publish(storyVerified, { project, storyId, gate, reasons: [], gatePath: 'docs/qa/gates/1.1.yml', integrationSha: commit }, { cascadeId: 'c1' });
  await world.quiet();
}
async function completed(gate: GateDecision, commit: string): Promise<void> {
  const summary: CascadeSummary = { branch, commitSha: commit, stories: [], tasks: [], featureDirectory: 'specs/001-codes', gate, pullRequest: { title: 'Take discount codes at the till', body: 'Codes lower the price.\n\nThanks @all!' } };
  await world.redis.hset(redisKeys.cascade('c1'), { state: 'completed', summary: JSON.stringify(summary) });
  await world.publisher.publish(cascadeCompleted, { summary }, { cascadeId: 'c1' });
  await world.quiet();
}
async function pull(): Promise<PullRequest | undefined> {
  const { tracker } = await world.settings().open(world.config, world.redis);
  return tracker.findPullRequest({ owner: 'acme', name: 'shop' }, branch);
}
const made = (): number => world.github.journal.writes({ operation: 'pulls/create' }).length;

describe('a pull request', () => {
  it('is opened as a draft with the first verified story, and is ready when everything passed', async () => {
    await verified('PASS', sha('a'));
    const first = await pull();
    expect(first).toMatchObject({ title: 'Discount codes', head: branch, base: 'main', isDraft: true, state: 'open' });
    for (const text of ['QA gate: **PASS**', 'In progress', 'Closes #1, Closes #2', '| 1.1 AC1 | AC1: reads', '| 1.1 | Read a code | PASS | 4 | #2 |']) expect(first?.body).toContain(text);
    expect(first?.body).not.toContain('@all');
    expect(git.pushed).toEqual([{ cascadeId: 'c1', repositoryId: 'shop-1', commit: sha('a'), branch }]);
    await completed('PASS', sha('b'));
    const last = await pull();
    expect(last).toMatchObject({ number: first?.number, title: 'Take discount codes at the till', isDraft: false, body: expect.stringContaining('docs/qa/reports/epic-1-report.md') });
    expect(last?.body).toContain('Codes lower the price.');
    expect(last?.body).not.toContain('@all');
    expect([made(), git.pushed.length]).toEqual([1, 1]); // the result itself is pushed by who completes the cascade
    expect((await world.comments(1)).at(-1)).toContain(`The result is in #${first?.number}`);
  });

  it('stays a draft with concerns, and is not there at all after a failed gate', async () => {
    await verified('CONCERNS', sha('a'));
    await completed('CONCERNS', sha('b'));
    expect(await pull()).toMatchObject({ isDraft: true, body: expect.stringContaining('with concerns') });
    await world.redis.del(redisKeys.githubPull('c1'));
    await world.accept('c2');
    await world.publisher.publish(storyVerified, { project: { ...project, epicId: 2 }, storyId: '2.1', gate: 'FAIL', reasons: [], gatePath: 'docs/qa/gates/2.1.yml', integrationSha: sha('c') }, { cascadeId: 'c2' });
    await world.quiet();
    expect(made()).toBe(1);
  });

  it('keeps what people wrote and decided', async () => {
    await verified('PASS', sha('a'));
    const ana = world.github.asPerson('ana');
    const { number, body } = (await pull())!;
    ana.editPull({ repository: REPOSITORY, number, title: 'Codes for the till', body: `Please read with care.\n\n${body}` });
    await verified('PASS', sha('c'), '1.2');
    expect(await pull()).toMatchObject({ title: 'Codes for the till', body: expect.stringMatching(/^Please read with care\./) });
    expect(git.pushed.at(-1)).toMatchObject({ commit: sha('c'), previous: sha('a') });
  });

  it('is not made twice when the answer to its create got lost', async () => {
    const lost = world.github.faults.order({ fault: 'answer-lost', operation: 'pulls/create' });
    await verified('PASS', sha('a'));
    await lost.happened();
    expect([made(), (await pull())?.state]).toEqual([1, 'open']);
    expect(await world.redis.hget(redisKeys.githubPull('c1'), 'number')).toBe(String((await pull())?.number));
  });

  it('of a linked path is pushed to the linked repository, to the end', async () => {
    await world.redis.hset(redisKeys.githubRepositories, '/srv/shop', REPOSITORY);
    await world.redis.hset(redisKeys.cascade('c1'), 'repository', '/srv/shop');
    await verified('PASS', sha('a'));
    await completed('PASS', sha('b'));
    const remote = `${world.address}.git`;
    expect(git.pushed.map(({ commit, remote: where, previous }) => [commit, where, previous])).toEqual([[sha('a'), remote, undefined], [sha('b'), remote, sha('a')]]);
  });

  it('is closed with a word when its cascade is cancelled, and the push is recorded to be taken back', async () => {
    await verified('PASS', sha('a'));
    expect(await world.redis.hkeys(redisKeys.effects('c1'))).toEqual([`git.push:${branch}@${sha('a')}`]);
    await world.redis.hset(redisKeys.cascade('c1'), { state: 'cancelled', problem: JSON.stringify({ kind: 'cancelled', code: 'CASC_CANCELLED', message: 'no' }) });
    await world.publisher.publish(cascadeCancelled, { reason: 'no' }, { cascadeId: 'c1' });
    await world.quiet();
    expect(await pull()).toMatchObject({ state: 'closed', isMerged: false });
    expect(await world.comments((await pull())!.number)).toEqual([expect.stringContaining('ended without a result')]);
  });
});
