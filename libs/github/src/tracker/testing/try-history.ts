import { expect } from '@jest/globals';
import type { Issue } from '../issue-tracker.js';
import type { TrackerWorld } from './tracker-world.js';

/** A tracker with `history` gives the comments of all issues since a time, and says who put a label on. */
export async function tryHistory({ tracker, person, repository }: TrackerWorld, create: (title: string, more?: { readonly labels: readonly string[] }) => Promise<Issue>): Promise<void> {
  const since = new Date(Date.now() - 1_000).toISOString();
  const [one, other] = [await create('one'), await create('other', { labels: ['asked'] })];
  const said = [await tracker.createComment(one, 'first'), await person.createComment(other, 'second')];
  const { comments, hasMore } = await tracker.listRepositoryComments(repository, { since, page: 1 });
  expect([comments.filter(({ id }) => said.some((comment) => comment.id === id)).map(({ body, number }) => [body, number]), hasMore]).toEqual([[['first', one.number], ['second', other.number]], false]);
  await person.updateIssue(one, { labels: { add: ['asked'], remove: [] } });
  expect(await tracker.lastLabeling(one, 'Asked')).toMatchObject({ id: expect.any(Number), author: said[1]!.author });
  expect(await tracker.lastLabeling(one, 'never')).toBeUndefined();
}
