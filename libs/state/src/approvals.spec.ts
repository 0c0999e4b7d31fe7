import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { MemoryRun, startTestRedis } from '@cascade/testing';
import { assert, property, string } from 'fast-check';
import { Redis } from 'ioredis';
import { Approvals, decisionOf, MAX_APPROVAL_QUESTIONS, type Proposal } from './approvals.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let approvals: Approvals;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  approvals = new Approvals(redis);
});
beforeEach(async () => {
  await redis.flushall();
  await redis.hset(redisKeys.cascade('c1'), 'approve', 'stories,merge');
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const proposal: Proposal = { question: 'Approve two stories?', lines: ['1.1 One', '1.2 Two'], repositoryId: 'shop-1', commit: 'a'.repeat(40), paths: ['docs/a.md', 'docs/b.md'] };
const require = (answers: Record<string, string>, more: Partial<Proposal> = {}): Promise<void> =>
  approvals.require(new MemoryRun({ cascadeId: 'c1', answers }), 'stories', () => ({ ...proposal, ...more }));
const asked = (answers: Record<string, string>, more: Partial<Proposal> = {}): Promise<string> =>
  require(answers, more).then(() => 'not asked', (error: Error) => error.message);

describe('an approval', () => {
  it('is asked for where the request says so, and nowhere else', async () => {
    await approvals.require(new MemoryRun({ cascadeId: 'c1' }), 'spec', () => { throw new Error('not to be called'); });
    await approvals.require(new MemoryRun({ cascadeId: 'c2' }), 'stories', () => { throw new Error('not to be called'); });
    await expect(require({})).rejects.toMatchObject({ kind: 'needs-input' });
  });

  it('shows what is to be approved, and where to read it', async () => {
    expect(await asked({})).toBe('Approve two stories?\n  1.1 One\n  1.2 Two\n\nRead, with `cascade show c1 <path>`:\n  docs/a.md\n  docs/b.md\nAnswer "yes", or "no" with the reason, which ends the cascade.');
    expect(await approvals.review('c1')).toEqual({ repositoryId: 'shop-1', commit: 'a'.repeat(40), paths: ['docs/a.md', 'docs/b.md'] });
    expect(await approvals.review('c2')).toBeUndefined();
  });

  it('stays readable when there is much to approve', async () => {
    const text = await asked({}, { lines: Array.from({ length: 60 }, (_, n) => `${n} ${'x'.repeat(200)}`), paths: Array.from({ length: 150 }, (_, n) => `docs/${n}.md`) });
    expect(text.length).toBeLessThan(4_000);
    expect(text).toMatch(/… and \d+ more lines\n[^]*… and 130 more\n[^]*which ends the cascade\.$/);
  });

  it('lets the cascade go on, or ends it with the reason', async () => {
    await require({ 'approve/stories': 'yes' });
    await expect(require({ 'approve/stories': 'no: the second one is out of scope' })).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_APPROVAL_REFUSED', message: expect.stringContaining('the second one is out of scope') });
  });

  it('is asked for again, with advice, when the answer is neither yes nor no; but not for ever', async () => {
    expect(await asked({ 'approve/stories': 'looks fine?' })).toMatch(/^"looks fine\?" is neither yes nor no[^]*Approve two stories\?/);
    await require({ 'approve/stories': 'hm', 'approve/stories/2': 'Approved!' });
    const answers = Object.fromEntries(Array.from({ length: MAX_APPROVAL_QUESTIONS }, (_, n) => [n === 0 ? 'approve/stories' : `approve/stories/${n + 1}`, 'hm']));
    await expect(require(answers)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_APPROVAL_UNCLEAR' });
  });
});

describe('an answer to an approval', () => {
  it.each([
    ['yes', 'yes'], ['  YES. ', 'yes'], ['approve', 'yes'], ['Approved!', 'yes'],
    ['no', 'no'], ['No, too large', 'no'], ['no\nbecause', 'no'], ['no: x', 'no'],
    ['nope', 'unclear'], ['note that', 'unclear'], ['yes, but', 'unclear'], ['', 'unclear'], ['change: x', 'unclear'], ['nö', 'unclear'],
  ] as const)('%j means %s', (answer, kind) => {
    expect(decisionOf(answer).kind).toBe(kind);
  });

  it('approves nothing by accident', () => {
    assert(property(string(), (answer) => {
      if (decisionOf(answer).kind === 'yes') expect(answer.toLowerCase()).toMatch(/yes|approve/);
      expect(decisionOf(`no ${answer}`).kind).toBe('no');
    }));
  });
});
