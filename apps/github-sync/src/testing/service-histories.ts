import { buildWorkItemKey, redisKeys, type WorkItem } from '@cascade/contracts';
import type { SeenIssue } from '@cascade/github-fake';
import { untilTrue, type SeededRandom } from '@cascade/testing';
import { MILESTONES, RestlessPerson } from './restless-person.js';
import { RestlessSync } from './restless-sync.js';
import { RestlessTalk } from './restless-talk.js';
import { sampleTree } from './sample-tree.js';
import { REPOSITORY, type SyncWorld } from './sync-world.js';

/** One work item and its issue, through one history. */
export interface Mirrored {
  readonly key: string;
  readonly parent: string | undefined;
  readonly person: RestlessPerson;
  item: WorkItem;
  machineTitle: string;
  changes: number;
}

/** One epic and what is below it, the issue that asked for it where one did, and what people say and do there. */
export interface History {
  readonly epic: number;
  /** The number of the issue that asks for the cascade. */
  readonly request: number | undefined;
  readonly talk: RestlessTalk;
  /** Whether labels and assignees are people's alone: then nothing of theirs may be missing in the end. */
  readonly isPeoples: boolean;
  /** Every cascade of it that was begun; the first one plans the items. */
  readonly cascades: string[];
  readonly items: Mirrored[];
  questions: number;
}

const statuses = ['Draft', 'Approved', 'InProgress', 'Review', 'Done'];
const faults = ['webhook-dropped', 'webhook-lost', 'webhook-duplicated', 'webhook-reordered', 'webhook-delayed'] as const;
const events = ['issues', 'issue_comment', 'sub_issues'] as const;
const lostAnswers = ['issues/create', 'issues/update', 'issues/create-comment', 'issues/add-sub-issue', 'issues/add-labels', 'issues/remove-label', 'issues/add-assignees', 'issues/remove-assignees'] as const;

/**
 * Many histories at once at one service: both sides of every work item are edited, people command and answer, webhooks
 * come late, twice, in another order or not at all, answers get lost, and the service dies after any instruction. Then
 * everybody rests, what failed is delivered again, a sweep looks for the rest.
 */
export async function runHistories(world: SyncWorld, random: SeededRandom, count: number, actions: number): Promise<{ readonly histories: History[]; readonly deaths: number }> {
  for (const title of MILESTONES.map((number) => `v${number}`)) world.github.asPerson('cascade-bot').createMilestone({ repository: REPOSITORY, title });
  await world.redis.hsetnx(redisKeys.githubSweep(REPOSITORY), 'begun', new Date().toISOString()); // as the set-up does: what is said from now on counts
  await world.redis.sadd(redisKeys.githubMirrored, REPOSITORY);
  const sync = new RestlessSync(world, random);
  sync.start();
  try {
    const histories = Array.from({ length: count }, (_, index) => beginning(world, random, index + 1));
    for (const history of histories) if (history.request === undefined) await plan(world, random, history, `c${history.epic}`);
    await untilTrue(() => world.github.look(REPOSITORY).some(({ author }) => author === 'cascade-bot'), 'the first issue');
    for (let action = 0; action < actions * count; action += 1) await act(world, random, random.pick(histories), action);
    await sync.peace();
    await rest(world, random, histories);
    return { histories, deaths: sync.deaths };
  } finally {
    await sync.stop();
  }
}

/** Half of the cascades are asked for by an issue: with the label, by a command, or by both. */
function beginning(world: SyncWorld, random: SeededRandom, epic: number): History {
  const talk = new RestlessTalk(random, world.github);
  const isAsked = random.chance(0.5);
  const hasLabel = random.chance(0.5);
  const request = isAsked ? world.github.asPerson('ana').createIssue({ repository: REPOSITORY, title: `Codes of ${epic}`, body: 'Please.', labels: hasLabel ? ['cascade'] : [] }).number : undefined;
  if (request !== undefined && (!hasLabel || random.chance(0.2))) talk.say('ana', request, '/cascade run');
  return { epic, request, talk, isPeoples: random.chance(0.5), cascades: [], items: [], questions: 0 };
}

/** As the first tier does: it accepts the cascade, and saves what it plans. */
async function plan(world: SyncWorld, random: SeededRandom, history: History, cascadeId: string): Promise<void> {
  await world.accept(cascadeId);
  history.cascades.push(cascadeId);
  if (history.items.length > 0) return;
  const { marks } = world.settings();
  for (const { item, parent } of sampleTree(random, history.epic, cascadeId)) {
    const key = buildWorkItemKey(item.key);
    history.items.push({ key, parent, item, person: new RestlessPerson(random, world.github, marks, key), machineTitle: item.title, changes: 1 });
  }
  await world.save(...history.items.map(({ item }) => item));
}

/** What an issue asked for and no tier has begun yet. */
async function planAsked(world: SyncWorld, random: SeededRandom, history: History): Promise<void> {
  const node = world.github.look(REPOSITORY).find(({ number }) => number === history.request)?.nodeId;
  const asked = node === undefined ? null : await world.redis.hget(redisKeys.githubRuns(node), 'cascade');
  if (asked !== null && !history.cascades.includes(asked)) await plan(world, random, history, asked);
}

async function act(world: SyncWorld, random: SeededRandom, history: History, action: number): Promise<void> {
  await planAsked(world, random, history);
  const issues = world.github.look(REPOSITORY);
  const one = history.items.length === 0 ? undefined : random.pick(history.items);
  const number = one === undefined ? null : await world.redis.hget(one.key, 'github_number');
  const issue = number === null ? undefined : issues.find((seen) => seen.number === Number(number));
  const kind = random.next();
  if (kind < 0.25) talk(random, history, issue);
  else if (kind < 0.3) await question(world, history);
  else if (issue === undefined || kind < 0.6) await machineEdit(world, random, history, one, action);
  else one?.person.act(issue);
  if (random.chance(0.2)) world.github.faults.order({ fault: random.pick(faults), event: random.pick(events), ms: 20 });
  if (random.chance(0.04)) world.github.faults.order({ fault: 'answer-lost', operation: random.pick(lostAnswers) });
  if (random.chance(0.35)) await progress(world);
}

function talk(random: SeededRandom, { request, talk: people }: History, issue: SeenIssue | undefined): void {
  const number = request !== undefined && random.chance(0.7) ? request : issue?.number;
  if (number !== undefined) people.act(number);
}

/** As a tier does that wants to know something. */
async function question(world: SyncWorld, history: History): Promise<void> {
  const cascadeId = history.cascades.at(-1);
  if (cascadeId === undefined || history.questions >= 3 || history.talk.hasCancelled) return; // what has ended asks nothing
  history.questions += 1;
  await world.ask(cascadeId, history.questions === 2 ? 'approve/stories' : `size-${history.questions}`, 'Which size?');
}

/** As a tier does, and as a user of Redis may. */
async function machineEdit(world: SyncWorld, random: SeededRandom, history: History, one: Mirrored | undefined, action: number): Promise<void> {
  if (one === undefined) return;
  if (random.chance(0.2)) one.machineTitle = `Codes ${action}`;
  const names = [{ labels: JSON.stringify(random.chance(0.5) ? ['ours'] : []) }, { assignees: JSON.stringify(random.chance(0.5) ? ['cascade-bot'] : []) }];
  const columns = random.pick([...(history.isPeoples ? [] : names), { milestone: random.pick(['', '1', '2']) }, { ticks: JSON.stringify(random.chance(0.5) ? ['FR1'] : []) }, {}]);
  one.item = { ...one.item, status: random.pick(statuses), title: one.machineTitle };
  one.changes += 1;
  await world.save({ ...one.item, columns: { ...one.item.columns, ...columns } as Record<string, string> });
}

/** Until the service has written something, or has nothing to do. */
async function progress(world: SyncWorld): Promise<void> {
  const before = world.github.journal.writes().length;
  await untilTrue(async () => world.github.journal.writes().length > before || await world.isCalm(), 'the service to go on');
}

async function rest(world: SyncWorld, random: SeededRandom, histories: readonly History[]): Promise<void> {
  world.github.faults.releaseAll();
  await world.quiet();
  world.redeliver();
  await world.quiet();
  for (const history of histories) await planAsked(world, random, history);
  await world.quiet();
  await world.sweep();
}
