import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { githubDeliveryReceived } from '@cascade/contracts';
import { hookEvents, parseDelivery } from './delivery.js';
import { reducedPayload } from './reduced-payload.js';

interface Examples { readonly name: string; readonly examples: readonly Record<string, unknown>[] }
const all = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Examples[];
const examplesOf = (event: string): readonly Record<string, unknown>[] => all.find(({ name }) => name === event)?.examples ?? [];
const repository = { full_name: 'acme/shop', url: 'https://api.github.com/repos/acme/shop' };
const issue = { number: 7, url: `${repository.url}/issues/7`, updated_at: '2026-01-05T09:00:00Z' };
const parse = (event: string, body: unknown, delivery = 'd-1') => parseDelivery({ delivery, event }, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('parsing a delivery', () => {
  it('takes every real payload of the events that hooks are made for, as a valid event', () => {
    for (const event of hookEvents) {
      for (const example of examplesOf(event)) {
        const parsed = parse(event, example);
        if (parsed.kind !== 'delivery') throw new TypeError(`${event} ${String(example['action'])}: ${JSON.stringify(parsed)}`);
        expect(githubDeliveryReceived.schema.safeParse(parsed.data).error).toBeUndefined();
        expect(parsed.data.payload).toEqual(example);
      }
    }
    expect(hookEvents.map((event) => examplesOf(event).length)).toEqual([29, 9, 0, 29, 7]); // there are none of sub_issues
  });

  it('knows no other event, and finds none malformed', () => {
    for (const { name, examples } of all.filter((one) => !(hookEvents as readonly string[]).includes(one.name))) {
      for (const example of examples) expect([name, parse(name, example)]).toEqual([name, { kind: 'unknown' }]);
    }
  });

  it.each([
    ['issues', { action: 'opened', issue }, { type: 'com.github.issue.opened', source: repository.url, subject: '7', time: issue.updated_at }],
    ['issue_comment', { action: 'created', issue, comment: { id: 99, updated_at: '2026-01-06T09:00:00Z' } }, { type: 'com.github.issue_comment.created', source: issue.url, subject: '99', time: '2026-01-06T09:00:00Z' }],
    ['sub_issues', { action: 'sub_issue_added', sub_issue: issue }, { type: 'com.github.sub_issues.sub_issue_added', source: repository.url, subject: '7', time: issue.updated_at }],
    ['pull_request', { action: 'closed', number: 3, pull_request: { updated_at: issue.updated_at } }, { type: 'com.github.pull_request.closed', source: repository.url, subject: '3', time: issue.updated_at }],
    ['push', { ref: 'refs/heads/main' }, { type: 'com.github.push', source: repository.url, subject: 'refs/heads/main', time: undefined }],
  ])('gives %s the attributes of the CloudEvents adapter', (event, body, attributes) => {
    expect(parse(event, { ...body, repository })).toMatchObject({ kind: 'delivery', attributes });
  });

  it('says who, where and by which installation', () => {
    expect(parse('issues', { action: 'edited', issue, repository, sender: { login: 'ann' }, installation: { id: 5 } })).toMatchObject({
      data: { delivery: 'd-1', event: 'issues', action: 'edited', repository: 'acme/shop', sender: 'ann', installation: 5 },
    });
  });

  const good = JSON.stringify({ action: 'opened', issue, repository });
  it.each<[string, string | Buffer, string, string | undefined]>([
    ['no id', good, 'issues', undefined], ['an id with a colon', good, 'issues', 'a:b'], ['a long id', good, 'issues', 'a'.repeat(65)], ['no event', good, '', 'd'], ['an event in capitals', good, 'Issues', 'd'],
    ['nothing', '', 'issues', 'd'], ['half of it', good.slice(0, -9), 'issues', 'd'], ['a list', `[${good}]`, 'issues', 'd'], ['null', 'null', 'issues', 'd'], ['a form', `payload=${encodeURIComponent(good)}`, 'issues', 'd'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d]), 'issues', 'd'], ['depth', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'issues', 'd'],
    ['another event\'s body', good, 'push', 'd'], ['no repository', JSON.stringify({ action: 'opened', issue }), 'issues', 'd'],
    ['an action that is none', JSON.stringify({ action: 'x\ny', issue, repository }), 'issues', 'd'], ['a number as text', JSON.stringify({ action: 'opened', issue: { number: '7' }, repository }), 'issues', 'd'],
    ['a repository with a path', JSON.stringify({ action: 'opened', issue, repository: { ...repository, full_name: 'a/b/c' } }), 'issues', 'd'],
  ])('calls %s malformed', (_what, body, event, delivery) => {
    expect(parseDelivery({ delivery, event }, Buffer.from(body))).toMatchObject({ kind: 'malformed', why: expect.stringMatching(/^.{1,1000}$/s) });
  });

  it('quotes nothing of what it refuses', () => {
    const canary = 'ghp_canary';
    for (const body of [canary, JSON.stringify({ action: canary.repeat(20), issue: canary, repository: { full_name: canary, url: canary }, sender: canary })]) {
      expect(JSON.stringify(parse('issues', body))).not.toContain(canary);
    }
  });
});

describe('a payload that is too large', () => {
  it('keeps what it is about, and stays a delivery of the same kind with the same attributes', () => {
    for (const event of hookEvents) {
      for (const example of examplesOf(event)) {
        const [whole, reduced] = [parse(event, example), parse(event, reducedPayload(example))];
        if (whole.kind !== 'delivery' || reduced.kind !== 'delivery') throw new TypeError(`${event}: ${JSON.stringify(reduced)}`);
        expect({ ...reduced.data, payload: {} }).toEqual({ ...whole.data, payload: {} });
        expect({ ...reduced.attributes, time: '' }).toEqual({ ...whole.attributes, time: '' });
      }
    }
  });

  it('becomes small whatever is in it', () => {
    const long = 'x'.repeat(2_000);
    expect(reducedPayload({ action: long, issue: { number: 7, body: long, labels: [long] }, sender: { login: 'ann' }, pull_request: 3, commits: [long] })).toEqual({ issue: { number: 7 }, sender: { login: 'ann' } });
  });
});
