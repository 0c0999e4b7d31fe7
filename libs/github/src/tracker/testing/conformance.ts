import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue, IssueAddress, IssuePage, IssueTracker } from '../issue-tracker.js';
import { markdown } from './careful-markdown.js';
import { tryHistory } from './try-history.js';
import type { Missing, TrackerWorld } from './tracker-world.js';

const page = (listed: IssuePage | 'unchanged'): IssuePage => {
  if (listed === 'unchanged') throw new TypeError('no etag was given');
  return listed;
};

/**
 * What every `IssueTracker` does, tried at a server: `open` gives a new one. `missing` is what this server or this way to
 * it cannot do; each of them is documented in docs/github-trackers.md.
 */
export function describeTracker(name: string, open: () => Promise<TrackerWorld>, missing: readonly Missing[] = []): void {
  const can = (...what: Missing[]): typeof it.skip => (what.some((one) => missing.includes(one)) ? it.skip : it);

  describe(`a tracker: ${name}`, () => {
    let world: TrackerWorld;
    let tracker: IssueTracker;
    beforeAll(async () => {
      world = await open();
      ({ tracker } = world);
    });
    afterAll(() => world?.close());

    const create = (title: string, more: Partial<Pick<Issue, 'body' | 'labels' | 'assignees' | 'milestone'>> = {}, by = tracker): Promise<Issue> =>
      by.createIssue(world.repository, { title, body: '', labels: [], assignees: [], milestone: undefined, ...more });
    const read = async (issue: IssueAddress): Promise<Issue> => {
      const look = await tracker.getIssue(issue);
      expect(look.kind).toBe('issue');
      return (look as { issue: Issue }).issue;
    };
    const absent = (): IssueAddress => ({ repository: world.repository, number: 99_999 });

    it('says who it is', async () => {
      expect(await tracker.whoAmI()).toBe(world.login);
    });

    it('reads what it created', async () => {
      const created = await create('Grüße 🚀 und mehr', { body: 'Text', labels: ['one', 'two words'], assignees: [world.assignable] });
      const issue = await read(created);
      expect(issue).toMatchObject({ title: 'Grüße 🚀 und mehr', body: 'Text', state: 'open', assignees: [world.assignable], author: world.login, isLocked: false, isPullRequest: false, repository: world.repository, number: created.number });
      expect(issue.labels.toSorted((a, b) => a.localeCompare(b))).toEqual(['one', 'two words']);
      expect(issue.url).toContain(String(created.number));
      expect(created.id).toBeGreaterThan(0);
    });

    can('exactness')('gives every text back as it was written, and every id', async () => {
      const created = await create('exact <b> & "all"', { body: markdown });
      const issue = await read(created);
      expect(issue).toMatchObject({ title: 'exact <b> & "all"', body: markdown, id: created.id, nodeId: created.nodeId });
      expect(created).toMatchObject({ body: markdown, nodeId: expect.stringMatching(/./) });
      expect(Date.parse(issue.updatedAt)).toBeGreaterThan(0);
    });

    it('changes what is named, and leaves the rest', async () => {
      const created = await create('before', { body: 'kept', labels: ['kept'] });
      await world.person.updateIssue(created, { body: 'of somebody' });
      await tracker.updateIssue(created, { title: 'after' });
      expect(await read(created)).toMatchObject({ title: 'after', body: 'of somebody', labels: ['kept'], state: 'open' });
      await tracker.updateIssue(created, { labels: { add: ['new'], remove: ['kept', 'never there'] } });
      expect(await read(created)).toMatchObject({ title: 'after', body: 'of somebody', labels: ['new'] });
    });

    it('closes and opens again', async () => {
      const created = await create('to close');
      for (const state of ['closed', 'open'] as const) {
        await tracker.updateIssue(created, { state });
        expect(await read(created)).toMatchObject({ state });
      }
    });

    can('closed-reasons')('says why something is closed', async () => {
      const created = await create('not planned');
      await tracker.updateIssue(created, { state: 'closed', stateReason: 'not_planned' });
      expect(await read(created)).toMatchObject({ state: 'closed', stateReason: 'not_planned' });
    });

    it('puts labels and assignees on, and takes them off, beside those that are there', async () => {
      const created = await create('to label', { labels: ['one', 'two words'] });
      await tracker.updateIssue(created, { labels: { add: ['three'], remove: ['two words'] }, assignees: { add: [world.assignable], remove: [] } });
      const issue = await read(created);
      expect([[...issue.labels].sort(), issue.assignees]).toEqual([['one', 'three'], [world.assignable]]);
      await tracker.updateIssue(created, { labels: { add: [], remove: ['one', 'three'] }, assignees: { add: [], remove: [world.assignable] } });
      expect(await read(created)).toMatchObject({ labels: [], assignees: [] });
    });

    can('exactness')('empties a body', async () => {
      const created = await create('to empty', { body: 'something' });
      await tracker.updateIssue(created, { body: '' });
      expect(await read(created)).toMatchObject({ body: '' });
    });

    can('milestones')('sets and clears a milestone', async () => {
      const created = await create('with a milestone', { milestone: world.milestone });
      await tracker.updateIssue(created, { title: 'still with it' });
      expect((await read(created)).milestone).toBe(world.milestone);
      await tracker.updateIssue(created, { milestone: undefined });
      expect((await read(created)).milestone).toBeUndefined();
    });

    it('knows that an issue is not there', async () => {
      expect(await tracker.getIssue(absent())).toEqual({ kind: 'gone' });
    });

    can('moves')('knows that an issue was deleted, or where it went', async () => {
      const [deleted, moved] = [await create('to delete'), await create('to move')];
      await world.remove!(deleted);
      expect(await tracker.getIssue(deleted)).toEqual({ kind: 'gone' });
      expect(await tracker.getIssue(moved)).toMatchObject({ kind: 'issue' });
      const to = await world.transfer!(moved);
      expect(await tracker.getIssue(moved)).toEqual({ kind: 'moved', to });
    });

    can('etags')('reads nothing that did not change', async () => {
      const created = await create('with an etag');
      const { etag } = await read(created);
      expect(await tracker.getIssue(created, { etag })).toEqual({ kind: 'unchanged' });
      await world.person.updateIssue(created, { title: 'changed' });
      expect(await tracker.getIssue(created, { etag })).toMatchObject({ kind: 'issue', issue: { title: 'changed' } });
      const listed = page(await tracker.listIssues(world.repository, { labels: ['etag'] }));
      expect(await tracker.listIssues(world.repository, { labels: ['etag'], etag: listed.etag! })).toBe('unchanged');
      await create('another', { labels: ['etag'] });
      expect(page(await tracker.listIssues(world.repository, { labels: ['etag'], etag: listed.etag! })).issues).toHaveLength(1);
    });

    it('lists by label, newest first or oldest change first, open and closed', async () => {
      const made: Issue[] = [];
      for (const title of ['a', 'b', 'c']) made.push(await create(title, { labels: ['listed'] }));
      await create('other');
      await tracker.updateIssue(made[1]!, { state: 'closed' });
      const newest = page(await tracker.listIssues(world.repository, { labels: ['listed'], order: 'created-descending' }));
      expect(newest).toMatchObject({ hasMore: false });
      expect(newest.issues.map((issue) => [issue.title, issue.state])).toEqual([['c', 'open'], ['b', 'closed'], ['a', 'open']]);
      const changed = page(await tracker.listIssues(world.repository, { labels: ['listed'], since: '2020-01-01T00:00:00Z', order: 'updated-ascending' }));
      expect(new Set(changed.issues.map((issue) => issue.number))).toEqual(new Set(made.map((issue) => issue.number)));
      const times = changed.issues.map((issue) => Date.parse(issue.updatedAt));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(page(await tracker.listIssues(world.repository, { labels: ['listed'], since: '2999-01-01T00:00:00Z' })).issues).toEqual([]);
    });

    it('lists in pages of 100', async () => {
      if (world.createMany !== undefined) await world.createMany(101, 'paged');
      else for (let count = 0; count < 101; count += 1) await create(`page ${count}`, { labels: ['paged'] }, world.person);
      const first = page(await tracker.listIssues(world.repository, { labels: ['paged'], order: 'created-descending' }));
      const second = page(await tracker.listIssues(world.repository, { labels: ['paged'], order: 'created-descending', page: 2 }));
      expect([first.issues.length, first.hasMore, second.issues.length, second.hasMore]).toEqual([100, true, 1, false]);
      expect(second.issues[0]!.title).toBe('page 0');
    });

    can('sub-issues')('hangs issues below others, once', async () => {
      const [parent, other, child] = [await create('parent'), await create('other parent'), await create('child')];
      expect(await tracker.listSubIssues(parent)).toEqual([]);
      await tracker.addSubIssue(parent, child);
      await tracker.addSubIssue(parent, child);
      expect((await tracker.listSubIssues(parent)).map((issue) => issue.number)).toEqual([child.number]);
      await expect(tracker.addSubIssue(other, child)).rejects.toMatchObject({ code: 'CASC_GITHUB_INVALID', kind: 'terminal' });
    });

    it('writes comments, and reads everybody\'s, oldest first', async () => {
      const created = await create('to talk about');
      const ours = await tracker.createComment(created, markdown);
      const theirs = await world.person.createComment(created, '/cascade status');
      const read = await tracker.listComments(created);
      expect(read.map((comment) => [comment.id, comment.body, comment.author])).toEqual([[ours.id, markdown, world.login], [theirs.id, '/cascade status', theirs.author]]);
      expect(read[0]!.authorAssociation).toMatch(/^[A-Z_]+$/);
    });

    can('comment-since')('reads comments since a time', async () => {
      const created = await create('to talk about later');
      await tracker.createComment(created, 'one');
      expect(await tracker.listComments(created, { since: '2999-01-01T00:00:00Z' })).toEqual([]);
      expect(await tracker.listComments(created, { since: '2020-01-01T00:00:00Z' })).toHaveLength(1);
    });

    can('history')('tells what happened: comments of the whole repository, and who put a label on last', () => tryHistory(world, create));

    can('comment-edits')('changes a comment in place, and knows that one is gone', async () => {
      const comment = await tracker.createComment(await create('to talk about'), 'before');
      expect(await tracker.updateComment(world.repository, comment.id, 'after')).toMatchObject({ id: comment.id, body: 'after' });
      expect(await tracker.getComment(world.repository, comment.id)).toMatchObject({ id: comment.id, body: 'after', author: world.login });
      expect(await tracker.getComment(world.repository, 99_999_999)).toBeUndefined();
    });

    it('makes the labels that are missing', async () => {
      const label = (name: string): { name: string; color: string; description: string } => ({ name, color: 'abcdef', description: 'made by a test' });
      await tracker.ensureLabels(world.repository, [label('ensured one')]);
      await tracker.ensureLabels(world.repository, [label('Ensured One'), label('ensured two')]);
      expect(await create('labelled', { labels: ['ensured two'] }).then(read)).toMatchObject({ labels: ['ensured two'] });
    });

    can('label-colors')('leaves the labels that are there as they are', async () => {
      await tracker.ensureLabels(world.repository, [{ name: 'coloured', color: '123456', description: '' }]);
      await tracker.ensureLabels(world.repository, [{ name: 'coloured', color: '654321', description: '' }]);
      expect(await world.labelColor!('coloured')).toBe('123456');
    });

    can('permissions')('knows what people may do', async () => {
      for (const [login, permission] of Object.entries(world.permissions!)) expect([login, await tracker.permissionOf(world.repository, login)]).toEqual([login, permission]);
      expect(await tracker.permissionOf(world.repository, 'nobody-of-that-name')).toBe('none');
    });

    can('pull-requests')('opens, finds, changes and closes a pull request, which is no issue', async () => {
      const base = await world.branch!('cascade/E-1');
      expect(await tracker.findPullRequest(world.repository, 'cascade/E-1')).toBeUndefined();
      const opened = await tracker.createPullRequest(world.repository, { title: 'Epic', body: 'Report\n\nCloses #1', head: 'cascade/E-1', base, isDraft: false });
      expect(opened).toMatchObject({ title: 'Epic', head: 'cascade/E-1', base, isDraft: false, isMerged: false, state: 'open' });
      expect(await tracker.findPullRequest(world.repository, 'cascade/E-1')).toMatchObject({ number: opened.number, title: 'Epic' });
      expect(await tracker.updatePullRequest(world.repository, opened.number, { title: 'Epic, changed', body: 'New' })).toMatchObject({ title: 'Epic, changed', body: 'New' });
      const newest = page(await tracker.listIssues(world.repository, { order: 'created-descending' }));
      expect(newest.issues.map((issue) => issue.number)).not.toContain(opened.number);
      expect(await tracker.updatePullRequest(world.repository, opened.number, { state: 'closed' })).toMatchObject({ state: 'closed', isMerged: false });
      expect(await tracker.findPullRequest(world.repository, 'cascade/E-1')).toMatchObject({ number: opened.number, state: 'closed' });
    });

    can('pull-requests', 'drafts')('makes a draft of a pull request, and takes it back', async () => {
      const base = await world.branch!('cascade/E-2');
      const fields = { title: 'Draft', body: 'b', head: 'cascade/E-2', base, isDraft: true };
      const { number } = await tracker.createPullRequest(world.repository, fields);
      const isDraft = async (): Promise<boolean | undefined> => (await tracker.findPullRequest(world.repository, 'cascade/E-2'))?.isDraft;
      expect(await isDraft()).toBe(true);
      expect(await tracker.updatePullRequest(world.repository, number, { isDraft: false })).toMatchObject({ isDraft: false });
      expect(await isDraft()).toBe(false);
      expect(await tracker.updatePullRequest(world.repository, number, { isDraft: true, title: 'Draft again' })).toMatchObject({ isDraft: true, title: 'Draft again' });
      expect(await isDraft()).toBe(true);
    });

    it('names what cannot be done', async () => {
      const nowhere = { owner: world.repository.owner, name: 'no-such-repository' };
      await expect(tracker.listIssues(nowhere, {})).rejects.toMatchObject({ code: 'CASC_GITHUB_NOT_FOUND', kind: 'terminal' });
      await expect(tracker.createComment(absent(), 'x')).rejects.toMatchObject({ code: 'CASC_GITHUB_NOT_FOUND', kind: 'terminal', advice: expect.stringMatching(/./) });
      await expect(create('')).rejects.toMatchObject({ code: 'CASC_GITHUB_INVALID', kind: 'terminal' });
    });

    can('strangers')('names credentials that are unknown', async () => {
      await expect(world.stranger!.listIssues(world.repository, {})).rejects.toMatchObject({ code: 'CASC_GITHUB_UNAUTHORIZED', kind: 'terminal', advice: expect.stringContaining('CASCADE_GITHUB_TOKEN') });
    });

    it('ends with its signal', async () => {
      const created = await create('to give up');
      await expect(tracker.getIssue(created, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CASC_CANCELLED' });
      const controller = new AbortController();
      const reading = tracker.getIssue(created, { signal: controller.signal });
      controller.abort();
      await expect(reading).rejects.toMatchObject({ code: 'CASC_CANCELLED' });
    });
  });
}
