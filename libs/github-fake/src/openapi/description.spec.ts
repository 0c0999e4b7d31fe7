import { describe, expect, it } from '@jest/globals';
import { startFakeGitHub } from '../start-fake-github.js';
import { BareRepositories } from '../git/bare-repositories.js';
import { handlers } from '../rest/handlers.js';
import { quietOctokit } from '../testing/quiet-octokit.js';
import { recordedWebhooks } from '../testing/recorded-webhooks.js';
import { type WebhookSender } from '../webhooks/sender.js';
import { description } from './description.js';
import { Validator } from './validator.js';

describe("GitHub's description", () => {
  it('has a handler for each of its operations, and no handler for anything else', () => {
    const served = Object.keys(handlers({} as WebhookSender, new BareRepositories()));
    expect([...served, 'rate-limit/get'].sort()).toEqual(Object.keys(description.operations).sort());
  });

  it('is kept by the fake: what does not fit is a violation, by a client or by an answer', async () => {
    const github = await startFakeGitHub({ seed: { users: ['alice'], repositories: { 'alice/shop': {} } } });
    const alice = quietOctokit(github.url, github.addToken({ login: 'alice' }));
    await expect(alice.request('POST /repos/alice/shop/issues', { title: ['no'] })).rejects.toMatchObject({ status: 422 });
    await expect(alice.request('GET /repos/alice/shop/issues?sorted=by')).rejects.toMatchObject({ status: 422 });
    expect(github.violations().map((one) => one.where)).toEqual(['body of issues/create', 'query of issues/list-for-repo']);
    await expect(github.close()).rejects.toMatchObject({ code: 'CASC_FAKE_GITHUB_VIOLATION' });
    const validator = new Validator();
    validator.response('issues/get', 200, { id: 1 });
    validator.response('issues/create', 200, {});
    validator.webhook('issues', 'opened', { action: 'opened' });
    validator.webhook('issues', 'pinned', {});
    expect(validator.violations.map((one) => one.where)).toEqual(['answer 200 of issues/get', 'answer 200 of issues/create', 'webhook issues-opened', 'webhook issues-pinned']);
  });

  /** Older recordings lack members that GitHub sends today; nothing else may be wrong with them. */
  it("fits GitHub's own recorded webhooks, but for members that are newer than the recordings", () => {
    const validator = new Validator();
    let checked = 0;
    for (const { name, examples: payloads } of recordedWebhooks) {
      for (const payload of payloads) {
        if (!(`${name}${payload.action === undefined ? '' : `-${payload.action}`}`.replaceAll('_', '-') in description.webhooks)) continue;
        checked += 1;
        validator.webhook(name, payload.action, payload);
      }
    }
    const others = validator.violations.flatMap((one) => one.problems.map((problem) => `${one.where}: ${problem}`)).filter((one) => !one.includes('must have required property'));
    expect([checked > 40, others]).toEqual([true, []]);
  });
});
