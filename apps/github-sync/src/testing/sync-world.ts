import { cascadeRequested, inputRequested, redisKeys, workItemChanged, workItemEvents, workItemWrite, type DataOf, type EventOf, type WorkItem } from '@cascade/contracts';
import { readGitHubConfig, type GitHubConfig, type Issue } from '@cascade/github';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { HostConfig } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { EventPublisher } from '@cascade/streams';
import { startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { memberOf } from '../queue/matters.js';
import { SyncSettings } from '../sync-settings.js';
import { quickTimes } from './quick-times.js';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.js';

export const REPOSITORY = 'acme/shop';
const [owner, repo] = ['acme', 'shop'];
/** Whoever waits longer waits for nothing. */
const SEEN_MS = 60_000;

async function openGitHub(): Promise<{ readonly github: FakeGitHub; readonly token: string }> {
  const github = await startFakeGitHub({ limits: noLimits });
  github.addOrganization(owner, []);
  const { token } = github.addUser('cascade-bot');
  for (const login of ['ana', 'eve']) github.addUser(login);
  github.addRepository(REPOSITORY, { collaborators: { 'cascade-bot': 'admin', ana: 'write' } });
  return { github, token };
}

/** A Redis, a GitHub whose webhooks arrive there, and what a cascade leaves in the one for the other. */
export class SyncWorld {
  /** What the service logs. */
  readonly logged: string[] = [];
  readonly logger = { log: (line: string) => this.logged.push(line), warn: (line: string) => this.logged.push(line), error: (line: string) => this.logged.push(line) };

  private constructor(readonly server: TestRedis, readonly redis: Redis, public github: FakeGitHub, readonly receiver: WebhookReceiver, readonly publisher: EventPublisher, public token: string) {}

  static async open(): Promise<SyncWorld> {
    const server = await startTestRedis();
    const { github, token } = await openGitHub();
    return new SyncWorld(server, new Redis(server.url), github, await startWebhookReceiver({ url: server.url }), new EventPublisher({ redis: { url: server.url } }), token);
  }

  /** Both sides empty. */
  async reset(): Promise<void> {
    await this.redis.flushall();
    await this.github.close();
    ({ github: this.github, token: this.token } = await openGitHub());
    this.logged.length = 0;
    this.github.asPerson('cascade-bot').createHook({ repository: REPOSITORY, url: this.receiver.url, secret: 'hook secret', events: ['issues', 'issue_comment', 'sub_issues', 'pull_request'] });
  }

  /** What the service is told by its environment. */
  get env(): Readonly<Record<string, string>> {
    return { CASCADE_GITHUB_API: this.github.url, CASCADE_GITHUB_TOKEN: this.token, CASCADE_GITHUB_LIMITS: 'none', CASCADE_GITHUB_MARKER_SECRET: 'a secret of these tests' };
  }

  get config(): GitHubConfig {
    return readGitHubConfig(this.env);
  }

  settings(times: ConstructorParameters<typeof SyncSettings>[1] = quickTimes): SyncSettings {
    return new SyncSettings(this.config, times);
  }

  /** With another environment. */
  settingsWith(env: Readonly<Record<string, string>>): SyncSettings {
    return new SyncSettings(readGitHubConfig({ ...this.env, ...env }), quickTimes);
  }

  async loggedLine(part: string): Promise<void> {
    await untilTrue(() => this.logged.some((line) => line.includes(part)), `a log line with ${part}`, SEEN_MS);
  }

  get host(): HostConfig {
    return new HostConfig(this.server.url, '/nowhere', '/nowhere', 4, 5_000, undefined);
  }

  get address(): string {
    return `${this.config.web}/${REPOSITORY}`;
  }

  /** A cascade that a tier has accepted. */
  async accept(id: string, more: Partial<DataOf<typeof cascadeRequested>> = {}): Promise<void> {
    const data = { request: 'Discount codes', repository: this.address, ...more };
    await new Cascades(this.redis).accept({ id, type: cascadeRequested.type, source: 'urn:test', time: new Date().toISOString(), cascadeId: id, dataschema: cascadeRequested.dataschema, data } as EventOf<typeof cascadeRequested>);
  }

  /** A cascade asks, as a tier's outcome parks its event. */
  async ask(cascadeId: string, name: string, question: string): Promise<void> {
    await this.redis.hset(redisKeys.cascade(cascadeId), { state: 'waiting', [`question:${name}`]: question });
    await this.redis.hset(redisKeys.parked(cascadeId), `${name}\nevent`, JSON.stringify({ service: 'agent-00-stories', fields: { type: 'x', data: '{}' } }));
    await this.publisher.publish(inputRequested, { name, question }, { cascadeId });
  }

  /** Saves work items as a tier's outcome does. */
  async save(...items: WorkItem[]): Promise<void> {
    const writes = items.map(workItemWrite);
    for (const { key, fields } of writes) await this.redis.multi().hset(key, fields).sadd(redisKeys.workItems, key).exec();
    for (const [index, { data, subject }] of workItemEvents(writes).entries()) {
      await this.publisher.publish(workItemChanged, data as DataOf<typeof workItemChanged>, { cascadeId: items[index]!.cascadeId, ...(subject === undefined ? {} : { subject }) });
    }
  }

  /** What failed is delivered once more, as the catch-up of github-webhook asks for. */
  redeliver(): void {
    for (const hook of this.github.world.knownRepository(REPOSITORY).hooks.values()) {
      const log = this.github.webhooks.deliveries(hook);
      const arrived = new Set(log.filter(({ statusCode }) => statusCode < 300).map(({ message }) => message.guid));
      for (const delivery of log) if (!arrived.has(delivery.message.guid)) this.github.webhooks.redeliver(delivery);
    }
  }

  /** Nothing is due, nothing on its way: neither events, nor webhooks, nor matters; or nobody is `alive` who would do it. */
  async quiet(alive: () => boolean = () => true): Promise<void> {
    let calm = 0;
    await untilTrue(async () => {
      await this.github.settled();
      calm = await this.isCalm() ? calm + 1 : 0;
      return calm >= 3 || !alive();
    }, 'both sides to be quiet', SEEN_MS);
  }

  async isCalm(): Promise<boolean> {
    const [dirty, asked] = await Promise.all([this.redis.zcard(redisKeys.githubDirty), this.redis.zcard(redisKeys.githubAsked)]);
    if (dirty + asked > 0) return false;
    for (const type of ['work_item.changed', 'github.delivery_received', 'story.verified', 'cascade.completed', 'cascade.failed', 'cascade.cancelled', 'input.requested']) {
      if (await this.redis.exists(redisKeys.stream(type)) === 0) continue;
      const groups = await this.redis.xinfo('GROUPS', redisKeys.stream(type)) as (string | number | null)[][];
      if (groups.length === 0) return false; // the service has not begun to read
      for (const group of groups) {
        const fields = Object.fromEntries(group.flatMap((value, index) => (index % 2 === 0 ? [[value, group[index + 1]]] : []))) as Record<string, number | null>;
        if (fields['pending'] !== 0 || fields['lag'] !== 0) return false;
      }
    }
    return true;
  }

  /** Issues as GitHub has them, the first created first. */
  async issues(): Promise<Issue[]> {
    const { tracker } = await this.settings().open(this.config, this.redis);
    const page = await tracker.listIssues({ owner, name: repo }, { order: 'created-descending' });
    return page === 'unchanged' ? [] : [...page.issues].reverse();
  }

  /** Numbers of its sub-issues. */
  async children(number: number): Promise<number[]> {
    const { tracker } = await this.settings().open(this.config, this.redis);
    return (await tracker.listSubIssues({ repository: { owner, name: repo }, number })).map((child) => child.number).sort((a, b) => a - b);
  }

  /** Payloads of all events of a type. */
  async events(type: string): Promise<unknown[]> {
    return (await this.redis.xrange(redisKeys.stream(type), '-', '+')).map(([, flat]) => JSON.parse(flat[flat.indexOf('data') + 1] ?? '') as unknown);
  }

  /** What the service does every few minutes. */
  async sweep(): Promise<void> {
    await this.redis.zadd(redisKeys.githubDirty, 1, memberOf({ kind: 'sweep', repository: { owner, name: repo } }));
    await this.quiet();
  }

  async comments(number: number): Promise<string[]> {
    const { tracker } = await this.settings().open(this.config, this.redis);
    return (await tracker.listComments({ repository: { owner, name: repo }, number })).map(({ body }) => body);
  }

  async close(): Promise<void> {
    await this.publisher.close();
    this.redis.disconnect();
    await this.receiver.close();
    await this.github.close();
    await this.server.stop();
  }
}
