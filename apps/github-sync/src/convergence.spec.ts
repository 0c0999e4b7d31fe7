import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { divideLabels, managedLabels, parseBody, parseSyncRecord, peopleText, planSync, readWorkItem } from '@cascade/github';
import { failOnLeaks, SeededRandom } from '@cascade/testing';
import { issueOf, runHistories, type History } from './testing/service-histories.js';
import { REPOSITORY, SyncWorld } from './testing/sync-world.js';

const total = Number(process.env['CASCADE_HISTORIES'] ?? 4);
const seed = Number(process.env['CASCADE_SEED'] ?? 20_261_127);
/** Histories that one service goes through at once. */
const AT_ONCE = 20;
const ACTIONS = 8;

let world: SyncWorld;
beforeAll(async () => { world = await SyncWorld.open(); });
afterAll(async () => { await world.close(); });
failOnLeaks();

/** What of a history's end is not as it must be. */
async function faultsOf(history: History): Promise<string[]> {
  const [issue, ...doubles] = issueOf(world, history);
  if (issue === undefined || doubles.length > 0) return [`${doubles.length + 1} issues`];
  const { key, person } = history;
  const { marks } = world.settings();
  const row = await world.redis.hgetall(key);
  const item = readWorkItem(key, row);
  const body = parseBody(issue.body, key, marks);
  const plan = planSync({ item, issue: { ...issue, stateReason: issue.stateReason ?? undefined }, record: parseSyncRecord(await world.redis.hget(redisKeys.githubItem(key), 'sync') ?? undefined), marks });
  const labels = divideLabels(issue.labels);
  const said = [issue.body, ...issue.comments.map((comment) => comment.body)].join('\n');
  const list = (column: string): unknown => JSON.parse(row[column] ?? '[]');
  const same = (name: string, left: unknown, right: unknown): string[] => (JSON.stringify(left) === JSON.stringify(right) ? [] : [`${name}: ${JSON.stringify(left)} here, ${JSON.stringify(right)} there`]);
  return [
    ...same('number', row['github_number'], String(issue.number)),
    ...same('another sync', [plan.keep, plan.patch, plan.columns, plan.facts, plan.conflict], [[], {}, {}, [], undefined]),
    ...same('title', row['title'], issue.title),
    ...(person.title === undefined ? [] : same('a person\'s title', person.title, issue.title)),
    ...same('state', row['issue_state'], issue.state),
    ...same('labels', list('labels'), labels.people),
    ...same('managed labels', managedLabels(item), labels.managed),
    ...same('assignees', list('assignees'), [...issue.assignees].sort()),
    ...same('milestone', row['milestone'] ?? '', String(issue.milestone ?? '')),
    ...same('notes', row['notes'] ?? '', peopleText(body)),
    ...same('block', [body.hasMarker, body.block?.isIntact, body.block?.text.includes(`- Status: ${item.status}\n`)], [true, true, true]),
    ...[...person.words].filter((word) => !said.includes(word)).map((word) => `a person's ${word} is nowhere`),
    ...same('comments written twice', issue.comments.length, new Set(issue.comments.flatMap((comment) => marks.commentsIn(comment.body))).size),
  ].map((fault) => `#${issue.number} ${fault}`);
}

describe('both sides of work items, with the service killed at any instruction', () => {
  for (let first = 0; first < total; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, total - first);
    it(`are equal after any history, and nothing of a person's text is lost (${count} histories, seed ${seed + first})`, async () => {
      await world.reset();
      const { histories, deaths } = await runHistories(world, new SeededRandom(seed + first), count, ACTIONS);
      const broken = (await Promise.all(histories.map((history) => faultsOf(history)))).flat();
      const patches = world.github.journal.writes({ operation: 'issues/update' }).length;
      const changes = histories.reduce((sum, history) => sum + history.changes + history.person.changes, 0);
      console.info(JSON.stringify({ histories: count, changes, deaths, patches, comments: world.github.journal.writes({ operation: 'issues/create-comment' }).length, requests: world.github.journal.entries().length }));
      expect(broken).toEqual([]);
      expect(world.github.look(REPOSITORY)).toHaveLength(count);
      expect(patches).toBeLessThanOrEqual(2 * changes + deaths);
      expect(deaths).toBeGreaterThan(1);
    }, 600_000);
  }
});
