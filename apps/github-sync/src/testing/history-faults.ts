import { redisKeys } from '@cascade/contracts';
import { divideLabels, managedLabels, parseBody, parseSyncRecord, peopleText, planSync, readWorkItem } from '@cascade/github';
import type { SeenIssue } from '@cascade/github-fake';
import { ABANDONED } from '../mirror/item-store.js';
import type { History, Mirrored } from './service-histories.js';
import { commentFaults, talkFaults } from './talk-faults.js';
import { REPOSITORY, type SyncWorld } from './sync-world.js';

/** What of a history's end is not as it must be: neither equal nor a named conflict, twice there, or lost. */
export async function faultsOf(world: SyncWorld, history: History): Promise<string[]> {
  const issues = world.github.look(REPOSITORY);
  const ofItems = await Promise.all(history.items.map((one) => itemFaults(world, issues, history, one)));
  return [...ofItems.flat(), ...await talkFaults(world, issues, history)].map((fault) => `history ${history.epic}: ${fault}`);
}

const same = (name: string, left: unknown, right: unknown): string[] => (JSON.stringify(left) === JSON.stringify(right) ? [] : [`${name}: ${JSON.stringify(left)} here, ${JSON.stringify(right)} there`]);

async function itemFaults(world: SyncWorld, issues: readonly SeenIssue[], history: History, one: Mirrored): Promise<string[]> {
  const { marks } = world.settings();
  const [issue, ...doubles] = issues.filter(({ body, author }) => author === 'cascade-bot' && marks.isOf(one.key, body));
  const [row, record] = await Promise.all([world.redis.hgetall(one.key), world.redis.hgetall(redisKeys.githubItem(one.key))]);
  if (issue === undefined && record['number'] === undefined && await world.redis.hget(redisKeys.cascade(one.item.cascadeId), 'state') === 'cancelled') return []; // what was not begun does not begin
  if (issue === undefined || doubles.length > 0) return [`${doubles.length + 1} issues of ${one.key}`];
  const read = readWorkItem(one.key, row);
  const item = record['ending'] !== undefined && read.status !== 'Done' ? { ...read, status: ABANDONED } : read;
  const body = parseBody(issue.body, one.key, marks);
  const plan = planSync({ item, issue: { ...issue, stateReason: issue.stateReason ?? undefined }, record: parseSyncRecord(record['sync']), marks });
  const labels = divideLabels(issue.labels);
  const list = (column: string): unknown => JSON.parse(row[column] ?? '[]');
  return [
    ...same('number', row['github_number'], String(issue.number)),
    ...same('another sync', [plan.keep, plan.patch, plan.columns, plan.facts, plan.conflict], [[], {}, {}, [], undefined]),
    ...same('title', row['title'], issue.title),
    ...same('state', row['issue_state'], issue.state),
    ...same('labels', list('labels'), labels.people),
    ...same('managed labels', managedLabels(item), labels.managed),
    ...same('assignees', list('assignees'), [...issue.assignees].sort()),
    ...same('milestone', row['milestone'] ?? '', String(issue.milestone ?? '')),
    ...same('notes', row['notes'] ?? '', peopleText(body)),
    ...same('block', [body.hasMarker, body.block?.isIntact, body.block?.text.includes(`- Status: ${item.status}\n`)], [true, true, true]),
    ...same('parent', await parentOf(world, history, one), issue.parent),
    ...personFaults(history, one, issue),
    ...commentFaults(marks, issue),
  ].map((fault) => `#${issue.number} ${fault}`);
}

async function parentOf(world: SyncWorld, history: History, { parent }: Mirrored): Promise<number | undefined> {
  const number = parent === undefined ? history.request : await world.redis.hget(parent, 'github_number');
  return number == null ? undefined : Number(number); // the parent was not begun before the end
}

/** What of a person's edits is missing. */
function personFaults({ isPeoples }: History, { person }: Mirrored, issue: SeenIssue): string[] {
  const said = [issue.body, ...issue.comments.map((comment) => comment.body)].join('\n');
  return [
    ...(person.title === undefined ? [] : same('a person\'s title', person.title, issue.title)),
    ...(isPeoples ? same('a person\'s labels', [...person.labels].sort(), issue.labels.filter((label) => label.startsWith('theirs-')).sort()) : []),
    ...(isPeoples ? same('a person\'s assignees', [...person.assignees], issue.assignees) : []),
    ...[...person.words].filter((word) => !said.includes(word)).map((word) => `a person's ${word} is nowhere`),
  ];
}
