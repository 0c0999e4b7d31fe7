import { buildWorkItemKey, type WorkItem } from '@cascade/contracts';
import type { FakeGitHub, SeenIssue } from '@cascade/github-fake';
import { untilTrue, type SeededRandom } from '@cascade/testing';
import { MILESTONES, RestlessPerson } from './restless-person.js';
import { RestlessSync } from './restless-sync.js';
import { sampleEpic } from './sample-items.js';
import { REPOSITORY, type SyncWorld } from './sync-world.js';

/** One work item and its issue, through one history. */
export interface History {
  readonly key: string;
  readonly person: RestlessPerson;
  item: WorkItem;
  machineTitle: string;
  changes: number;
}

const statuses = ['Draft', 'Approved', 'InProgress', 'Review', 'Done'];
const faults = ['webhook-dropped', 'webhook-duplicated', 'webhook-reordered', 'webhook-delayed'] as const;
const lostAnswers = ['issues/create', 'issues/update', 'issues/create-comment'] as const;

/**
 * Many histories at once at one service: both sides of every work item are edited, webhooks come late, twice, in another
 * order or not at all, answers get lost, and the service dies after any instruction. Then everybody rests, what failed is
 * delivered again, a sweep looks for the rest.
 */
export async function runHistories(world: SyncWorld, random: SeededRandom, count: number, actions: number): Promise<{ readonly histories: History[]; readonly deaths: number }> {
  const { marks } = world.settings();
  for (const title of MILESTONES.map((number) => `v${number}`)) world.github.asPerson('cascade-bot').createMilestone({ repository: REPOSITORY, title });
  await world.accept('c1');
  const histories = Array.from({ length: count }, (_, index): History => {
    const item: WorkItem = { ...sampleEpic, key: { kind: 'epic', repo: 'shop', branch: 'main', epicId: String(index + 1), epicName: 'codes' } };
    const key = buildWorkItemKey(item.key);
    return { key, item, person: new RestlessPerson(random, world.github, marks, key), machineTitle: item.title, changes: 1 };
  });
  const sync = new RestlessSync(world, random);
  sync.start();
  try {
    await world.save(...histories.map(({ item }) => item));
    await untilTrue(() => world.github.look(REPOSITORY).length > 0, 'the first issue');
    for (let action = 0; action < actions * count; action += 1) await act(world, random, random.pick(histories), action);
    await sync.peace();
    await rest(world);
    return { histories, deaths: sync.deaths };
  } finally {
    await sync.stop();
  }
}

async function act(world: SyncWorld, random: SeededRandom, history: History, action: number): Promise<void> {
  const number = await world.redis.hget(history.key, 'github_number');
  const issue = number === null ? undefined : world.github.look(REPOSITORY).find((one) => one.number === Number(number));
  if (issue === undefined || random.chance(0.4)) await machineEdit(world, random, history, action);
  else history.person.act(issue);
  if (random.chance(0.2)) world.github.faults.order({ fault: random.pick(faults), event: 'issues', ms: 20 });
  if (random.chance(0.04)) world.github.faults.order({ fault: 'answer-lost', operation: random.pick(lostAnswers) });
  if (random.chance(0.4)) await progress(world);
}

/** As a tier does, and as a user of Redis may. */
async function machineEdit(world: SyncWorld, random: SeededRandom, history: History, action: number): Promise<void> {
  if (random.chance(0.2)) history.machineTitle = `Codes ${action}`;
  const columns = random.pick([{ labels: JSON.stringify(random.chance(0.5) ? ['ours'] : []) }, { assignees: JSON.stringify(random.chance(0.5) ? ['cascade-bot'] : []) }, { milestone: random.pick(['', '1', '2']) }, { ticks: JSON.stringify(random.chance(0.5) ? ['FR1'] : []) }, {}]);
  history.item = { ...history.item, status: random.pick(statuses), title: history.machineTitle };
  history.changes += 1;
  await world.save({ ...history.item, columns: columns as Record<string, string> });
}

/** Until the service has written something, or has nothing to do. */
async function progress(world: SyncWorld): Promise<void> {
  const before = world.github.journal.writes().length;
  await untilTrue(async () => world.github.journal.writes().length > before || await world.isCalm(), 'the service to go on');
}

async function rest(world: SyncWorld): Promise<void> {
  world.github.faults.releaseAll();
  await world.quiet();
  redeliver(world.github);
  await world.quiet();
  await world.sweep();
}

/** What the catch-up of github-webhook asks for. */
function redeliver(github: FakeGitHub): void {
  for (const hook of github.world.knownRepository(REPOSITORY).hooks.values()) {
    const log = github.webhooks.deliveries(hook);
    const arrived = new Set(log.filter(({ statusCode }) => statusCode < 300).map(({ message }) => message.guid));
    for (const delivery of log) if (!arrived.has(delivery.message.guid)) github.webhooks.redeliver(delivery);
  }
}

export const issueOf = (world: SyncWorld, { key }: History): SeenIssue[] => world.github.look(REPOSITORY).filter(({ body, author }) => author === 'cascade-bot' && world.settings().marks.isOf(key, body));
