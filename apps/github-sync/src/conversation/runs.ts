import { Injectable } from '@nestjs/common';
import { cascadeRequested, deriveEventId, redisKeys, terminal } from '@cascade/contracts';
import { cleanLine, cleanText, type Issue } from '@cascade/github';
import { Cascades, isTerminal } from '@cascade/state';
import { redisTime } from '@cascade/streams';
import { Redis } from 'ioredis';
import { LinkedRepositories } from '../linked-repositories.js';
import { eventWrite, hashWrites, LeaderWrites, type Hand } from '../state/leader-writes.js';

/** Most cascades that one issue may ask for. */
export const MAX_RUNS = 100;
/** As much as `cascade.requested` takes. */
const MAX_REQUEST = 20_000;
const MAX_TITLE = 300;

/** What made an issue ask for a cascade. */
export interface Trigger {
  /** The same whenever the same thing is told again: starts one cascade, once. */
  readonly id: string;
  readonly login: string;
  /** When it was, RFC 3339; where it is known. */
  readonly at?: string | undefined;
  /** Added to the request: what stands behind `/cascade run`. */
  readonly text?: string;
}

export type Start = { readonly kind: 'started'; readonly cascadeId: string } | { readonly kind: 'running'; readonly cascadeId: string };

/**
 * Cascades that issues ask for. Everything is written by one script, if nobody else has written since: the event, which
 * trigger it came from, and where the cascade speaks. So a repeated trigger finds the cascade that it started.
 */
@Injectable()
export class Runs {
  constructor(private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly cascades: Cascades, private readonly linked: LinkedRepositories) {}

  /** Throws `CASC_GITHUB_TOO_MANY_RUNS` (terminal). */
  async start(hand: Hand, issue: Issue, trigger: Trigger): Promise<Start> {
    const key = redisKeys.githubRuns(issue.nodeId);
    const [before, last, count] = await this.redis.hmget(key, `by:${trigger.id}`, 'cascade', 'count');
    if (typeof before === 'string') return { kind: 'started', cascadeId: before };
    if (typeof last === 'string' && await this.isRunning(last)) return { kind: 'running', cascadeId: last };
    const run = Number(count ?? 0) + 1;
    if (run > MAX_RUNS) throw terminal('CASC_GITHUB_TOO_MANY_RUNS', `#${issue.number} has asked for ${MAX_RUNS} cascades.`, { advice: 'Open a new issue.' });
    // By the issue and the number of its run alone: whoever starts the same run once more starts the same cascade.
    const cascadeId = deriveEventId(`github:${issue.nodeId}`, 0, `run/${run}`);
    await this.publish(hand, issue, trigger, { key, run, cascadeId, count: count ?? '' });
    return { kind: 'started', cascadeId };
  }

  /** Whether the issue has asked for a cascade since: then what it asked before is settled. */
  async hasAskedSince(issue: Issue, at: string): Promise<boolean> {
    const last = await this.redis.hget(redisKeys.githubRuns(issue.nodeId), 'at');
    return last !== null && Date.parse(last) > Date.parse(at);
  }

  private async publish(hand: Hand, issue: Issue, trigger: Trigger, { key, run, cascadeId, count }: { readonly key: string; readonly run: number; readonly cascadeId: string; readonly count: string }): Promise<void> {
    const data = cascadeRequested.schema.parse({ request: requestOf(issue, trigger.text), repository: await this.linked.addressOf(issue.repository) });
    const { owner, name: repo } = issue.repository;
    await this.writes.write(hand, [
      ...hashWrites(key, { cascade: cascadeId, count: run, [`by:${trigger.id}`]: cascadeId, ...(trigger.at === undefined ? {} : { at: trigger.at }) }),
      ...hashWrites(redisKeys.githubRequest(cascadeId), { owner, repo, number: issue.number, node_id: issue.nodeId, url: issue.url, requester: trigger.login }),
      eventWrite(cascadeRequested, data, { cascadeId, id: cascadeId, subject: cascadeId, at: await redisTime(this.redis) }),
    ], { key, fields: { count } });
  }

  /** One that was asked for and that no tier has accepted yet runs, too. */
  private async isRunning(cascadeId: string): Promise<boolean> {
    const state = await this.cascades.stateOf(cascadeId);
    if (state !== undefined) return !isTerminal(state);
    const [number, ended] = await this.redis.hmget(redisKeys.githubRequest(cascadeId), 'number', 'ended');
    return typeof number === 'string' && ended === null;
  }
}

/** The request that an issue is: its title and what people see of its body. */
function requestOf(issue: Issue, more: string | undefined): string {
  return [cleanLine(issue.title, MAX_TITLE), cleanText(issue.body), cleanText(more ?? '')].filter((text) => text !== '').join('\n\n').slice(0, MAX_REQUEST).trim() || `Issue #${issue.number}`;
}
